"""How many stories have an outlook for each month of each year. Counting looks at every outlook there is, so
the numbers are kept among the parts of pages (`pulse.parts`)."""

import datetime as dt
import json
from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from articles.horizons import LAST_DAY, due_between
from pulse import parts
from pulse.art import Trace, trace
from pulse.changes import plans
from pulse.edition import edition
from pulse.parts import Made
from pulse.prepared import Prepared

YEARS = "outlook years"
TAGS = {"stories", "outlooks"}
_KEPT = Prepared(lambda by, now: parts.right(YEARS, parts.ONE, by, now), str, dt.datetime)


@dataclass(frozen=True)
class OutlookYear:
    """A year, and how many stories have an outlook for each of its months."""

    number: int
    months: list[int]

    @property
    def stories(self) -> int:
        return sum(self.months)

    @property
    def line(self) -> Trace:
        return trace(self.months, width=640, height=48, linear=True)


def register() -> None:
    """Say how the numbers are made; called when the site starts."""
    parts.kind(YEARS, parts.Kind(make=_make, missing=parts.only_one))


def years() -> list[OutlookYear]:
    """All years with an outlook, the furthest first. One query, or two where they are counted afresh."""
    kept = _KEPT.rows(edition(), timezone.now())
    counted = json.loads(parts.unpacked(kept[0][0]).pieces[0]) if kept else _counted()
    months: dict[int, list[int]] = defaultdict(lambda: [0] * 12)
    for month, number in sorted(counted, reverse=True):
        months[month // 100][month % 100 - 1] = number
    return [OutlookYear(number, counts) for number, counts in months.items()]


def _make(of: int) -> Made:
    now = timezone.now()
    return Made(json.dumps(_counted()), TAGS, plans.next_planned(TAGS, after=now))


def _counted() -> list[tuple[int, int]]:
    """(a month as 202812, how many outlooks for its days), in no order. One query, of the index of lists."""
    by_day = due_between(1, LAST_DAY).order_by().values_list("of").annotate(number=Count("*"))
    counted: Counter[int] = Counter()
    for day, number in by_day:
        counted[day // 100] += number
    return list(counted.items())
