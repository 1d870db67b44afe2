"""Taking back what one decided: the last of one's own decisions, whole, and nothing that changed since."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments import writing
from comments.models import Comment, Decision, Report
from comments.moderation import approving, picking, suspending, undoing
from comments.moderation.decisions import Seen
from comments.pipeline import Refused
from comments.reporting import report
from tests.comments.conftest import Say
from tests.comments.test_comment_moderation import is_counted_exactly
from tests.factories import approve, make_user, reject


def stored(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def seen(*comments: Comment) -> list[Seen]:
    return [Seen.of(stored(comment)) for comment in comments]


def test_undo_takes_back_the_last_decision_with_its_reports(
    say: Say, article: Article, moderator: User
) -> None:
    """The comment is where it was, the reports are open again, and the queue has it back."""
    comment = say()
    report(comment=comment, by=make_user(), reason="spam")
    reject(comment=comment, by=moderator)

    undoing.undo(by=moderator)

    assert stored(comment).is_visible
    assert stored(comment).flagged_at is not None
    assert Report.objects.get().outcome == ""
    assert is_counted_exactly(article)
    with pytest.raises(Refused, match="could be undone"):
        undoing.undo(by=moderator)


def test_undo_takes_back_a_selection_whole(say: Say, moderator: User) -> None:
    """What was decided in one go is undone in one go."""
    comments = [say(status="pending") for _ in range(3)]
    approving.approve_all(seen=seen(*comments), by=moderator)
    undoing.undo(by=moderator)

    assert {stored(comment).status for comment in comments} == {"pending"}


def test_undo_is_for_ones_own_decisions_and_for_a_while(say: Say, moderator: User) -> None:
    """Nobody takes back a colleague's; after a quarter of an hour it stands."""
    reject(comment=say(), by=moderator)
    with pytest.raises(Refused):
        undoing.undo(by=make_user(role="Moderator"))
    with (
        time_machine.travel(timezone.now() + dt.timedelta(minutes=16)),
        pytest.raises(Refused, match="15 minutes"),
    ):
        undoing.undo(by=moderator)


def test_undo_leaves_what_changed_since(say: Say, moderator: User) -> None:
    """What a colleague decided or its author did meanwhile is not undone with it."""
    first, second, third = (say(status="pending") for _ in range(3))
    approving.approve_all(seen=seen(first, second, third), by=moderator)
    reject(comment=first, by=make_user(role="Moderator"))
    writing.delete(comment=second, by=second.author)

    done = undoing.undo(by=moderator)

    assert [stored(comment).status for comment in (first, second, third)] == [
        "rejected",
        "deleted",
        "pending",
    ]
    assert set(done.refused) == {first.pk, second.pk}


def test_undo_takes_back_suspensions_and_picks(say: Say, reader: User, moderator: User) -> None:
    """A reader has the suspension they had before; a pick is none."""
    comment = say()
    suspending.suspend(reader=reader, by=make_user(role="Moderator"), span="day", why="First.")
    reader.refresh_from_db()
    until = reader.suspended_until
    suspending.suspend(reader=reader, by=moderator, span="good", why="Second.")
    undoing.undo(by=moderator)
    reader.refresh_from_db()
    assert reader.suspended_until == until

    picking.pick(comment=comment, by=moderator, text_number=1)
    undoing.undo(by=moderator)
    assert stored(comment).picked_at is None


def test_an_undo_that_is_refused_is_not_recorded_and_says_so(say: Say, reader: User, moderator: User) -> None:
    """The decision stands, so its author is not told otherwise and the text counts as read."""
    suspending.suspend(reader=reader, by=moderator, span="day", why="First.")
    suspending.suspend(reader=reader, by=make_user(role="Moderator"), span="good", why="Second.")
    with pytest.raises(Refused, match="Somebody decided about this reader since"):
        undoing.undo(by=moderator)
    reader.refresh_from_db()
    assert reader.is_suspended
    assert not Decision.objects.filter(action="undo").exists()


def test_undo_goes_back_step_by_step(say: Say, moderator: User) -> None:
    comment = say(status="pending")
    approve(comment=comment, by=moderator)
    picking.pick(comment=comment, by=moderator, text_number=1)
    reject(comment=comment, by=moderator)
    for status, is_pick in (("visible", True), ("visible", False), ("pending", False)):
        undoing.undo(by=moderator)
        assert (stored(comment).status, bool(stored(comment).picked_at)) == (status, is_pick)
