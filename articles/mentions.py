"""Where the glossary's terms come up in live stories, and how often."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import TruncMonth
from django.utils import timezone

from articles.models import Revision
from articles.querysets import RevisionQuerySet
from glossary.models import Term
from pulse.art import Trace, trace

MONTHS = 12


@dataclass(frozen=True)
class Mentions:
    """A term and the number of live stories with it in their briefing, month by month, oldest first."""

    term: Term
    counts: list[int]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def this_month(self) -> int:
        return self.counts[-1]

    @property
    def trace(self) -> Trace:
        return trace(self.counts, width=420, height=120, linear=True)


def stories_with(term: Term) -> RevisionQuerySet:
    """Live stories whose briefing holds a term, newest first."""
    return Revision.objects.live().filter(terms=term).newest_first()


def mentions(term: Term) -> Mentions:
    """How often a term came up in each of the last twelve months. One query."""
    this_month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    months = [_months_before(this_month, back) for back in range(MONTHS - 1, -1, -1)]
    found = (
        Revision.objects.live()
        .filter(terms=term, first_published_at__gte=months[0])
        .annotate(month=TruncMonth("first_published_at"))
        .values_list("month")
        .annotate(number=Count("pk"))
        .order_by()
    )
    numbers = {(month.year, month.month): number for month, number in found}
    return Mentions(term, [numbers.get((month.year, month.month), 0) for month in months])


def _months_before(month: dt.datetime, back: int) -> dt.datetime:
    year, index = divmod(month.year * 12 + month.month - 1 - back, 12)
    return month.replace(year=year, month=index + 1)


def term_of_the_day() -> Mentions | None:
    """A published term that a live story uses, another each day, in turn. Three queries."""
    used = Exists(Revision.objects.live().filter(terms=OuterRef("pk")))
    pks = list(Term.objects.published().filter(used).order_by("pk").values_list("pk", flat=True))
    if not pks:
        return None
    pk = pks[timezone.localdate().toordinal() % len(pks)]
    return mentions(Term.objects.get(pk=pk))
