"""What moderators decide about a reader: suspended for a while, let back in, everything of theirs removed."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from comments import notifications
from comments.models import Comment, Decision
from comments.moderation.approving import reject_one, require_note, require_reason
from comments.moderation.decisions import Action, Status, require_moderator, sit
from comments.pipeline import FOR_GOOD
from comments.rulings import Refused

SPANS = {
    "day": ("a day", dt.timedelta(days=1)),
    "week": ("a week", dt.timedelta(days=7)),
    "good": ("for good", None),
}
REMOVABLE = [Status.VISIBLE, Status.PENDING, Status.WITHHELD]


@dataclass(frozen=True)
class Removed:
    """One step of removing everything of a reader's."""

    batch: UUID
    now: int  # comments removed in this step
    left: int  # that are still to be removed


@transaction.atomic
def suspend(*, reader: User, by: User, span: str, why: str) -> Decision:
    """Keep a reader from commenting for a day, a week or for good; they go on reading. Raises Refused.

    A longer suspension that they have already is not shortened by a shorter one.
    """
    require_moderator(by)
    if span not in SPANS:
        raise Refused("Choose for how long: a day, a week or for good.", 400)
    if not why.strip():
        raise Refused("Write why. The reader is told, and so is the next moderator.", 400)
    require_note(why)
    reader = _lock(reader, by)
    now, (_, length) = timezone.now(), SPANS[span]
    until = FOR_GOOD if length is None else now + length
    if reader.suspended_until and reader.suspended_until >= until:
        raise Refused(f"{reader} is suspended for at least as long already.", 409)
    return _set(reader, by=by, action=Action.SUSPEND, until=until, note=why.strip())


@transaction.atomic
def lift(*, reader: User, by: User) -> Decision:
    """Let a suspended reader comment again. Raises Refused."""
    require_moderator(by)
    reader = _lock(reader, by)
    if not reader.is_suspended:
        raise Refused(f"{reader} is not suspended.", 409)
    return _set(reader, by=by, action=Action.LIFT, until=None)


@transaction.atomic
def remove_everything(
    *, reader: User, by: User, reason: str, note: str = "", batch: UUID | None = None
) -> Removed:
    """Reject the next of a reader's comments that anybody may see or that wait, the newest first.

    PULSE_DECISIONS_AT_ONCE at most: call it with the `batch` it returned until none is left. What stops it in
    the middle leaves every count exact, and it goes on where it was. Raises Refused.
    """
    require_moderator(by)
    require_reason(reason, note)
    _refuse_colleagues(reader, by)
    theirs = Comment.objects.filter(author=reader, status__in=REMOVABLE)
    step = theirs.order_by("-pk").values_list("pk", flat=True)[: settings.PULSE_DECISIONS_AT_ONCE]
    sitting = sit(by, list(step))
    sitting.batch = batch or uuid4()
    standing = [comment for comment in sitting.comments.values() if comment.status in REMOVABLE]
    for comment in standing:
        reject_one(sitting, comment, reason=reason, note=note)
    sitting.close()
    return Removed(sitting.batch, len(standing), theirs.count())


def take_back_suspension(decision: Decision) -> str:
    """Give a reader the suspension they had before; a sentence if somebody decided about them since.

    Inside the transaction of `undoing.undo`.
    """
    reader = User.objects.select_for_update(no_key=True).get(pk=decision.reader_id or 0)
    about = Decision.objects.filter(reader=reader, action__in=[Action.SUSPEND, Action.LIFT], undone_by=None)
    if about.filter(pk__gt=decision.pk).exists():
        return "Somebody decided about this reader since, so it stays as it is."
    before = about.filter(pk__lt=decision.pk).order_by("-pk").first()
    User.objects.filter(pk=reader.pk).update(suspended_until=before.until if before else None)
    return ""


def _lock(reader: User, by: User) -> User:
    _refuse_colleagues(reader, by)
    return User.objects.select_for_update(no_key=True).get(pk=reader.pk)


def _set(
    reader: User, *, by: User, action: Decision.Action, until: dt.datetime | None, note: str = ""
) -> Decision:
    reader.suspended_until = until
    reader.save(update_fields=["suspended_until"])
    made = Decision.objects.create(reader=reader, by=by, action=action, until=until, note=note, batch=uuid4())
    notifications.decided(made)
    return made


def _refuse_colleagues(reader: User, by: User) -> None:
    """Nobody of the newsroom is suspended by a colleague; an administrator may, but nobody themselves."""
    if reader.pk == by.pk:
        raise Refused("This is your own account.", 403)
    if reader.is_staff and not by.is_superuser:
        raise Refused("This is somebody of the newsroom. Talk to them, or to an administrator.", 403)
