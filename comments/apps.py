from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self) -> None:
        """Say which feeds of discussions a change reaches, and when the house closes a discussion."""
        from articles import discussions
        from comments import feeds, house
        from pulse import websub

        discussions.close_after(house.close_after_days)
        websub.feeds_changed_by(feeds.changed_by)
