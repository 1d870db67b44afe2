"""Which days the outlooks of a story are for, kept as lists: one a day, numbered 20281231.

So a year of outlooks, sorted by day, is read from the index of lists, and no story's text on the way.
"""

import datetime as dt
from collections.abc import Iterator

from articles.models import Listing
from articles.querysets import PeriodQuerySet, RevisionQuerySet

LAST_DAY = 9999_12_31


def day_number(day: dt.date) -> int:
    """A day as the number of its list."""
    return day.year * 10_000 + day.month * 100 + day.day


def places(revisions: RevisionQuerySet) -> Iterator[tuple[int, Listing.Kind, int]]:
    """(revision, kind of list, number of its day) for every day that some outlook is for. One query."""
    for pk, impacts in revisions.values_list("pk", "impacts"):
        days = {dt.date.fromisoformat(entry["horizon_on"]) for entry in impacts if entry["horizon_on"]}
        yield from ((pk, Listing.Kind.OUTLOOK, day_number(day)) for day in days)


def due_between(first: int, last: int) -> PeriodQuerySet:
    """The places of live stories on the lists of these days, the first and the last among them."""
    return Listing.objects.live().filter(kind=Listing.Kind.OUTLOOK, of__gte=first, of__lte=last)
