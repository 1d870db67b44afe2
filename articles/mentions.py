"""Where the glossary's terms come up in live stories, and how often."""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone

from articles.listings import on_list
from articles.models import Listing
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


def mentions(term: Term) -> Mentions:
    """How often a term came up in each of the last twelve months. One query, of the index of lists alone."""
    this_month = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return Mentions(
        term, _counts(term, [_months_before(this_month, back) for back in range(MONTHS - 1, -2, -1)])
    )


def _counts(term: Term, edges: list[dt.datetime]) -> list[int]:
    """How many live stories with a term first appeared from each moment to before the next.

    The query is that of the first stretch, repeated with the others' moments: Django would take 5 ms to put
    twelve together, and a database 3 ms to sort 6,000 stories into months, where counting them takes 0.5.
    """
    places = on_list(term).live().filter(first_published_at__gte=edges[0], first_published_at__lt=edges[1])
    sql, first = places.order_by().values("kind").query.sql_with_params()
    moments = [connection.ops.adapt_datetimefield_value(moment) for moment in edges]
    others = [dict(zip(moments, stretch, strict=False)) for stretch in pairwise(moments)]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT {place} AS place, COUNT(*) FROM ({sql}) AS places"  # noqa: S608 - a query of Django's
                for place in range(len(others))
            ),
            [moved.get(value, value) for moved in others for value in first],
        )
        return [number for _, number in sorted(cursor.fetchall())]


def _months_before(month: dt.datetime, back: int) -> dt.datetime:
    year, index = divmod(month.year * 12 + month.month - 1 - back, 12)
    return month.replace(year=year, month=index + 1)


def term_of_the_day() -> Mentions | None:
    """A published term that a live story uses, another each day, in turn. Two queries; one reads the names of
    the whole glossary, with one look at the index of lists for each."""
    places = Listing.objects.live().filter(kind=Listing.Kind.TERM, of=OuterRef("pk"))
    used = Term.objects.published().filter(Exists(places)).order_by("pk")
    terms = list(used.only("name", "slug", "definition"))
    return mentions(terms[timezone.localdate().toordinal() % len(terms)]) if terms else None
