"""What editors and moderators show off: picks on top of the thread, and the one comment that is pinned."""

from django.db import IntegrityError, transaction

from accounts.models import User
from comments.models import Comment, Decision
from comments.moderation.decisions import Action, Seen, Sitting, sit
from comments.rulings import Refused


@transaction.atomic
def pick(*, comment: Comment, by: User, text_number: int) -> Decision:
    """Make a visible comment an editors' pick, as it was read. Raises Refused."""
    sitting, found = _visible(comment, by, text_number)
    if found.picked_at:
        raise Refused("This comment is a pick already.", 409)
    found.picked_at = sitting.at
    return _store(sitting, found, "picked_at", Action.PICK)


@transaction.atomic
def unpick(*, comment: Comment, by: User) -> Decision:
    """End a pick. Raises Refused."""
    sitting, found = _visible(comment, by, comment.text_number)
    if not found.picked_at:
        raise Refused("This comment is no pick.", 409)
    found.picked_at = None
    return _store(sitting, found, "picked_at", Action.UNPICK)


@transaction.atomic
def pin(*, comment: Comment, by: User, text_number: int) -> Decision:
    """Pin a visible comment on top of its discussion. One at a time: Refused while another is pinned."""
    sitting, found = _visible(comment, by, text_number)
    if found.pinned_at:
        raise Refused("This comment is pinned already.", 409)
    found.pinned_at = sitting.at
    try:
        with transaction.atomic():
            return _store(sitting, found, "pinned_at", Action.PIN)
    except IntegrityError:
        raise Refused("Another comment is pinned in this discussion. Unpin it first.", 409) from None


@transaction.atomic
def unpin(*, comment: Comment, by: User) -> Decision:
    """Take a comment down from the top. Raises Refused."""
    sitting, found = _visible(comment, by, comment.text_number)
    if not found.pinned_at:
        raise Refused("This comment is not pinned.", 409)
    found.pinned_at = None
    return _store(sitting, found, "pinned_at", Action.UNPIN)


def _visible(comment: Comment, by: User, text_number: int) -> tuple[Sitting, Comment]:
    sitting = sit(by, [comment.pk])
    found = sitting.comments[comment.pk]
    Seen(comment.pk, text_number).require_still(found)
    if not found.is_visible:
        raise Refused("Readers do not see this comment. Approve it first.", 409)
    return sitting, found


def _store(sitting: Sitting, comment: Comment, field: str, action: Decision.Action) -> Decision:
    sitting.store(comment, field)
    sitting.close()
    return sitting.record(action, comment=comment, status_before=comment.status)
