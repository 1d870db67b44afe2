"""What moderators decide: bound to what they read, exact in its counts, written down, and taken back."""

import datetime as dt
import uuid
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments import writing
from comments.models import Comment, Decision
from comments.moderation import approving, picking, suspending, undoing
from comments.moderation.decisions import Seen
from comments.pipeline import FOR_GOOD, Refused
from tests.at_once import at_once
from tests.comments.conftest import Say
from tests.comments.test_comment_moderation import is_counted_exactly, post
from tests.factories import approve, make_article, make_user, reject


def stored(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def seen(*comments: Comment) -> list[Seen]:
    return [Seen.of(stored(comment)) for comment in comments]


# Approved and rejected


def test_decisions_keep_the_count_exact_and_a_log(say: Say, article: Article, moderator: User) -> None:
    """Readers can count what the page counts, after every decision; each is kept with what it changed."""
    first, _ = say(), say()

    reject(comment=first, by=moderator, reason="spam")
    assert is_counted_exactly(article)
    assert article.comment_count == 1
    with pytest.raises(Refused, match="rejected already"):
        reject(comment=first, by=moderator, reason="hate")
    approve(comment=first, by=moderator)
    assert is_counted_exactly(article)
    assert article.comment_count == 2

    log = Decision.objects.order_by("pk").values_list(
        "by", "action", "reason", "status_before", "status_after"
    )
    assert list(log) == [
        (moderator.pk, "hide", "spam", "visible", "rejected"),
        (moderator.pk, "restore", "", "rejected", "visible"),
    ]


@pytest.mark.parametrize("status", ["pending", "withheld"])
def test_what_waited_is_approved_and_what_its_author_deleted_stays_gone(
    status: str, say: Say, moderator: User
) -> None:
    """A moderator lets a waiting comment through; nobody decides on what was taken back."""
    waiting, deleted = say(status=status), say(status="deleted")

    assert approve(comment=waiting, by=moderator).action == "approve"
    assert stored(waiting).is_visible
    for verb in (approve, reject):
        with pytest.raises(Refused, match="deleted"):
            verb(comment=deleted, by=moderator)
    assert stored(deleted).status == "deleted"


def test_a_decision_holds_for_the_text_that_was_read(article: Article, reader: User, moderator: User) -> None:
    """Another text than the one read is refused, for approving and for rejecting, and changes nothing."""
    comment = post(article, reader, "Harmless.")
    Comment.objects.filter(pk=comment.pk).update(status="pending")
    as_read = comment.text_number
    writing.edit(comment=comment, by=reader, body="Not harmless at all.")

    for verb, more in ((approving.approve, {}), (approving.reject, {"reason": "spam"})):
        with pytest.raises(Refused, match="changed this comment after you opened it"):
            verb(comment=comment, by=moderator, text_number=as_read, **more)
    assert stored(comment).status == "pending"
    approving.approve(comment=comment, by=moderator, text_number=as_read + 1)
    assert stored(comment).is_visible


def test_an_edit_of_an_approved_comment_comes_back_to_the_queue(
    article: Article, reader: User, moderator: User
) -> None:
    """What was approved, picked or pinned is what was read; another text is read again."""
    comment = post(article, reader)
    picking.pick(comment=comment, by=moderator, text_number=1)
    edited = writing.edit(comment=comment, by=reader, body="Now something else.")

    assert edited.status == "pending"
    assert stored(comment).picked_at is None
    assert is_counted_exactly(article)


def test_two_moderators_do_not_overrule_each_other_unseen(say: Say, moderator: User) -> None:
    """Who decides second is told that somebody was faster."""
    comment = say(status="pending")
    as_seen = Seen.of(comment)
    reject(comment=comment, by=make_user(role="Moderator"))

    done = approving.approve_all(seen=[as_seen], by=moderator)

    assert "before you" in done.refused[comment.pk]
    assert stored(comment).status == "rejected"


def test_several_are_decided_in_one_go_and_what_changed_is_left(say: Say, moderator: User) -> None:
    """Forty-nine are approved though the fiftieth was edited; all the articles count right."""
    comments = [say(status="pending", on=make_article() if n % 2 else None, by=make_user()) for n in range(4)]
    chosen = seen(*comments)
    Comment.objects.filter(pk=comments[0].pk).update(text_number=2)

    done = approving.approve_all(seen=chosen, by=moderator)

    assert list(done.refused) == [comments[0].pk]
    assert [stored(comment).status for comment in comments] == ["pending", "visible", "visible", "visible"]
    assert all(is_counted_exactly(article) for article in Article.objects.all())
    assert len({decision.batch for decision in done.decisions}) == 1


def test_more_than_a_hundred_at_once_is_refused_whole(moderator: User) -> None:
    """A slip of the hand decides nothing."""
    with pytest.raises(Refused, match="up to 100 comments, not 101"):
        approving.approve_all(seen=[Seen(number, 1) for number in range(101)], by=moderator)


@pytest.mark.parametrize(("reason", "note"), [("", ""), ("mood", ""), ("spam", "x" * 501)])
def test_a_rejection_names_a_rule(reason: str, note: str, say: Say, moderator: User) -> None:
    """Without one, or with a note that cannot be stored, nothing happens."""
    with pytest.raises(Refused):
        approving.reject(comment=say(), by=moderator, reason=reason, note=note, text_number=1)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("role", [None, "Writer"])
def test_every_verb_asks_for_the_permission(role: str | None, say: Say) -> None:
    """Whatever led to it."""
    somebody, comment, victim = make_user(role=role), say(), make_user()
    one: dict[str, Any] = {"comment": comment, "by": somebody}
    steps = [
        lambda: approving.approve(**one, text_number=1),
        lambda: approving.reject(**one, reason="spam", text_number=1),
        lambda: picking.pick(**one, text_number=1),
        lambda: picking.unpick(**one),
        lambda: picking.pin(**one, text_number=1),
        lambda: picking.unpin(**one),
        lambda: suspending.suspend(reader=victim, by=somebody, span="day", why="Because."),
        lambda: suspending.lift(reader=victim, by=somebody),
        lambda: suspending.remove_everything(reader=comment.author, by=somebody, reason="spam"),
        lambda: undoing.undo(by=somebody),
    ]
    for step in steps:
        with pytest.raises(PermissionDenied):
            step()
    assert stored(comment).is_visible
    assert not Decision.objects.exists()


# Readers


@pytest.mark.parametrize(("span", "days"), [("day", 1), ("week", 7), ("good", None)])
def test_a_reader_is_suspended_and_let_back_in(
    span: str, days: int | None, article: Article, reader: User, moderator: User
) -> None:
    """For a while or for good; they are told, it is written down, and it ends when it is lifted."""
    with time_machine.travel(timezone.now(), tick=False):
        made = suspending.suspend(reader=reader, by=moderator, span=span, why="Insults.")
        reader.refresh_from_db()
        expected = FOR_GOOD if days is None else timezone.now() + dt.timedelta(days=days)
        assert reader.suspended_until == expected == made.until
    with pytest.raises(Refused, match="cannot comment"):
        post(article, reader)
    suspending.lift(reader=reader, by=moderator)
    assert post(article, reader).is_visible
    with pytest.raises(Refused, match="not suspended"):
        suspending.lift(reader=reader, by=moderator)


@pytest.mark.parametrize(
    ("span", "why", "words"),
    [
        ("day", "Again.", "as long already"),
        ("year", "Again.", "Choose for how long"),
        ("good", " ", "Write why"),
    ],
)
def test_a_suspension_is_not_shortened_and_says_why(
    span: str, why: str, words: str, reader: User, moderator: User
) -> None:
    """What is there already stands; without a reason nothing begins."""
    suspending.suspend(reader=reader, by=moderator, span="week", why="Insults.")
    with pytest.raises(Refused, match=words):
        suspending.suspend(reader=reader, by=moderator, span=span, why=why)


def test_nobody_of_the_newsroom_is_suspended_by_a_colleague(moderator: User) -> None:
    """Nor by themselves; an administrator may."""
    editor, boss = make_user(role="Editor"), make_user(is_staff=True, is_superuser=True)

    for reader, by in ((editor, moderator), (moderator, moderator), (boss, boss)):
        with pytest.raises(Refused):
            suspending.suspend(reader=reader, by=by, span="good", why="Because.")
        with pytest.raises(Refused):
            suspending.remove_everything(reader=reader, by=by, reason="spam")
    suspending.suspend(reader=editor, by=boss, span="day", why="Because.")
    assert User.objects.get(pk=editor.pk).is_suspended


def test_everything_is_removed_step_by_step(say: Say, reader: User, moderator: User, settings: Any) -> None:
    """However much it is: each step leaves every count exact, and the next goes on where it ended."""
    settings.PULSE_DECISIONS_AT_ONCE = 3
    articles = [make_article() for _ in range(3)]
    for number in range(8):
        say(on=articles[number % 3], status=["visible", "pending", "withheld"][number % 3])
    others, deleted = say(by=make_user(), on=articles[0]), say(status="deleted")
    batch, left = None, [8]
    while left[-1]:
        step = suspending.remove_everything(reader=reader, by=moderator, reason="spam", batch=batch)
        batch = step.batch
        left.append(step.left)
        assert all(is_counted_exactly(article) for article in articles)

    assert left == [8, 5, 2, 0]
    assert Comment.objects.filter(author=reader, status="rejected").count() == 8
    assert stored(others).is_visible
    assert stored(deleted).status == "deleted"

    settings.PULSE_UNDO_MINUTES = 15
    while undoing.undoable(moderator).exists():  # and back, as carefully
        undoing.undo(by=moderator)
    assert (
        Comment.objects.filter(author=reader).exclude(pk=deleted.pk).values_list("status").distinct().count()
        == 3
    )
    assert not Comment.objects.filter(status="rejected").exists()
    assert all(is_counted_exactly(article) for article in articles)


def test_a_note_holds_no_control_characters(say: Say, moderator: User) -> None:
    with pytest.raises(Refused, match="control character"):
        approving.reject(comment=say(), by=moderator, reason="spam", note="to \x08 turn", text_number=1)


# At the same moment


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_moderators_and_readers_at_once_never_wait_in_a_circle() -> None:
    """Two moderators decide on the same comments of two articles in opposite order while readers post there.

    Everybody gets an answer, nothing is decided twice, and the counts are what readers see.
    """
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; the race needs PostgreSQL")
    articles = [make_article(), make_article()]
    moderators = [make_user(role="Moderator"), make_user(role="Moderator")]
    readers = [make_user() for _ in range(4)]
    comments = [
        Comment.objects.create(
            article=articles[n % 2], author=readers[n % 4], body=f"No. {n}", status="pending"
        )
        for n in range(12)
    ]
    chosen = [Seen.of(comment) for comment in comments]

    def answered(verb: Any, **arguments: Any) -> None:
        with suppress(Refused):
            verb(**arguments)

    def posting(reader: User) -> None:
        for number in range(4):
            body, key = f"{reader.pk}: {number}", str(uuid.uuid4())
            answered(writing.post, article=articles[number % 2], by=reader, body=body, key=key)

    at_once(
        lambda: answered(approving.approve_all, seen=chosen, by=moderators[0]),
        lambda: answered(approving.reject_all, seen=chosen[::-1], by=moderators[1], reason="spam"),
        lambda: suspending.remove_everything(reader=readers[3], by=moderators[1], reason="spam"),
        *[partial(posting, reader) for reader in readers],
    )

    for comment in comments:
        assert comment.decisions.filter(action__in=["approve", "hide"]).count() in {1, 2}
        last = comment.decisions.first()
        assert last is not None
        assert stored(comment).status == last.status_after
    assert all(is_counted_exactly(article) for article in articles)
