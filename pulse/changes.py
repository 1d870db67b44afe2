"""Changes on their way: from the database to this machine's pages, and to a content delivery network."""

import datetime as dt
import json
import logging
import threading
import urllib.request
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.db import Error, close_old_connections
from django.db.models import QuerySet
from django.utils import timezone

from pulse.counters import counters
from pulse.models import Change
from pulse.tags import PLANNED, Remembered

logger = logging.getLogger(__name__)
LATE = 120  # seconds: a transaction that commits later than this after its change is not noticed elsewhere
PURGED_AT_ONCE = 100  # changes in one call to the network


class Follower:
    """Reads what other machines changed, twice a second, in a thread of each process that keeps pages."""

    def __init__(self) -> None:
        self._after = 0  # every change up to this number has been seen
        self._from_before: set[int] = set()  # changes older than any page that this process keeps
        self._started = threading.Lock()
        self._is_down = False

    def start(self) -> None:
        """Begin, unless begun: after the server has forked, so before the first page is made. One query."""
        if self._started.acquire(blocking=False):
            with suppress(Error):
                self._from_before.update(self._recent().values_list("pk", flat=True))
            threading.Thread(target=self._follow, name="changes", daemon=True).start()

    def _follow(self) -> None:
        rest = threading.Event()
        while True:
            try:
                self.look()
                self._is_down = False
            except Error as error:
                if not self._is_down:
                    logger.error("Changes made on other machines cannot be read: %s", error)
                self._is_down = True
            finally:
                close_old_connections()
            rest.wait(settings.PULSE_CHANGES_ROUND)

    def look(self) -> None:
        """Apply the changes that this machine does not know yet. One query.

        Numbers are given before a transaction commits, so a smaller one may come to light after a larger: the
        changes of the last minutes are looked at again each time.
        """
        for change in self._recent():
            if change.pk not in self._from_before and not counters().has_applied(change.pk):
                counters().apply(change.pk, change.tags.split())
            if timezone.now() - change.made_at > dt.timedelta(seconds=LATE):
                self._after = change.pk

    def _recent(self) -> QuerySet[Change]:
        return Change.objects.filter(pk__gt=self._after).order_by("pk")


def forget_old() -> None:
    """The worker's job: delete the changes of more than a day ago, which every machine knows by now."""
    Change.objects.filter(made_at__lt=timezone.now() - dt.timedelta(days=1)).delete()


def purge() -> bool:
    """The worker's job: tell the content delivery network which tags have changed. Whether there is more.

    A POST of `{"tags": ["article:12", …]}` to PULSE_CDN_PURGE_URL, with PULSE_CDN_PURGE_TOKEN as its bearer.
    Whatever it answers but a success is an error, and the call is made again later.
    """
    if not settings.CDN_PURGE_URL:
        return False
    waiting = list(Change.objects.filter(purged_at=None).order_by("pk")[:PURGED_AT_ONCE])
    if waiting:
        _tell(sorted({tag for change in waiting for tag in change.tags.split()}))
        Change.objects.filter(pk__in=[change.pk for change in waiting]).update(purged_at=timezone.now())
    return len(waiting) == PURGED_AT_ONCE


def _tell(tags: list[str]) -> None:
    request = urllib.request.Request(  # noqa: S310 - the operator's own address
        settings.CDN_PURGE_URL,
        data=json.dumps({"tags": tags}).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": f"Bearer {settings.CDN_PURGE_TOKEN}",
        },
    )
    with urllib.request.urlopen(request, timeout=settings.PULSE_CDN_TIMEOUT):  # noqa: S310
        pass


# What is planned

Plan = tuple[dt.datetime, frozenset[str]]  # a moment, and the tags that change at it


class Plans:
    """What will change by the clock alone, as the apps tell it: read again when something is planned anew."""

    def __init__(self) -> None:
        self._asked: list[Callable[[], list[Plan]]] = []

    def ask(self, planned: Callable[[], list[Plan]]) -> None:
        """Have this function say what is planned. Apps name it when they start."""
        self._asked.append(planned)
        self._known = Remembered(PLANNED, self._read)

    def next_change(self, tags: set[str], *, after: float) -> float:
        """When a page that shows these tags, begun at a moment, changes next: at midnight at the latest.

        Moments are seconds since 1970. No query, or those of the apps after something was planned; if the
        database does not answer then, nothing is known beyond the page's ordinary life.
        """
        begun = dt.datetime.fromtimestamp(after, tz=dt.UTC)
        midnight = timezone.localtime(begun).replace(hour=0, minute=0, second=0, microsecond=0)
        try:
            plans = self._known.get()
        except Error as error:
            logger.error("What is planned cannot be read: %s", error)
            return after + settings.PULSE_PAGE_LIFE
        moments = [moment for moment, changing in plans if moment > begun and changing & tags]
        return min([midnight + dt.timedelta(days=1), *moments]).timestamp()

    def next_planned(self, tags: set[str], *, after: dt.datetime) -> dt.datetime | None:
        """When something planned next changes one of these tags; None if nothing does. Asks the apps anew."""
        moments = [moment for moment, changing in self._read() if moment > after and changing & tags]
        return min(moments, default=None)

    def _read(self) -> list[Plan]:
        return [plan for ask in self._asked for plan in ask()]


plans = Plans()
