from django.apps import AppConfig


class GlossaryConfig(AppConfig):
    name = "glossary"

    def ready(self) -> None:
        """Say which terms, of those that readers were told of, they can still see."""
        from accounts import notifications
        from glossary import requests

        notifications.shown_by("term", requests.still_explained)
