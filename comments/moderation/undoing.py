"""Taking back what one decided a moment ago: a comment, a selection, a suspension, “remove everything”."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from comments.models import Comment, Decision
from comments.moderation.approving import Done
from comments.moderation.decisions import Action, Outcome, Sitting, Status, require_moderator, sit
from comments.moderation.suspending import take_back_suspension
from comments.rulings import Refused


def undoable(by: User) -> QuerySet[Decision]:
    """The decisions that somebody can still take back, the newest first: their own, of the last minutes."""
    since = timezone.now() - dt.timedelta(minutes=settings.PULSE_UNDO_MINUTES)
    own = Decision.objects.filter(by=by, created_at__gte=since, undone_by=None).exclude(action=Action.UNDO)
    return own.order_by("-pk")


@transaction.atomic
def undo(*, by: User) -> Done:
    """Take back one's last decision, with all that were taken in one go with it. Raises Refused.

    PULSE_DECISIONS_AT_ONCE of them at most: call it again for the rest. What was decided or written since
    stays, and its decision stands: `refused` says so, and Refused is raised if that is all. A pick or a pin
    that ended with a rejection comes back with the comment, a pin only where nothing else has been pinned
    since.
    """
    require_moderator(by)
    last = undoable(by).first()
    if last is None:
        minutes = settings.PULSE_UNDO_MINUTES
        raise Refused(f"You decided nothing in the last {minutes} minutes that could be undone.", 409)
    alike = undoable(by).filter(batch=last.batch) if last.batch else undoable(by).filter(pk=last.pk)
    decisions = list(alike.select_related("reader")[: settings.PULSE_DECISIONS_AT_ONCE])
    sitting = sit(by, [decision.comment_id for decision in decisions if decision.comment_id])
    done = Done()
    for decision in decisions:
        before = "" if decision.comment_id is None else sitting.comments[decision.comment_id].status
        if sentence := _take_back(sitting, decision):
            done.refused[decision.comment_id or 0] = sentence
            continue
        comment = sitting.comments.get(decision.comment_id or 0)
        undone = sitting.record(
            Action.UNDO, comment=comment, reader=decision.reader, undoes=decision, status_before=before
        )
        done.decisions.append(undone)
    if not done.decisions:
        raise Refused(next(iter(done.refused.values())), 409)
    sitting.close()
    return done


def _take_back(sitting: Sitting, decision: Decision) -> str:
    """Reverse one decision; a sentence if it can no longer be reversed."""
    if decision.comment_id is None:
        return take_back_suspension(decision)
    comment = sitting.comments[decision.comment_id or 0]
    later = comment.decisions.filter(pk__gt=decision.pk, undone_by=None).exclude(action=Action.UNDO)
    if comment.status != decision.status_after or comment.text_number != decision.text_number:
        return "It has changed since, so it stays as it is."
    if later.exclude(batch=decision.batch).exists():
        return "Somebody decided on it since, so it stays as it is."
    match decision.action:
        case Action.PICK | Action.UNPICK:
            comment.picked_at = sitting.at if decision.action == Action.UNPICK else None
            sitting.store(comment, "picked_at")
        case Action.PIN:
            comment.pinned_at = None
            sitting.store(comment, "pinned_at")
        case Action.UNPIN if _has_pin(comment):
            return "Another comment has been pinned since, so this one stays down."
        case Action.UNPIN:
            comment.pinned_at = sitting.at
            sitting.store(comment, "pinned_at")
        case _:
            _bring_back(sitting, comment, decision)
    return ""


def _bring_back(sitting: Sitting, comment: Comment, decision: Decision) -> None:
    """Give a comment the status it had, with the reports that this decision answered open again."""
    answered = comment.reports.filter(resolved_at=decision.created_at)
    was_asked_about = answered.exists() or comment.decisions.filter(action=Action.FLAG).exists()
    answered.update(outcome=Outcome.OPEN, resolved_at=None)
    sitting.move(comment, to=decision.status_before)
    if comment.status == Status.VISIBLE:
        comment.flagged_at = sitting.at if was_asked_about else None
        comment.picked_at = _shown_off_since(comment, decision, Action.PICK, Action.UNPICK)
        if not _has_pin(comment):
            comment.pinned_at = _shown_off_since(comment, decision, Action.PIN, Action.UNPIN)
        sitting.store(comment, "flagged_at", "picked_at", "pinned_at")


def _has_pin(comment: Comment) -> bool:
    """Whether a comment is pinned in its discussion. The article is locked, so none can follow meanwhile."""
    return comment.article.comments.exclude(pinned_at=None).exists()


def _shown_off_since(
    comment: Comment, before: Decision, begins: Decision.Action, ends: Decision.Action
) -> dt.datetime | None:
    """Since when a comment was picked, or pinned, as a decision found it: None if it was not."""
    earlier = comment.decisions.filter(pk__lt=before.pk, undone_by=None)
    last = earlier.filter(action__in=[begins, ends]).order_by("-pk").first()
    if last is None or last.action == ends:
        return None
    left_view = earlier.filter(pk__gt=last.pk).exclude(status_after=Status.VISIBLE)
    return None if left_view.exists() else last.created_at
