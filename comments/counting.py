"""The number of comments that readers can see, kept exact."""

from articles.announcing import count_tag
from articles.models import Article
from pulse.tags import changed


def discussion_tag(article: int) -> str:
    """Of pages that show an article's discussion, whatever else they show."""
    return f"discussion:{article}"


def recount(article: Article) -> None:
    """Make the article's number of comments what readers can see, and have the pages that say it made again.

    The caller holds the article's row. Three queries.
    """
    article.comment_count = article.comments.visible().count()
    article.save(update_fields=["comment_count"])
    changed(count_tag(article.pk), discussion_tag(article.pk))
