"""The worker: what the site does by itself, a moment later, and beside no reader's request.

Apps register their jobs when they start; `manage.py worker` runs them. A job is claimed by one UPDATE of its
row before it runs, so of two workers one gets it, and after a crash it is free again when the claim ends.

Jobs that talk to something slow have a lane of their own: a thread of the worker, beside the others.
"""

import datetime as dt
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import Error, close_old_connections, connections, transaction
from django.utils import timezone

from pulse.counters import counters, place
from pulse.models import Heartbeat

logger = logging.getLogger(__name__)

WORKER = "worker"  # the name of the worker's own heartbeat
LONGEST_WAIT = 300  # seconds until something that keeps failing is tried again
LISTEN = 0.2  # seconds between two looks whether a lane's bell was rung
OK, SILENT, NEVER = "ok", "silent", "never started"


@dataclass(frozen=True)
class Job:
    """Something to be done every so many seconds; every round, if these are none."""

    name: str
    run: Callable[[], object]
    every: int
    lane: str = ""


_jobs: dict[str, Job] = {}


def job(name: str, run: Callable[[], object], *, every: int, lane: str = "") -> None:
    """Have the worker call a function every so many seconds. Apps say so in their AppConfig.

    The function opens its own transactions, ends well within PULSE_WORKER_CLAIM seconds, and does no harm
    when a crash makes it run again. It returns True if there is more to do: then its next turn is at once.
    Jobs of one lane run one after the other, and beside those of other lanes.
    """
    _jobs[name] = Job(name, run, every, lane)


def wake(lane: str) -> None:
    """Once the transaction commits, have this machine's worker begin a round of a lane; no wait, no query.

    A worker on another machine begins within PULSE_WORKER_ROUND seconds anyway.
    """
    transaction.on_commit(lambda: counters().ring(_bell(lane)))


def work(stop: "queue.SimpleQueue[bool]", *, is_once: bool = False) -> None:
    """Run whatever is due, round after round, until something is put into `stop`; once, until nothing is due.

    A database that is gone is waited for. The job that runs is always finished.
    """
    if is_once:
        _work(None, lambda seconds: _stopped(stop, after=seconds), is_once=True)
        return
    ended = threading.Event()
    beside = [
        threading.Thread(target=_work_beside, args=(lane, ended), name=lane)
        for lane in {one.lane for one in _jobs.values()} - {""}
    ]
    for thread in beside:
        thread.start()
    try:
        _work("", lambda seconds: _stopped(stop, after=seconds))
    finally:
        ended.set()
        for thread in beside:
            thread.join()


def _work_beside(lane: str, ended: threading.Event) -> None:
    """Work on a lane until the end; a round begins early when the lane's bell is rung during or after one."""
    bell, heard = (place(_bell(lane)),), counters().generation

    def rest(seconds: float) -> bool:
        nonlocal heard
        until = time.monotonic() + seconds
        while time.monotonic() < until and not counters().has_changed(bell, since=heard):
            if ended.wait(LISTEN):
                break
        heard = counters().generation
        return ended.is_set()

    try:
        _work(lane, rest)
    finally:
        connections.close_all()


def _bell(lane: str) -> str:
    return f"lane:{lane}"


def _work(lane: str | None, rest: Callable[[float], bool], *, is_once: bool = False) -> None:
    """Run one lane's jobs, or all, until `rest`, which waits so many seconds, says that it is over."""
    failures = 0
    while True:
        close_old_connections()
        try:
            has_more, failures = run_round(lane), 0
        except Error as error:
            has_more, failures = False, failures + 1
            logger.error("The worker cannot reach the database: %s", error)
        if is_once and not has_more:
            return
        if rest(0 if has_more else _wait(failures)):
            return


def run_round(lane: str | None = None) -> bool:
    """Give a sign of life and run what is due, once: one lane's jobs, or all. Whether there is more to do."""
    now = timezone.now()
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=WORKER, beat_at=now)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["beat_at"],
    )
    jobs = [one for one in _jobs.values() if lane is None or one.lane == lane]
    new = [Heartbeat(name=one.name, next_at=now) for one in jobs]
    Heartbeat.objects.bulk_create(new, ignore_conflicts=True)
    return sum(_run(one) for one in jobs) > 0


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


def _stopped(stop: "queue.SimpleQueue[bool]", *, after: float) -> bool:
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
