"""What moderators do: the verbs by subject, what all of them go through, and what their desk asks."""
