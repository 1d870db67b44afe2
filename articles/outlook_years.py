"""The years for which stories have an outlook, and how many of them for each month."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from articles.horizons import LAST_DAY, due_between
from articles.tallies import Monthly, Row
from pulse.art import Trace, trace


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


def years() -> list[OutlookYear]:
    """All years with an outlook, the furthest first. One query, or two where they are counted afresh."""
    return [OutlookYear(number, months) for number, months in OUTLOOKS.by_year().items()]


def _counted() -> list[Row]:
    """How many outlooks are for the days of each month. One query, of the index of lists."""
    by_day = due_between(1, LAST_DAY).order_by().values_list("of").annotate(number=Count("*"))
    counted: Counter[int] = Counter()
    for day, number in by_day:
        counted[day // 100] += number
    return list(counted.items())


OUTLOOKS = Monthly("outlooks by month", {"stories", "outlooks"}, _counted)
