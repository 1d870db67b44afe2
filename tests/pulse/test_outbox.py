"""The outbox: mail goes out if and only if the transaction did, once, whatever the mail server does."""

import datetime as dt

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pulse import mailing, outbox, worker
from pulse.models import Heartbeat, OutgoingMail
from pulse.outbox import Letter, Status
from tests.factories import PASSWORD, make_user
from tests.smtp_server import END, row, send

pytestmark = pytest.mark.django_db


# ---- What goes out


def test_a_mail_arrives_with_its_parts_and_headers(smtp_server, settings):
    send(subject="Zwei\nZeilen, ünd", html="<p>A text.</p>", headers={"List-Id": "<replies.example>"})
    mailing.deliver()
    [message] = smtp_server.messages
    assert str(message["To"]) == "ana@example.org"
    assert message["From"] == settings.DEFAULT_FROM_EMAIL
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<replies.example>"
    assert message["Message-ID"] == mailing.message_id("one")
    assert [part.get_content_type() for part in message.get_payload()] == ["text/plain", "text/html"]
    assert row().status == Status.SENT


def test_a_message_id_is_the_same_for_a_key_and_does_not_tell_it():
    assert mailing.message_id("digest:12") == mailing.message_id("digest:12")
    assert mailing.message_id("digest:12") != mailing.message_id("digest:13")
    assert "digest" not in mailing.message_id("digest:12")
    assert mailing.message_id("digest:12").endswith("@testserver>")


def test_the_same_key_is_sent_once(smtp_server):
    send()
    send(text="Another text.")
    mailing.deliver()
    send()
    mailing.deliver()
    assert len(smtp_server.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_sent(smtp_server):
    with transaction.atomic():
        send()
        transaction.set_rollback(True)
    with transaction.atomic():
        send("two")
    mailing.deliver()
    assert not OutgoingMail.objects.filter(key="one").exists()
    assert len(smtp_server.messages) == 1


def test_a_mail_for_later_waits(smtp_server, clock):
    send(after=timezone.now() + dt.timedelta(hours=2))
    mailing.deliver()
    assert smtp_server.messages == []
    clock.shift(7_201)
    mailing.deliver()
    assert len(smtp_server.messages) == 1


def test_what_somebody_waits_for_goes_first(smtp_server, clock):
    send("one", to="later@example.org")
    clock.shift(60)
    send("two", to="now@example.org", is_urgent=True)
    mailing.deliver()
    assert smtp_server.addresses == ["now@example.org", "later@example.org"]


def test_a_sent_mail_leaves_no_text_and_is_forgotten_later(smtp_server, clock, settings):
    send(html="<p>A text.</p>")
    mailing.deliver()
    sent = row()
    assert (sent.subject, sent.text, sent.html, sent.to) == ("", "", "", "ana@example.org")
    clock.shift(settings.PULSE_MAIL_KEPT_DAYS * 86_400 + 1)
    outbox.forget_old()
    assert not OutgoingMail.objects.exists()


def test_mail_is_sent_in_turns(smtp_server, settings):
    settings.PULSE_MAIL_BATCH = 2
    for key in ("one", "two", "three"):
        send(key)
    assert mailing.deliver() is True
    assert len(smtp_server.messages) == 2
    assert mailing.deliver() is False
    assert len(smtp_server.messages) == 3


def test_a_slow_server_does_not_keep_a_turn_for_itself(smtp_server, settings):
    settings.PULSE_MAIL_TURN = 0.1
    smtp_server.waits[END] = 0.2
    send("one")
    send("two")
    assert mailing.deliver() is True
    assert len(smtp_server.messages) == 1


# ---- Written when it is sent


@pytest.fixture
def letters(monkeypatch) -> dict[str, Letter | None]:
    """What the writer of the kind “letter” writes, by key."""
    by_key: dict[str, Letter | None] = {}
    monkeypatch.setitem(outbox._writers, "letter", lambda key: by_key[key])
    return by_key


def test_a_promised_mail_is_written_when_it_is_sent(smtp_server, letters):
    outbox.promise(key="one", kind="letter")
    letters["one"] = Letter("new@example.org", "Now", "As it is now.")
    mailing.deliver()
    assert smtp_server.addresses == ["new@example.org"]


def test_a_promised_mail_that_nobody_should_get_any_more_is_dropped(smtp_server, letters):
    outbox.promise(key="one", kind="letter")
    letters["one"] = None
    mailing.deliver()
    assert smtp_server.messages == []
    assert not OutgoingMail.objects.exists()


def test_a_mail_that_cannot_be_written_holds_up_no_other(smtp_server, letters, caplog):
    outbox.promise(key="missing", kind="letter")
    send("two")
    mailing.deliver()
    assert len(smtp_server.messages) == 1
    assert row("missing").status == Status.WAITING
    assert "could not be written" in row("missing").trouble


def test_a_mail_that_nobody_writes_is_a_mistake():
    with pytest.raises(LookupError):
        outbox.promise(key="one", kind="telegram")


# ---- Sign-in mail, and the usual way to send


@pytest.mark.django_db(transaction=True)
def test_no_request_talks_to_the_mail_server(smtp_server):
    """Signing up is answered while the mail server is away; the code follows when it is back."""
    smtp_server.stop()
    fields = {"display_name": "Ana", "email": "ana@example.org", "password1": "a short sentence works"}
    client = Client()
    response = client.post(reverse("account_signup"), fields)
    assert response.status_code == 302
    smtp_server.start()
    mailing.deliver()
    [message] = smtp_server.messages
    code = str(message["Subject"]).split()[0]
    client.post(response["Location"], {"code": code})
    assert "_auth_user_id" in client.session
    sent = OutgoingMail.objects.get()
    assert sent.kind == "email_confirmation_signup"
    assert sent.ends_at - sent.next_at == dt.timedelta(minutes=15)


def test_what_is_sent_the_usual_way_goes_through_the_outbox(smtp_server):
    message = EmailMultiAlternatives("A subject", "A text.", to=["ana@example.org", "bo@example.org"])
    message.attach_alternative("<p>A text.</p>", "text/html")
    message.send()
    send_mail("Another", "A text.", None, ["cy@example.org"])
    assert smtp_server.messages == []
    mailing.deliver()
    assert sorted(smtp_server.addresses) == ["ana@example.org", "bo@example.org", "cy@example.org"]
    assert mail.outbox == []


@pytest.mark.parametrize("state", ["never started", "silent", "ok"])
def test_a_site_without_a_worker_says_so_when_somebody_waits_for_a_mail(
    smtp_server, caplog, state, django_capture_on_commit_callbacks
):
    if state != "never started":
        age = dt.timedelta(hours=1) if state == "silent" else dt.timedelta()
        Heartbeat.objects.create(name=worker.WORKER, beat_at=timezone.now() - age)
    with django_capture_on_commit_callbacks(execute=True):
        send(is_urgent=True)
    assert (f"the worker is {state}" in caplog.text) == (state != "ok")


# ---- The list in the admin


@pytest.fixture
def operator(client) -> Client:
    user = make_user(is_staff=True, is_superuser=True)
    client.login(email=user.email, password=PASSWORD)
    return client


def test_the_list_shows_what_needs_a_decision_first_and_no_text(operator, smtp_server):
    send("one", to="sent@example.org", text="A secret.", subject="123456")
    mailing.deliver()
    smtp_server.answers[END] = ""
    send("two", to="doubt@example.org", text="A secret.", subject="123456")
    mailing.deliver()
    send("three", to="wait@example.org", text="A secret.", subject="123456")
    page = operator.get("/admin/pulse/outgoingmail/").content.decode()
    assert page.index("doubt@example.org") < page.index("wait@example.org") < page.index("sent@example.org")
    detail = operator.get(f"/admin/pulse/outgoingmail/{row('three').pk}/change/").content.decode()
    assert "A secret." not in page + detail
    assert "123456" not in page + detail


def test_an_operator_sends_again_what_failed_and_nothing_else(operator, smtp_server):
    smtp_server.answers[END] = ""
    send("one")
    mailing.deliver()
    smtp_server.answers.clear()
    smtp_server.messages.clear()
    send("two")
    mailing.deliver()
    fields = {"action": "send_again", "_selected_action": [row("one").pk, row("two").pk]}
    page = operator.post("/admin/pulse/outgoingmail/", fields, follow=True).content.decode()
    assert "1 of 2 will be sent again" in page
    mailing.deliver()
    assert [m["Message-ID"] for m in smtp_server.messages] == [
        mailing.message_id("two"),
        mailing.message_id("one"),
    ]


def test_only_an_operator_sees_the_list(client):
    user = make_user(role="Editor")
    client.login(email=user.email, password=PASSWORD)
    assert client.get("/admin/pulse/outgoingmail/").status_code == 403
