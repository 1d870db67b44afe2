"""Sending: retried, refused, uncertain, in the dark and by two workers at once, and never twice."""

import datetime as dt
import os
import queue
import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from pulse import health, mailing, outbox, worker
from pulse.models import Heartbeat, OutgoingMail
from pulse.outbox import Status
from tests import ROOT
from tests.at_once import at_once
from tests.smtp_server import END, GREETING, row, send

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def test_a_server_that_is_away_delays_mail_and_touches_nothing(smtp_server):
    smtp_server.stop()
    send()
    with pytest.raises(OSError, match="refused"):
        mailing.deliver()
    assert (row().status, row().attempts) == (Status.WAITING, 0)
    smtp_server.start()
    mailing.deliver()
    assert len(smtp_server.messages) == 1


def test_a_server_that_lets_nobody_in_delays_mail(smtp_server):
    smtp_server.answers[GREETING] = "554 no"
    send()
    with pytest.raises(OSError, match="554"):
        mailing.deliver()
    assert row().status == Status.WAITING


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", END])
def test_what_is_not_taken_now_is_tried_again_later_and_later(smtp_server, settings, clock, command):
    smtp_server.answers[command] = "451 come back"
    send()
    for wait in (60, 300, 900):
        mailing.deliver()
        assert row().status == Status.WAITING
        assert row().next_at - timezone.now() == dt.timedelta(seconds=wait)
        assert "451 come back" in row().trouble
        clock.shift(wait - 1)
        before = row().attempts
        mailing.deliver()
        assert row().attempts == before
        clock.shift(1)
    smtp_server.answers.clear()
    mailing.deliver()
    assert len(smtp_server.messages) == 1


@pytest.mark.parametrize("command", ["RCPT", "DATA", END])
def test_what_is_refused_for_good_has_failed(smtp_server, clock, command):
    smtp_server.answers[command] = "550 nobody here"
    send()
    send("two", to="bo@example.org")
    mailing.deliver()
    assert row().status == Status.FAILED
    assert row().trouble == "550 nobody here"
    assert row("two").attempts == 1  # the others have their turn
    smtp_server.answers.clear()
    clock.shift(86_400)
    mailing.deliver()
    assert smtp_server.messages == []


def test_a_refused_sender_is_ours_to_mend_and_tried_again(smtp_server):
    smtp_server.answers["MAIL"] = "553 not from you"
    send()
    mailing.deliver()
    assert row().status == Status.WAITING


def test_a_mail_is_given_up_in_the_end(smtp_server, settings, clock):
    smtp_server.answers["RCPT"] = "450 later"
    send()
    mailing.deliver()
    clock.shift(settings.PULSE_MAIL_GIVE_UP + 1)
    mailing.deliver()
    assert row().status == Status.FAILED
    assert "450 later" in row().trouble


def test_a_code_is_not_sent_when_it_no_longer_works(smtp_server, clock):
    send(good_for=900)
    clock.shift(901)
    mailing.deliver()
    assert smtp_server.messages == []
    assert row().status == Status.FAILED


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_connection_that_breaks_before_the_message_was_sent_costs_only_time(smtp_server, clock, command):
    smtp_server.answers[command] = ""
    send()
    mailing.deliver()
    assert row().status == Status.WAITING
    smtp_server.answers.clear()
    clock.shift(61)
    mailing.deliver()
    assert len(smtp_server.messages) == 1


def test_a_server_that_does_not_answer_in_time_is_not_waited_for(smtp_server, settings):
    settings.EMAIL_TIMEOUT = 0.2
    smtp_server.waits["RCPT"] = 0.6
    send()
    mailing.deliver()
    assert row().status == Status.WAITING


@pytest.mark.parametrize("trouble", ["hangs up", "is slow"])
def test_a_mail_that_was_perhaps_taken_is_not_sent_again(smtp_server, settings, clock, caplog, trouble):
    if trouble == "hangs up":
        smtp_server.answers[END] = ""
    else:
        settings.EMAIL_TIMEOUT, smtp_server.waits[END] = 0.2, 0.6
    send()
    mailing.deliver()
    assert row().status == Status.UNCERTAIN
    assert "perhaps sent" in caplog.text
    assert "ana@example.org" not in caplog.text
    smtp_server.answers.clear()
    clock.shift(86_400)
    taken = len(smtp_server.messages)
    mailing.deliver()
    assert len(smtp_server.messages) == taken


def test_operators_hear_of_late_and_uncertain_mail(smtp_server, clock, settings, client):
    health.report("mail_late", outbox.late)
    assert outbox.trouble() == ""
    smtp_server.answers[END] = ""
    send()
    mailing.deliver()
    send("two")
    clock.shift(settings.PULSE_MAIL_LATE + 1)
    assert client.get("/readyz").json().items() >= {"mail_late": 1, "mail_uncertain": 1}.items()
    assert "1 mail has been waiting for more than 5 minutes" in outbox.trouble()
    assert "1 mail has perhaps been sent" in outbox.trouble()


# ---- Crashes, and two workers

SENDER = """
import django
django.setup()
from pulse import mailing
mailing.deliver()
"""


def start_sender(smtp_server) -> subprocess.Popen[bytes]:
    """A process of its own that sends what is due from this test's database."""
    database = connection.settings_dict
    url = (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST'].replace('/', '%2F')}"
        f":{database['PORT']}/{database['NAME']}"
        if connection.vendor == "postgresql"
        else f"sqlite:///{database['NAME']}"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "pulse.settings",
        "DATABASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp_server.port}",
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen([sys.executable, "-c", SENDER], env=environment)


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_hands_a_mail_over_leaves_it_uncertain(smtp_server, settings):
    """The mail server has it, or has not; only the mail server knows."""
    smtp_server.waits[END] = 30
    send()
    process = start_sender(smtp_server)
    assert smtp_server.begun.wait(20)
    process.kill()
    process.wait()
    smtp_server.waits.clear()
    assert row().status == Status.SENDING
    mailing.deliver()
    assert row().status == Status.SENDING  # it could still be at it
    OutgoingMail.objects.update(
        claimed_at=timezone.now() - dt.timedelta(seconds=settings.PULSE_MAIL_DOUBT + 1)
    )
    mailing.deliver()
    assert row().status == Status.UNCERTAIN
    assert len(smtp_server.messages) == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_sends_a_mail(smtp_server):
    for number in range(10):
        send(f"mail {number}", to=f"reader{number}@example.org")
    at_once(mailing.deliver, mailing.deliver)
    assert sorted(smtp_server.addresses) == [f"reader{number}@example.org" for number in range(10)]


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_at_once_what_somebody_waits_for(smtp_server, monkeypatch, settings):
    """It is woken by the commit: its round is an hour here."""
    settings.PULSE_WORKER_ROUND = 3_600
    monkeypatch.setattr(worker, "LONGEST_WAIT", 3_600)
    mail_job = worker._jobs["send mail"]
    monkeypatch.setattr(worker, "_jobs", {"send mail": mail_job})
    stop: queue.SimpleQueue[bool] = queue.SimpleQueue()
    thread = threading.Thread(target=work, args=(stop,))
    thread.start()
    wait_for(lambda: Heartbeat.objects.filter(name="send mail", beat_at__isnull=False).exists())
    send(is_urgent=True)
    wait_for(lambda: smtp_server.messages)
    stop.put(True)
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_a_slow_mail_server_holds_up_no_other_job(smtp_server, monkeypatch, settings):
    settings.PULSE_WORKER_ROUND = 0.05
    smtp_server.waits[GREETING] = 2
    ran: list[float] = []
    monkeypatch.setattr(worker, "_jobs", {"send mail": worker._jobs["send mail"]})
    worker.job("other", lambda: ran.append(time.monotonic()), every=0)
    send()
    stop: queue.SimpleQueue[bool] = queue.SimpleQueue()
    thread = threading.Thread(target=work, args=(stop,))
    thread.start()
    wait_for(lambda: len(ran) > 5)
    assert smtp_server.messages == []
    stop.put(True)
    thread.join(10)


def work(stop: "queue.SimpleQueue[bool]") -> None:
    try:
        worker.work(stop)
    finally:
        connections.close_all()


def wait_for(condition: Any) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
