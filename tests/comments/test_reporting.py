"""What readers' reports do: ask for a look, withhold when many do, and end with an answer."""

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from accounts.models import Notification, User
from articles.models import Article
from comments.models import Comment, Decision, Report
from comments.moderation import undoing
from comments.pipeline import Refused
from comments.reporting import report
from tests.comments.conftest import Say
from tests.comments.test_comment_moderation import is_counted_exactly
from tests.factories import PASSWORD, approve, make_article, make_user, reject


def stored(comment: Comment) -> Comment:
    return Comment.objects.get(pk=comment.pk)


def settle(**settings_: Any) -> User:
    """A reader with a record: an account that is not new, and a comment readers see."""
    reader = make_user(**settings_)
    User.objects.filter(pk=reader.pk).update(joined_at=timezone.now() - dt.timedelta(days=9))
    reader.refresh_from_db()
    Comment.objects.create(
        article=Article.objects.first() or make_article(), author=reader, body="Hello there."
    )
    return reader


def test_a_report_is_kept_once_and_never_of_oneself(say: Say, reader: User) -> None:
    """Reporting twice is one report; one's own comment cannot be reported."""
    comment, somebody = say(by=reader), make_user()

    report(comment=comment, by=somebody, reason="spam", note="It sells.")
    report(comment=comment, by=somebody, reason="hate")
    with pytest.raises(Refused):
        report(comment=comment, by=reader, reason="spam")

    assert list(Report.objects.values_list("by", "reason", "note")) == [(somebody.pk, "spam", "It sells.")]
    assert stored(comment).flagged_at is not None
    assert stored(comment).is_visible


def test_enough_readers_with_a_record_withhold_a_comment(say: Say, article: Article, settings: Any) -> None:
    """Five new accounts are five questions; five readers with a record are an answer for now."""
    settings.PULSE_REPORTS_TO_HIDE = 3
    comment = say(by=make_user())
    for _ in range(4):
        report(comment=comment, by=make_user(), reason="spam")
    assert stored(comment).is_visible
    for _ in range(3):
        report(comment=comment, by=settle(), reason="spam")

    assert stored(comment).status == "withheld"
    decision = Decision.objects.get()
    assert (decision.check_name, decision.by, decision.action) == ("readers_reported_it", None, "withhold")
    assert is_counted_exactly(article)


def test_what_a_moderator_let_stand_is_not_withheld_by_reports_of_the_same_text(
    say: Say, moderator: User, settings: Any
) -> None:
    """A campaign brings it to the desk again, and nothing more."""
    settings.PULSE_REPORTS_TO_HIDE = 1
    comment = say(by=make_user())
    approve(comment=comment, by=moderator)
    report(comment=comment, by=settle(), reason="spam")

    assert stored(comment).is_visible
    assert stored(comment).flagged_at is not None


def test_a_reporter_learns_what_came_of_it(say: Say, moderator: User) -> None:
    """Each report ends as upheld or dismissed with the decision on its comment."""
    kept, gone = say(), say()
    for comment in (kept, gone):
        report(comment=comment, by=make_user(), reason="spam")
    approve(comment=kept, by=moderator)
    reject(comment=gone, by=moderator)

    assert [r.outcome for r in Report.objects.order_by("pk")] == ["dismissed", "upheld"]
    assert not Report.objects.filter(resolved_at=None).exists()
    assert stored(kept).flagged_at is None
    told = Notification.objects.filter(kind="report").order_by("pk").values_list("to", "sentence")
    reporters = Report.objects.order_by("pk").values_list("by", flat=True)
    assert [to for to, _ in told] == list(reporters)
    assert [sentence.endswith(("let it stand.", "removed it.")) for _, sentence in told] == [True, True]


def test_what_is_undone_is_told_nobody(say: Say, moderator: User) -> None:
    """The author and the reporter heard of a rejection; once it is taken back, neither reads of it."""
    comment = say(by=make_user())
    report(comment=comment, by=make_user(), reason="spam")
    reject(comment=comment, by=moderator)
    assert Notification.objects.standing().count() == 2
    undoing.undo(by=moderator)
    assert not Notification.objects.standing().exists()


def test_a_reader_whose_reports_are_mostly_dismissed_asks_for_nothing_any_more(
    say: Say, moderator: User, settings: Any
) -> None:
    """Their reports are kept, and bring nothing to the desk."""
    settings.PULSE_REPORTS_DISMISSED = 2
    zealot = settle()
    for _ in range(2):
        comment = say(by=make_user())
        report(comment=comment, by=zealot, reason="spam")
        approve(comment=comment, by=moderator)
    again = say(by=make_user())
    made = report(comment=again, by=zealot, reason="spam")

    assert made.weight == Report.Weight.NONE
    assert stored(again).flagged_at is None


def test_reports_are_limited_by_the_hour(say: Say, settings: Any) -> None:
    """Enough is enough, and said with a 429."""
    settings.PULSE_REPORTS_PER_HOUR = 1
    somebody = make_user()
    report(comment=say(), by=somebody, reason="spam")
    with pytest.raises(Refused) as refused:
        report(comment=say(), by=somebody, reason="spam")
    assert refused.value.status == 429


def test_a_report_that_is_refused_keeps_what_was_typed(signed_in: Client, say: Say, settings: Any) -> None:
    """Too many from one network, or too long a note: the form comes back with its words and the reason."""
    address = f"{say(by=make_user()).get_absolute_url()}report/"
    long = signed_in.post(address, {"reason": "spam", "note": "too long " * 60})
    assert (long.status_code, "too long too long" in long.content.decode()) == (400, True)
    settings.PULSE_REPORTS_PER_NETWORK = 1
    answer = signed_in.post(address, {"reason": "spam", "note": "Mine to keep."})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert "Mine to keep." in answer.content.decode()
    assert not Report.objects.exists()


def test_a_report_sent_signed_out_waits_for_its_writer(client: Client, say: Say, reader: User) -> None:
    """A session that ended costs nothing: after sign-in the form is there with the rule and the words."""
    comment = say(by=make_user())
    address = f"/comments/{comment.pk}/report/"
    sent = client.post(address, {"reason": "spam", "note": "It sells <b>watches</b>."})
    assert (sent.status_code, sent["Location"]) == (
        303,
        f"/accounts/login/?next={address.replace('/', '%2F')}",
    )
    client.post("/accounts/login/", {"login": reader.email, "password": PASSWORD})
    html = client.get(address).content.decode()

    assert re.search(r'value="spam"[^>]* checked', html)
    assert "It sells &lt;b&gt;watches&lt;/b&gt;.</textarea>" in html
    client.post(address, {"reason": "spam", "note": "It sells <b>watches</b>."})
    assert Report.objects.get().note == "It sells <b>watches</b>."
    assert "watches" not in client.get(address).content.decode()


def test_reports_of_somebody_suspended_withhold_nothing(say: Say, settings: Any) -> None:
    settings.PULSE_REPORTS_TO_HIDE = 1
    comment, reader = say(), settle()
    User.objects.filter(pk=reader.pk).update(suspended_until=timezone.now() + dt.timedelta(days=1))
    reader.refresh_from_db()
    report(comment=comment, by=reader, reason="spam")
    assert stored(comment).is_visible


def test_a_report_that_the_database_has_no_time_for_is_a_503_that_keeps_the_note(
    signed_in: Client, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment = say(by=make_user())

    def busy(*_: Any) -> None:
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr("comments.reporting.lock", busy)
    answer = signed_in.post(f"/comments/{comment.pk}/report/", {"reason": "spam", "note": "My own words."})
    assert (answer.status_code, answer["Retry-After"]) == (503, str(settings.PULSE_RETRY_SECONDS))
    assert "My own words." in answer.content.decode()
