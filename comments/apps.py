from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self) -> None:
        """Say which feeds of discussions a change reaches."""
        from comments import feeds
        from pulse import websub

        websub.feeds_changed_by(feeds.changed_by)
