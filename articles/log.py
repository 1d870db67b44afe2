"""The record of who did what to an article, when and why."""

from accounts.models import User
from articles.models import Article, Event, Revision


def record(
    *, article: Article, verb: str, by: User | None, note: str = "", revision: Revision | None = None
) -> Event:
    """Keep what was done; without `by` The Pulse did it itself, as planned. One query."""
    return Event.objects.create(article=article, verb=verb, by=by, note=note, revision=revision)
