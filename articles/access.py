"""Who may do what with an article, said once for the verbs, the admin and every side door."""

from django.core.exceptions import PermissionDenied

from accounts.models import User
from articles.models import Article

PUBLISH, CHANGE = "articles.publish_article", "articles.change_article"


def may_publish(user: User) -> bool:
    """Whether somebody is an editor: everything on every article."""
    return user.has_perm(PUBLISH)


def may_edit(user: User, article: Article) -> bool:
    """Whether somebody may read and change a working copy: editors any, writers their own. One query."""
    return Article.objects.editable_by(user).filter(pk=article.pk).exists()


def require_publisher(by: User) -> None:
    """Raise PermissionDenied unless this person may publish."""
    if not may_publish(by):
        raise PermissionDenied("Only an editor may publish, schedule or unpublish.")


def require_may_edit(by: User, article: Article) -> None:
    """Raise PermissionDenied unless this person may work on the article."""
    if not may_edit(by, article):
        raise PermissionDenied(
            "Writers work on their own articles. An editor can give you a byline on this one."
        )
