"""The discussion's tables: what readers write and think of it, and how it is kept readable."""

from comments.models.comment import MAX_DEPTH, Comment, EarlierText, Mention, Respect, new_key
from comments.models.moderation import Decision, HouseRules, Report, Rule

__all__ = [
    "MAX_DEPTH",
    "Comment",
    "Decision",
    "EarlierText",
    "HouseRules",
    "Mention",
    "Report",
    "Respect",
    "Rule",
    "new_key",
]
