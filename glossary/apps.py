from django.apps import AppConfig


class GlossaryConfig(AppConfig):
    name = "glossary"

    def ready(self) -> None:
        """Say which terms, of those that readers were told of, they can still see, and what they may take."""
        from accounts import deletion, export, notifications
        from glossary import own_data, requests

        notifications.shown_by("term", requests.still_explained)
        export.part("words asked about", own_data.asked_about)
        deletion.before_deletion(own_data.let_go)
