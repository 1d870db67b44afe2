"""What moderators decide about comments: approved or rejected, one or several.

Each verb is one transaction and says who does it. A decision holds for the text that was read: another one is
refused with a sentence. Only these, `undoing`, `reporting`, `suspending` and the verbs of `writing` write a
comment's status, and each leaves the article's count exact.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.db import transaction

from accounts.models import User
from comments.models import Comment, Decision, Rule
from comments.moderation.decisions import Action, Outcome, Seen, Sitting, Status, sit
from comments.rulings import Refused
from pulse.characters import has_control_characters


@dataclass
class Done:
    """What a step over several comments did, and what it left, with the reason for each."""

    decisions: list[Decision] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)  # a comment's number → a sentence


def approve(*, comment: Comment, by: User, text_number: int, status: str = "") -> Decision:
    """Let readers see a comment, or go on seeing it: reports of it are dismissed. Raises Refused.

    Refused if its text is not the one with this number, or its status is not this one, if given.
    """
    return _only(approve_all(seen=[Seen(comment.pk, text_number, status)], by=by))


def reject(
    *, comment: Comment, by: User, reason: str, note: str = "", text_number: int, status: str = ""
) -> Decision:
    """Take a comment from readers; its reports are upheld. Raises Refused as `approve` does.

    If somebody answered it, its place is kept and says which rule it broke. `note` is for its author.
    """
    seen = Seen(comment.pk, text_number, status)
    return _only(reject_all(seen=[seen], by=by, reason=reason, note=note))


@transaction.atomic
def approve_all(*, seen: Iterable[Seen], by: User) -> Done:
    """Approve several comments as they were seen; one that has changed since is left. Raises Refused."""
    return _each(seen, by, _approve)


@transaction.atomic
def reject_all(*, seen: Iterable[Seen], by: User, reason: str, note: str = "") -> Done:
    """Reject several comments as they were seen; one that has changed since is left. Raises Refused."""
    require_reason(reason, note)

    def one(sitting: Sitting, comment: Comment) -> Decision:
        return reject_one(sitting, comment, reason=reason, note=note)

    return _each(seen, by, one)


def reject_one(sitting: Sitting, comment: Comment, *, reason: str, note: str) -> Decision:
    """Reject one comment in hand."""
    if comment.status == Status.REJECTED:
        raise Refused("This comment is rejected already.", 409)
    before = comment.status
    sitting.move(comment, to=Status.REJECTED)
    sitting.resolve(comment, Outcome.UPHELD)
    return sitting.record(Action.HIDE, comment=comment, reason=reason, note=note, status_before=before)


def require_reason(reason: str, note: str) -> None:
    """Raise Refused unless the reason is one of the rules and the note can be stored."""
    if reason not in Rule.values:
        raise Refused("Choose the rule that the comment breaks.", 400)
    require_note(note)


def require_note(note: str) -> None:
    """Raise Refused if a note is too long, or holds what shows nothing and can turn a line around."""
    if has_control_characters(note):
        raise Refused("The note holds a control character, which cannot be kept. Write it again.", 400)
    limit = Decision._meta.get_field("note").max_length
    if limit is not None and len(note) > limit:
        raise Refused(f"A note holds up to {limit} characters. This one has {len(note):,}: shorten it.", 400)


def _approve(sitting: Sitting, comment: Comment) -> Decision:
    if not comment.body:
        raise Refused("Its author has left and taken the words along. There is nothing to show.", 409)
    before = comment.status
    sitting.move(comment, to=Status.VISIBLE)
    sitting.resolve(comment, Outcome.DISMISSED)
    action = Action.RESTORE if before == Status.REJECTED else Action.APPROVE
    return sitting.record(action, comment=comment, status_before=before)


def _each(seen: Iterable[Seen], by: User, decide: Callable[[Sitting, Comment], Decision]) -> Done:
    chosen = list(seen)
    if len(chosen) > settings.PULSE_DECISIONS_AT_ONCE:
        limit = settings.PULSE_DECISIONS_AT_ONCE
        raise Refused(f"Choose up to {limit} comments, not {len(chosen):,}. Nothing was decided.", 400)
    sitting, done = sit(by, [one.comment for one in chosen]), Done()
    for one in chosen:
        try:
            comment = sitting.comments.get(one.comment)
            if comment is None:
                raise Refused("There is no such comment.", 404)
            one.require_still(comment)
            done.decisions.append(decide(sitting, comment))
        except Refused as refusal:
            done.refused[one.comment] = refusal.sentence
    sitting.close()
    return done


def _only(done: Done) -> Decision:
    """The one decision, or Refused with the reason why there is none."""
    for sentence in done.refused.values():
        raise Refused(sentence, 409)
    return done.decisions[0]
