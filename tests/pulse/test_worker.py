"""The worker: jobs are run when they are due, by one worker, and whatever happens it goes on."""

import datetime as dt
import logging
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from pulse import worker
from pulse.models import Heartbeat
from tests import ROOT
from tests.at_once import at_once

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


@pytest.fixture
def jobs(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[dt.datetime]]:
    """Registers a job in a worker that has no others: `ran = jobs("a name", every=60)`, and when it ran."""
    monkeypatch.setattr(worker, "_jobs", {})

    def register(
        name: str, *, every: int = 60, answer: Callable[[], object] = lambda: None
    ) -> list[dt.datetime]:
        ran: list[dt.datetime] = []

        def run() -> object:
            ran.append(timezone.now())
            return answer()

        worker.job(name, run, every=every)
        return ran

    return register


@pytest.fixture
def clock() -> Iterator[Any]:
    """Noon, and no later until it is moved."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def fail() -> None:
    raise RuntimeError("No paper in the printer.")


def rounds(clock, number: int, *, seconds: int) -> None:
    for _ in range(number):
        worker.run_round()
        clock.shift(seconds)


@pytest.mark.django_db
def test_a_job_runs_at_once_and_then_as_often_as_it_says(jobs, clock):
    often, seldom = jobs("often", every=10), jobs("seldom", every=60)
    rounds(clock, 12, seconds=5)
    assert len(often) == 6
    assert len(seldom) == 1


@pytest.mark.django_db(transaction=True)
def test_a_daily_job_is_not_run_again_because_the_worker_was_restarted(jobs, clock):
    ran = jobs("daily", every=86_400)
    for _ in range(3):
        call_command("worker", "--once")
        clock.shift(3_600)
    assert len(ran) == 1
    clock.shift(86_400)
    call_command("worker", "--once")
    assert len(ran) == 2


@pytest.mark.django_db(transaction=True)
def test_a_job_with_more_to_do_is_called_again_at_once(jobs, clock):
    left = [True, True, False]
    ran = jobs("long", every=3_600, answer=lambda: left.pop(0))
    call_command("worker", "--once")
    assert len(ran) == 3


@pytest.mark.django_db
def test_a_job_that_fails_is_named_in_the_log_and_the_others_run(jobs, clock, caplog):
    jobs("print", answer=fail)
    ran = jobs("post")
    with caplog.at_level(logging.ERROR):
        worker.run_round()
    assert len(ran) == 1
    assert "“print” failed" in caplog.text
    assert "No paper in the printer." in caplog.text


@pytest.mark.django_db
def test_a_job_that_fails_is_tried_again_later_and_later_but_within_minutes(jobs, clock):
    ran = jobs("print", every=5, answer=fail)
    rounds(clock, 400, seconds=5)
    waits = [(later - earlier).seconds for earlier, later in zip(ran, ran[1:], strict=False)]
    assert waits[:5] == [10, 20, 40, 80, 160]
    assert set(waits[5:]) == {worker.LONGEST_WAIT}


@pytest.mark.django_db
def test_after_a_failure_that_passed_a_job_keeps_its_pace(jobs, clock):
    answers = [fail, fail, *[lambda: None] * 20]
    ran = jobs("print", every=5, answer=lambda: answers.pop(0)())
    rounds(clock, 20, seconds=5)
    assert len(answers) < 12
    assert Heartbeat.objects.get(name="print").failures == 0
    assert (ran[-1] - ran[-2]).seconds == 5


@pytest.mark.django_db
def test_a_job_that_a_crashed_worker_had_claimed_is_free_again_after_a_while(jobs, clock, settings):
    def crash() -> None:
        raise SystemExit  # what no handler of errors catches

    answers: list[Callable[[], object]] = [crash, lambda: None]
    ran = jobs("print", answer=lambda: answers.pop(0)())
    with pytest.raises(SystemExit):
        worker.run_round()
    rounds(clock, 2, seconds=settings.PULSE_WORKER_CLAIM // 2)
    assert len(ran) == 1
    worker.run_round()
    assert len(ran) == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_runs_a_job(jobs):
    """Two rounds at the same time: the job of one is not touched by the other, nor are its rows locked."""
    ran = jobs("slow", answer=lambda: time.sleep(0.3))
    at_once(worker.run_round, worker.run_round)
    assert len(ran) == 1
    assert Heartbeat.objects.get(name="slow").beat_at is not None


@pytest.mark.django_db(transaction=True)
def test_without_the_database_the_worker_waits_and_goes_on(jobs, settings, monkeypatch, caplog):
    settings.PULSE_WORKER_ROUND = 0
    stop: queue.SimpleQueue[bool] = queue.SimpleQueue()
    ran = jobs("print", answer=lambda: stop.put(True))
    gone = [True, True]

    def answer(execute, *args):
        if gone:
            gone.pop()
            raise OperationalError("server closed the connection unexpectedly")
        return execute(*args)

    with connection.execute_wrapper(answer):
        worker.work(stop)
    assert len(ran) == 1
    assert caplog.text.count("cannot reach the database") == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "state"), [(None, "never started"), (0, "ok"), (299, "ok"), (301, "silent")]
)
def test_silence_is_noticed(clock, seconds, state):
    if seconds is not None:
        worker.run_round()
        clock.shift(seconds)
    assert worker.state(worker.last_beat()) == state


@pytest.mark.once
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_stops_when_told_and_finishes_its_job(tmp_path, number):
    """A process of its own, with a job that says when it begins and when it has finished."""
    script = tmp_path / "worker_with_a_job.py"
    script.write_text(
        "import django, time\n"
        "django.setup()\n"
        "from django.core.management import call_command\n"
        "from django.db import connection\n"
        "from pulse import worker\n"
        "from pulse.models import Heartbeat\n"
        "def slow():\n"
        "    print('begun', flush=True)\n"
        "    time.sleep(0.5)\n"
        "    print('finished', flush=True)\n"
        "worker._jobs.clear()\n"
        "worker.job('slow', slow, every=3600)\n"
        "with connection.schema_editor() as editor:\n"
        "    editor.create_model(Heartbeat)\n"
        "call_command('worker')\n"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "pulse.settings",
        "PULSE_SECRET_KEY": "only-for-tests",
        "PULSE_DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen(
        [sys.executable, str(script)], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    process.send_signal(number)
    assert process.communicate(timeout=20)[0] == "finished\n"
    assert process.returncode == 0
