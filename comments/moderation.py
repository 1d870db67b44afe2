"""What is done with comments: post, report, hide, restore.

Each verb is one transaction and says who does it. Those that change what readers see lock the article's row
first and leave its count exact. Nothing else writes a comment's status.
"""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.editing import lock
from articles.models import Article
from comments.models import Comment, Decision, Report
from comments.refusals import CHECKS, MEMORY, Attempt, Refused
from pulse.tags import changed

Status = Comment.Status
HIDEABLE = {Status.VISIBLE, Status.PENDING, Status.WITHHELD}
RESTORABLE = {Status.REJECTED, Status.PENDING, Status.WITHHELD}


@transaction.atomic
def post(*, article: Article, by: User, body: str, parent: Comment | None = None, key: str) -> Comment:
    """Add a comment, or return the one posted with this key before. Raises Refused. Ten queries.

    The author's row is locked too: two windows of one reader cannot overtake a limit together, nor can one
    form sent twice at the same moment become two comments.
    """
    article = lock(article)
    author = User.objects.select_for_update().get(pk=by.pk)
    if earlier := Comment.objects.filter(author=author, key=key).first():
        return earlier
    answered = article.comments.visible().filter(pk=parent.pk).first() if parent else None
    attempt = Attempt(
        body=_tidy(body),
        now=timezone.now(),
        is_public=article.live_revision() is not None,
        discussion=article.discussion,
        suspended_until=author.suspended_until,
        is_parent_visible=parent is None or answered is not None,
        recent=_recent(author),
    )
    for check in CHECKS:
        if refusal := check(attempt):
            raise refusal
    comment = Comment.objects.create(
        article=article, author=author, parent=answered, body=attempt.body, key=key, created_at=attempt.now
    )
    recount(article)
    return comment


@transaction.atomic
def report(*, comment: Comment, by: User, reason: str) -> Report:
    """Tell the moderators that a comment breaks a rule. A second report changes nothing. Raises Refused."""
    if comment.author_id == by.pk:
        raise Refused("This comment is your own.", 403)
    made, _ = Report.objects.get_or_create(comment=comment, by=by, defaults={"reason": reason})
    return made


@transaction.atomic
def hide(*, comment: Comment, by: User, reason: str) -> bool:
    """Take a comment away from readers, and return whether it was there to take.

    If somebody answered it, its place is kept and says which rule it broke.
    """
    hidden = _move(comment, by=by, from_any=HIDEABLE, to=Status.REJECTED)
    if hidden:
        Decision.objects.create(comment=comment, by=by, action=Decision.Action.HIDE, reason=reason)
    return hidden


@transaction.atomic
def restore(*, comment: Comment, by: User) -> bool:
    """Show a comment that was removed, withheld or waiting, and return whether it was one of these."""
    restored = _move(comment, by=by, from_any=RESTORABLE, to=Status.VISIBLE)
    if restored:
        Decision.objects.create(comment=comment, by=by, action=Decision.Action.RESTORE)
    return restored


def recount(article: Article) -> None:
    """Make the article's number of comments what readers can see, and have the pages that say it made again.

    The caller holds the article's row. Three queries.
    """
    article.comment_count = article.comments.visible().count()
    article.save(update_fields=["comment_count"])
    changed(f"article:{article.pk}")


def require_moderator(by: User) -> None:
    """Raise PermissionDenied unless this person may hide and restore comments."""
    if not by.has_perm("comments.moderate_comment"):
        raise PermissionDenied("Only a moderator may hide or restore comments.")


def _move(comment: Comment, *, by: User, from_any: set[Status], to: Status) -> bool:
    """Give a comment another status, if it has one of these, and count again; whether it had."""
    require_moderator(by)
    article = lock(comment.article)
    moved = Comment.objects.filter(pk=comment.pk, status__in=from_any).update(status=to)
    comment.refresh_from_db(fields=["status"])
    recount(article)
    return bool(moved)


def _tidy(body: str) -> str:
    return body.replace("\r\n", "\n").replace("\r", "\n").strip()


def _recent(author: User) -> list[tuple[dt.datetime, str]]:
    since = timezone.now() - MEMORY
    return list(author.comments.filter(created_at__gt=since).values_list("created_at", "body"))
