from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"

    def ready(self) -> None:
        """Say which feeds a change reaches, when the house closes a discussion, and what readers may read,
        take along and leave behind."""
        from accounts.notifications import shown_by
        from articles import discussions
        from comments import feeds, house, leaving, notifications
        from pulse import websub

        shown_by("comment", notifications.readable)
        leaving.subscribe()
        discussions.close_after(house.close_after_days)
        websub.feeds_changed_by(feeds.changed_by)
