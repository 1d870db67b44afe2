"""Whom moderators’ decisions are told: authors, reporters, suspended readers; and what is undone, nobody."""

import pytest

from accounts.models import Notification, User
from comments import reporting
from comments.models import Comment
from comments.moderation import approving, suspending, undoing
from comments.writing import post
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def told(reader: User) -> list[str]:
    return [row.kind for row in Notification.objects.standing().filter(to=reader).order_by("pk")]


def reject(comment: Comment, by: User, note: str = "") -> None:
    comment.refresh_from_db()
    approving.reject(comment=comment, by=by, reason="attacks", note=note, text_number=comment.text_number)


def approve(comment: Comment, by: User) -> None:
    comment.refresh_from_db()
    approving.approve(comment=comment, by=by, text_number=comment.text_number)


def test_a_removed_comment_is_taken_back_and_its_author_hears_which_rule_it_broke(
    article, first, ana, bo, moderator
):
    answer = post(article=article, by=bo, body="Rude words.", parent=first, key="2")
    reject(answer, moderator, note="Speak of what was said.")
    assert told(ana) == []
    assert not Notification.objects.filter(to=ana, excerpt__contains="Rude").exists()
    [row] = Notification.objects.standing().filter(to=bo)
    assert row.kind == "decision"
    assert "was removed by a moderator: it broke our rule on personal attacks." in row.sentence
    assert row.excerpt == "Speak of what was said."
    assert row.who == ""  # nobody learns which moderator it was


def test_a_comment_that_waited_is_told_when_it_is_approved_to_both(article, first, ana, bo, moderator, say):
    answer = say("Held for review.", under=first, by=bo, status="pending")
    approve(answer, moderator)
    assert told(ana) == ["reply"]
    [row] = Notification.objects.standing().filter(to=bo)
    assert "is public now" in row.sentence
    assert row.path == answer.get_absolute_url()


def test_a_comment_that_never_was_public_was_not_removed(first, bo, moderator, say):
    reject(say("Held.", under=first, by=bo, status="pending"), moderator)
    assert "was not published: it broke our rule" in Notification.objects.get().sentence


def test_what_is_undone_is_untold_and_may_be_told_anew(article, first, ana, bo, moderator):
    answer = post(article=article, by=bo, body="Not so bad.", parent=first, key="2")
    reporting.report(comment=answer, by=ana, reason="spam")
    reject(answer, moderator)
    assert (told(ana), told(bo)) == (["report"], ["decision"])
    undoing.undo(by=moderator)
    assert (told(ana), told(bo)) == (["reply"], [])
    approve(answer, moderator)
    assert (told(ana), told(bo)) == (["reply", "report"], [])


@pytest.mark.parametrize(("decide", "outcome"), [(reject, "removed it"), (approve, "let it stand")])
def test_a_reporter_hears_what_came_of_it_and_a_moderator_not_of_their_own(
    article, bo, ana, moderator, decide, outcome
):
    comment = post(article=article, by=bo, body="Questionable.", key="2")
    for reader in (ana, moderator):
        reporting.report(comment=comment, by=reader, reason="spam")
    decide(comment, moderator)
    [row] = Notification.objects.standing().filter(kind="report")
    assert row.to == ana
    assert row.sentence.endswith(f"{outcome}.")


def test_a_moderator_is_not_told_of_their_own_decision(article, moderator):
    comment = post(article=article, by=moderator, body="My own.", key="2")
    reject(comment, moderator)
    assert told(moderator) == []


def test_a_comment_withheld_by_reports_is_taken_back(article, first, ana, bo, settings, monkeypatch):
    settings.PULSE_REPORTS_TO_HIDE = 1
    monkeypatch.setattr(reporting, "weight_of", lambda reader: reporting.Weight.HIDES)
    answer = post(article=article, by=bo, body="Spam, some say.", parent=first, key="2")
    assert told(ana) == ["reply"]
    reporting.report(comment=answer, by=make_user(), reason="spam")
    answer.refresh_from_db()
    assert answer.status == "withheld"
    assert told(ana) == []


def test_a_suspended_reader_is_told_until_when_and_why_and_that_it_is_over(bo, moderator):
    suspending.suspend(reader=bo, by=moderator, span="week", why="Three warnings.")
    row = Notification.objects.get()
    assert row.sentence.startswith("You cannot comment until")
    assert row.excerpt == "Three warnings."
    suspending.lift(reader=bo, by=moderator)
    assert told(bo) == ["decision", "decision"]
