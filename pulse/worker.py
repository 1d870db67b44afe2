"""The worker: what the site does by itself, a moment later, and beside no reader's request.

Apps register their jobs when they start; `manage.py worker` runs them. A job is claimed by one UPDATE of its
row before it runs, so of two workers one gets it, and after a crash it is free again when the claim ends.
"""

import datetime as dt
import logging
import queue
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import Error, close_old_connections
from django.utils import timezone

from pulse.models import Heartbeat

logger = logging.getLogger(__name__)

WORKER = "worker"  # the name of the worker's own heartbeat
LONGEST_WAIT = 300  # seconds until something that keeps failing is tried again
OK, SILENT, NEVER = "ok", "silent", "never started"


@dataclass(frozen=True)
class Job:
    """Something to be done every so many seconds."""

    name: str
    run: Callable[[], object]
    every: int


_jobs: dict[str, Job] = {}


def job(name: str, run: Callable[[], object], *, every: int) -> None:
    """Have the worker call a function every so many seconds. Apps say so in their AppConfig.

    The function opens its own transactions, ends well within PULSE_WORKER_CLAIM seconds, and does no harm
    when a crash makes it run again. It returns True if there is more to do: then its next turn is at once.
    """
    _jobs[name] = Job(name, run, every)


def work(stop: "queue.SimpleQueue[bool]", *, is_once: bool = False) -> None:
    """Run whatever is due, round after round, until something is put into `stop`; once, until nothing is due.

    A database that is gone is waited for. The job that runs is always finished.
    """
    failures = 0
    while True:
        close_old_connections()
        try:
            has_more, failures = run_round(), 0
        except Error as error:
            has_more, failures = False, failures + 1
            logger.error("The worker cannot reach the database: %s", error)
        if is_once and not has_more:
            return
        if _stopped(stop, after=0 if has_more else _wait(failures)):
            return


def run_round() -> bool:
    """Give a sign of life and run each job that is due, once. Whether one of them has more to do."""
    now = timezone.now()
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=WORKER, beat_at=now)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["beat_at"],
    )
    new = [Heartbeat(name=name, next_at=now) for name in _jobs]
    Heartbeat.objects.bulk_create(new, ignore_conflicts=True)
    return sum(_run(one) for one in _jobs.values()) > 0


def _run(one: Job) -> bool:
    """Run a job if it is due and nobody else runs it. Whether it has more to do."""
    now = timezone.now()
    row = Heartbeat.objects.filter(name=one.name)
    until = now + dt.timedelta(seconds=settings.PULSE_WORKER_CLAIM)
    if not row.filter(next_at__lte=now).update(next_at=until):
        return False
    try:
        has_more = one.run() is True
    except Exception:
        failures = row.values_list("failures", flat=True).get() + 1
        wait = _wait(failures)
        logger.exception("The job “%s” failed. It is tried again in %s seconds.", one.name, wait)
        row.update(failures=failures, next_at=timezone.now() + dt.timedelta(seconds=wait))
        return False
    next_at = now if has_more else now + dt.timedelta(seconds=one.every)
    row.update(beat_at=timezone.now(), failures=0, next_at=next_at)
    return has_more


def _wait(failures: int) -> int:
    """Seconds until the next try: a round, twice as long with every failure in a row."""
    return min(settings.PULSE_WORKER_ROUND * 2 ** min(failures, 10), LONGEST_WAIT)


def _stopped(stop: "queue.SimpleQueue[bool]", *, after: int) -> bool:
    """Whether the end was asked for within so many seconds."""
    try:
        return stop.get(timeout=after)
    except queue.Empty:
        return False


def last_beat() -> dt.datetime | None:
    """When the worker last gave a sign of life; None if never. One query."""
    return Heartbeat.objects.filter(name=WORKER).values_list("beat_at", flat=True).first()


def state(beat: dt.datetime | None) -> str:
    """What a last sign of life says about the worker: “ok”, “silent” or “never started”."""
    if beat is None:
        return NEVER
    is_silent = timezone.now() - beat > dt.timedelta(seconds=settings.PULSE_WORKER_SILENT)
    return SILENT if is_silent else OK
