"""What is done about comments: reported by readers, hidden and restored by moderators.

Each verb is one transaction and says who does it. Those that change what readers see lock the article's row
first and leave its count exact. Only these and the verbs of `writing` write a comment's status.
"""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from articles.editing import lock
from comments.counting import recount
from comments.models import Comment, Decision, Report
from comments.pipeline import Refused

Status = Comment.Status
HIDEABLE = {Status.VISIBLE, Status.PENDING, Status.WITHHELD}
RESTORABLE = {Status.REJECTED, Status.PENDING, Status.WITHHELD}


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
        _record(comment, by=by, action=Decision.Action.HIDE, reason=reason)
    return hidden


@transaction.atomic
def restore(*, comment: Comment, by: User) -> bool:
    """Show a comment that was removed, withheld or waiting, and return whether it was one of these."""
    restored = _move(comment, by=by, from_any=RESTORABLE, to=Status.VISIBLE)
    if restored:
        _record(comment, by=by, action=Decision.Action.RESTORE)
    return restored


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


def _record(comment: Comment, *, by: User, action: Decision.Action, reason: str = "") -> None:
    Decision.objects.create(
        comment=comment,
        by=by,
        action=action,
        reason=reason,
        text_number=comment.text_number,
        status_after=comment.status,
    )
