"""Mail about notifications: a digest at its hour, once, to whom it may go, and ended with one click."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client

from accounts import digests, notifications, unsubscribing
from accounts.models import Notification, User
from accounts.notifications import mark_read, notify, withdraw
from pulse import mailing
from pulse.models import OutgoingMail
from tests.at_once import at_once
from tests.factories import make_user

pytestmark = [pytest.mark.once, pytest.mark.django_db]
HALF_PAST = dt.datetime(2026, 11, 24, 14, 30, tzinfo=dt.UTC)
ADDRESS = re.compile(r"http://testserver(/account/mail/\S+/)")


@pytest.fixture(autouse=True)
def _everything_may_be_read(monkeypatch):
    monkeypatch.setattr(notifications, "_asked", {})


@pytest.fixture
def clock():
    """Half past two in the afternoon, and no later until it is moved."""
    with time_machine.travel(HALF_PAST, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ana(clock) -> User:
    return make_user(name="Ana")


def tell(reader: User, number: int = 1, **options: Any) -> None:
    fields = {
        "kind": "reply",
        "key": f"{options.get('kind', 'reply')}:{number}",
        "subject": f"comment:{number}",
        "sentence": "answered your comment under “Chips”",
        "path": f"/comments/{number}/",
        "excerpt": f"Well said {number}.",
        "actor": make_user(name="Bo"),
    }
    notify(to=[reader], **{**fields, **options})


def send_digests() -> None:
    digests.make_digests()
    mailing.deliver()


def part(message, kind: str = "text/plain") -> str:
    [found] = [part for part in message.walk() if part.get_content_type() == kind]
    return found.get_payload(decode=True).decode()


# ---- When


def test_hourly_mail_comes_at_the_full_hour_and_tells_everything_once(smtp_server, clock, ana):
    tell(ana, 1)
    tell(ana, 2)
    send_digests()
    assert smtp_server.messages == []
    clock.move_to(HALF_PAST + dt.timedelta(minutes=30, seconds=1))
    tell(ana, 3)
    send_digests()
    [message] = smtp_server.messages
    assert all(f"Well said {number}." in part(message) for number in (1, 2, 3))
    clock.shift(3_600)
    send_digests()
    assert len(smtp_server.messages) == 1


def test_daily_mail_comes_in_the_morning_of_the_newsroom(smtp_server, clock, ana, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    User.objects.update(digest="daily")
    tell(ana)
    clock.move_to(dt.datetime(2026, 11, 25, 5, 59, tzinfo=dt.UTC))
    send_digests()
    assert smtp_server.messages == []
    clock.shift(61)  # 07:00 in Berlin
    send_digests()
    assert len(smtp_server.messages) == 1


def test_whoever_wants_no_mail_gets_none(smtp_server, clock, ana):
    User.objects.update(digest="never")
    tell(ana)
    clock.shift(3 * 86_400)
    send_digests()
    assert not OutgoingMail.objects.exists()


def test_mail_tells_only_what_was_chosen(smtp_server, clock, ana):
    User.objects.filter(pk=ana.pk).update(mails_mentions=False)
    tell(ana, 1)
    tell(ana, 2, kind="mention")
    clock.shift(3_600)
    send_digests()
    [message] = smtp_server.messages
    assert "Well said 1." in part(message)
    assert "Well said 2." not in part(message)


def test_what_was_seen_on_the_site_is_not_mailed(smtp_server, clock, ana):
    tell(ana)
    mark_read(by=ana)
    clock.shift(3_600)
    send_digests()
    assert smtp_server.messages == []


def test_what_is_old_is_not_mailed_when_mail_is_switched_on(smtp_server, clock, ana, settings):
    User.objects.update(digest="never")
    tell(ana)
    clock.shift((settings.PULSE_DIGEST_DAYS + 1) * 86_400)
    User.objects.update(digest="hourly")
    send_digests()
    assert smtp_server.messages == []


# ---- Never


def suspend(user: User) -> None:
    User.objects.filter(pk=user.pk).update(suspended_until=HALF_PAST + dt.timedelta(days=30))


def close(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def unconfirm(user: User) -> None:
    EmailAddress.objects.filter(user=user).update(verified=False)


def change_address(user: User) -> None:
    User.objects.filter(pk=user.pk).update(email="unconfirmed@example.org")


def remove(user: User) -> None:
    user.delete()


def end_mail(user: User) -> None:
    unsubscribing.unsubscribe(pk=user.pk, what=unsubscribing.ALL)


@pytest.mark.parametrize("change", [suspend, close, unconfirm, change_address, remove, end_mail])
@pytest.mark.parametrize("moment", ["before it is asked for", "before it is sent"])
def test_no_mail_goes_to_somebody_suspended_closed_unconfirmed_or_gone(
    smtp_server, clock, ana, change, moment
):
    tell(ana)
    clock.shift(3_600)
    if moment == "before it is sent":
        digests.make_digests()
        assert OutgoingMail.objects.count() == 1
    change(ana)
    send_digests()
    assert smtp_server.messages == []
    assert not OutgoingMail.objects.exists()


def test_what_is_withdrawn_is_taken_from_a_mail_that_is_not_sent_yet(smtp_server, clock, ana):
    tell(ana, 1)
    tell(ana, 2)
    clock.shift(3_600)
    digests.make_digests()
    withdraw(subject="comment:1")
    mailing.deliver()
    [message] = smtp_server.messages
    assert "Well said 2." in part(message)
    assert "Well said 1." not in part(message)


def test_a_mail_with_nothing_left_to_tell_is_not_sent(smtp_server, clock, ana):
    tell(ana)
    clock.shift(3_600)
    digests.make_digests()
    withdraw(subject="comment:1")
    mailing.deliver()
    assert smtp_server.messages == []


def test_what_may_not_be_read_any_more_is_not_mailed(smtp_server, clock, ana):
    notifications.shown_by("comment", lambda subjects: set())
    tell(ana)
    clock.shift(3_600)
    send_digests()
    assert smtp_server.messages == []


def test_what_was_mailed_and_withdrawn_and_is_back_is_not_mailed_again(smtp_server, clock, ana):
    tell(ana)
    clock.shift(3_600)
    send_digests()
    withdraw(subject="comment:1")
    tell(ana)
    clock.shift(3_600)
    send_digests()
    assert len(smtp_server.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_mail_of_one_readers_notifications(smtp_server):
    ana = make_user(name="Ana")
    for number in range(5):
        tell(ana, number)
    tomorrow = dt.datetime.now(tz=dt.UTC) + dt.timedelta(hours=2)
    at_once(*[lambda: digests.make_digests(tomorrow)] * 2)
    assert OutgoingMail.objects.count() == 1
    assert Notification.objects.exclude(mail="").count() == 5


# ---- What


def test_a_digest_names_nobody_in_its_subject_and_has_both_parts(smtp_server, clock, ana, settings):
    tell(ana, actor=make_user(name="<b>Bo</b>"), excerpt="<script>alert(1)</script> & more")
    clock.shift(3_600)
    send_digests()
    [message] = smtp_server.messages
    assert message["Subject"] == "Your comment was answered"
    assert message["To"] == ana.email
    text, html = part(message), part(message, "text/html")
    assert "Hello Ana" in text
    assert "<b>Bo</b> answered your comment under “Chips”" in text
    assert "http://testserver/comments/1/" in text
    assert "<script>" not in html
    assert "&lt;b&gt;Bo&lt;/b&gt;" in html
    assert not re.search(r"<img|url\(|<link|<script", html)


def test_a_digest_is_bounded(smtp_server, clock, ana, settings):
    settings.PULSE_DIGEST_ROWS = 2
    for number in range(5):
        tell(ana, number)
    clock.shift(3_600)
    send_digests()
    [message] = smtp_server.messages
    assert message["Subject"] == "5 things have happened for you at The Pulse"
    assert part(message).count("Well said") == 2
    assert "There are 3 more." in part(message)


# ---- Ending it


def digest_of(ana: User, smtp_server, clock) -> Any:
    tell(ana)
    clock.shift(3_600)
    send_digests()
    return smtp_server.messages[-1]


def test_a_mail_program_ends_all_mail_with_one_request(smtp_server, clock, ana):
    message = digest_of(ana, smtp_server, clock)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    header = re.sub(r"\s", "", message["List-Unsubscribe"])
    path = re.fullmatch(r"<http://testserver(/account/mail/.+/)>", header)[1]
    stranger = Client(enforce_csrf_checks=True)
    response = stranger.post(path, {"List-Unsubscribe": "One-Click"})
    assert response.status_code == 200
    assert not response.cookies
    ana.refresh_from_db()
    assert ana.digest == "never"


def test_looking_at_a_link_ends_nothing_and_is_kept_by_nobody(smtp_server, clock, ana):
    for path in ADDRESS.findall(part(digest_of(ana, smtp_server, clock))):
        response = Client().get(path)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies
        page = response.content.decode()
        assert "Ana" not in page
        assert ana.email not in page
    ana.refresh_from_db()
    assert (ana.digest, ana.mails_replies) == ("hourly", True)


def test_a_link_ends_mail_of_its_kind_and_subscribes_again(smtp_server, clock, ana):
    kind_path, _ = ADDRESS.findall(part(digest_of(ana, smtp_server, clock)))
    page = Client().post(kind_path).content.decode()
    assert "no more mail about answers to your comments" in page
    ana.refresh_from_db()
    assert (ana.digest, ana.mails_replies, ana.mails_mentions) == ("hourly", False, True)
    Client().post(kind_path, {"again": "yes"})
    ana.refresh_from_db()
    assert ana.mails_replies


def test_subscribing_again_is_as_often_as_before(smtp_server, clock, ana):
    User.objects.filter(pk=ana.pk).update(digest="daily")
    path = f"/account/mail/{unsubscribing.token_for(ana, what='all')}/"
    page = Client().post(path).content.decode()
    assert 'name="digest" value="daily"' in page
    Client().post(path, {"again": "yes", "digest": "daily"})
    ana.refresh_from_db()
    assert ana.digest == "daily"
    Client().post(path)
    Client().post(path, {"again": "yes", "digest": "nonsense"})
    ana.refresh_from_db()
    assert ana.digest == "hourly"


@pytest.mark.parametrize("token", ["x", "1.all", "1.all~xyz", "1.all:xyz", "é", "a" * 3000])
def test_a_made_up_link_is_no_link(ana, token):
    assert Client().get(f"/account/mail/{token}/").status_code == 404
    assert Client().post(f"/account/mail/{token}/").status_code == 404


def test_a_link_of_somebody_gone_says_no_more_than_any_other(ana):
    path = f"/account/mail/{unsubscribing.token_for(ana, what='all')}/"
    ana.delete()
    assert Client().post(path).status_code == 200
    assert Client().post(path, {"again": "yes"}).status_code == 200


def test_a_link_works_for_years_and_for_its_kind_alone(ana, clock):
    path = f"/account/mail/{unsubscribing.token_for(ana, what='reply')}/"
    clock.shift(3 * 365 * 86_400)
    assert Client().get(path).status_code == 200
    assert Client().get(path.replace("reply", "all")).status_code == 404


@pytest.mark.once
@pytest.mark.browser
def test_the_page_that_ends_mail_can_be_used_by_everybody(page, assert_accessible):
    ana = make_user(name="Ana")
    page.goto(f"/account/mail/{unsubscribing.token_for(ana, what='all')}/")
    assert_accessible(page)
    page.get_by_role("button", name="End this mail").click()
    page.get_by_role("heading", name="No more of these mails").wait_for()
    assert_accessible(page)
    page.get_by_role("button", name="Subscribe again").click()
    page.get_by_role("heading", name="You get these mails again").wait_for()
