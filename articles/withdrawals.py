"""Stories that were taken back for good."""

from django.utils import timezone

from articles.models import Article


def was_seen(article: Article) -> bool:
    """Whether an article was ever live. One query."""
    return article.revisions.filter(live_from__lte=timezone.now()).exists()


def is_withdrawn(article: Article) -> bool:
    """Whether an article was withdrawn and has not gone live since. One query at most.

    Decided when it is read: a withdrawal holds until the very second of a publication that is planned.
    """
    since = article.withdrawn_at
    return since is not None and not (
        article.revisions.filter(live_from__gt=since, live_from__lte=timezone.now()).exists()
    )
