"""The archive: how many stories appeared month by month, and the stories of a month, day by day.

Months and days are the newsroom's own. Stories are counted in the slim index of lists, and a story's row is
read only when it stands on the page.
"""

import calendar
import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.db.models import Min, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.listings import on_list
from articles.models import Listing, Revision, Section
from articles.querysets import PeriodQuerySet, in_order
from articles.showing import tags_of_rows
from articles.tallies import Monthly, Row, Tally
from pulse.addresses import absolute
from pulse.art import Trace, trace
from pulse.counting import count_each, numbers
from pulse.paging import Page, names_first_page, page_number, page_of
from pulse.prepared import Prepared
from pulse.tags import reads, shows

FIRST_YEAR = 2  # in the year 1 a moment may have no name in another zone
LONGEST = 31  # days of a month
LINE_WIDTH, LINE_HEIGHT = 1312, 96


@dataclass(frozen=True)
class Month:
    """A month of the newsroom's calendar, and how many of the stories on the site first appeared in it."""

    year: int
    number: int
    stories: int = 0

    @property
    def start(self) -> dt.datetime:
        return dt.datetime(self.year, self.number, 1, tzinfo=timezone.get_default_timezone())

    @property
    def after(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def day(self) -> dt.date:
        """Its first day, for its name."""
        return dt.date(self.year, self.number, 1)


@dataclass(frozen=True)
class Year:
    """A year, month by month. Its line is as high as its fullest month is beside the fullest of all."""

    number: int
    months: list[Month]
    tallest: int

    @property
    def stories(self) -> int:
        return sum(month.stories for month in self.months)

    @property
    def line(self) -> Trace:
        counts = [month.stories for month in self.months]
        height = max(26, round(LINE_HEIGHT * max(counts) / max(self.tallest, 1)))
        return trace(counts, width=LINE_WIDTH, height=height, linear=True)


@dataclass(frozen=True)
class Day:
    """A day of a month: how many stories, and the page of the month's list that it begins on."""

    date: dt.date
    stories: int
    page: int


@require_safe
@reads()
def index(request: HttpRequest) -> HttpResponse:
    """Every year with its months. One query, or three where they are counted afresh."""
    shows(request, "stories")
    return render(request, "articles/archive.html", {"years": _years()})


@require_safe
@reads()
def year(request: HttpRequest, year: str) -> HttpResponse:
    """A year: its months and its sections. Http404 for one without a story. Three queries, and those of
    counting where numbers are not kept."""
    number = _year_number(year)
    shows(request, "stories", "sections")
    years = STORIES.by_year()
    counts = years.get(number)
    if counts is None:
        raise Http404("Nothing of this year is on the site.")
    before, after = _neighbours(number, years)
    sections = _sections(number)
    shows(request, *(f"section:{section.pk}" for section, _ in sections))
    context = {
        "year": Year(number, _months(number, counts), max(counts)),
        "sections": sections,
        "before": before,
        "after": after,
    }
    return render(request, "articles/archive_year.html", context)


@require_safe
@reads("page")
def month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    """The stories of a month, newest first, and a calendar that leads to each day. Five queries, and those of
    counting where numbers are not kept."""
    this = _month(year, month)
    shows(request, "stories")
    days = _days(this)
    if not days:
        raise Http404("Nothing of this month is on the site.")
    if names_first_page(request):
        return redirect(request.path, permanent=True)
    page = _page(this, page_number(request))
    shows(request, *tags_of_rows(page.object_list))
    before, after = _neighbours(this.year * 100 + this.number, [number for number, _ in STORIES.rows()])
    context = {
        "month": Month(this.year, this.number, sum(day.stories for day in days)),
        "days": days,
        "weeks": _weeks(this, days),
        "line": _line(this, days),
        "page": page,
        "before": Month(*divmod(before, 100)) if before else None,
        "after": Month(*divmod(after, 100)) if after else None,
    }
    if page.number > 1:
        context["canonical_url"] = absolute(f"{request.path}?page={page.number}")
    return render(request, "articles/archive_month.html", context)


def _within(places: PeriodQuerySet, start: dt.datetime, end: dt.datetime) -> PeriodQuerySet:
    return places.filter(first_published_at__gte=start, first_published_at__lt=end)


def _neighbours(this: int, those: Collection[int]) -> tuple[int | None, int | None]:
    """The nearest before and after this of those years, or months as 202611."""
    before = max((other for other in those if other < this), default=None)
    return before, min((other for other in those if other > this), default=None)


def _years() -> list[Year]:
    """Every year with a story, newest first."""
    by_year = STORIES.by_year()
    tallest = max((max(counts) for counts in by_year.values()), default=0)
    return [Year(number, _months(number, counts), tallest) for number, counts in by_year.items()]


def _months(year: int, counts: list[int]) -> list[Month]:
    """The months of a year, with how many stories first appeared in each."""
    return [Month(year, number, stories) for number, stories in enumerate(counts, start=1)]


def _by_month() -> list[Row]:
    """Each month, and how many stories first appeared in it. Two queries, one more for every thirty-three
    years: 25 ms of the database for 100,000 stories."""
    live = on_list().live()
    first = live.aggregate(first=Min("first_published_at"))["first"]
    months = [Month(year, number) for year in _years_since(first) for number in range(1, 13)] if first else []
    counts = count_each([_within(live, month.start, month.after.start) for month in months])
    return [(month.year * 100 + month.number, count) for month, count in zip(months, counts, strict=True)]


def _by_section() -> list[Row]:
    """Each year and section, and how many of its stories first appeared in it. Two queries, one more for
    every 400 of these."""
    live = Listing.objects.live().filter(kind=Listing.Kind.SECTION)
    begun = live.order_by().values_list("of").annotate(first=Min("first_published_at"))
    pairs = [(year, section) for section, first in begun for year in _years_since(first)]
    counts = count_each(
        [
            _within(live.filter(of=section), Month(year, 1).start, Month(year + 1, 1).start)
            for year, section in pairs
        ]
    )
    return [(*pair, count) for pair, count in zip(pairs, counts, strict=True)]


def _years_since(moment: dt.datetime) -> range:
    return range(timezone.localtime(moment).year, timezone.localdate().year + 1)


STORIES = Monthly("stories by month", {"stories"}, _by_month)
SECTIONS = Tally("stories by section", {"sections"}, _by_section)


def _year_number(text: str) -> int:
    """A year that has begun; Http404 for any other."""
    number = int(text)
    if not FIRST_YEAR <= number <= timezone.localdate().year:
        raise Http404("The archive has no such year.")
    return number


def _month(year: str, month: str) -> Month:
    """A month that has begun; Http404 for any other."""
    number, today = _year_number(year), timezone.localdate()
    if not 1 <= int(month) <= 12 or (number, int(month)) > (today.year, today.month):
        raise Http404("The archive has no such month.")
    return Month(number, int(month))


def _sections(year: int) -> list[tuple[Section, int]]:
    """The sections with stories of a year, fullest first. Two queries, and those of counting where the
    numbers are not kept."""
    stories = {section: number for of, section, number in SECTIONS.rows() if of == year}
    full = [(section, stories[section.pk]) for section in Section.objects.all() if section.pk in stories]
    return sorted(full, key=lambda pair: -pair[1])


def _days(month: Month) -> list[Day]:
    """The days of a month that have a story, newest first. One query."""
    last = calendar.monthrange(month.year, month.number)[1]
    edges = [month.start.replace(day=number) for number in range(1, last + 1)]
    empty = [month.after.start] * (LONGEST + 1 - last)
    counts = _BY_DAY.rows(timezone.now(), *edges, *empty)
    days, above = [], 0
    for place, stories in sorted(counts, reverse=True):
        if stories:
            days.append(Day(edges[place].date(), stories, above // settings.PULSE_PAGE_SIZE + 1))
            above += stories
    return days


def _by_day(now: dt.datetime, *edges: dt.datetime) -> QuerySet[Any, Any]:
    """The place of each stretch between these moments, and how many live stories first appeared in it."""
    live = on_list().live(now)
    return numbers([_within(live, *stretch) for stretch in pairwise(edges)])


_BY_DAY = Prepared(_by_day, dt.datetime, *[dt.datetime] * (LONGEST + 1))


def _line(month: Month, days: list[Day]) -> Trace:
    """One beat a day, as high as the day was full."""
    by_number = {day.date.day: day.stories for day in days}
    last = calendar.monthrange(month.year, month.number)[1]
    counts = [by_number.get(number, 0) for number in range(1, last + 1)]
    return trace(counts, width=LINE_WIDTH, height=LINE_HEIGHT, linear=True)


def _weeks(month: Month, days: list[Day]) -> list[list[tuple[int, Day | None]]]:
    """The month as a calendar: weeks from Monday, each day with its number, 0 outside the month."""
    by_number = {day.date.day: day for day in days}
    weeks = calendar.Calendar().monthdayscalendar(month.year, month.number)
    return [[(number, by_number.get(number)) for number in week] for week in weeks]


def _page(month: Month, number: int) -> Page:
    """A page of a month's stories, newest first. Three queries. Raises Http404 past the end."""
    size = settings.PULSE_PAGE_SIZE
    places = _within(on_list().live(), month.start, month.after.start).order_by(
        "-first_published_at", "-revision"
    )
    pks = list(places.values_list("revision", flat=True)[(number - 1) * size : number * size + 1])
    page = page_of(pks, number=number, size=size)
    return Page(number, in_order(Revision.objects.live().for_rows(), page.object_list), page.has_next)
