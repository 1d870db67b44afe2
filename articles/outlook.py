"""What we said would happen and by when, and what did: outlooks as readers see them, with their verdicts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.horizons import LAST_DAY, day_number, due_between
from articles.models import Revision, Verdict
from articles.outlook_years import years as outlook_years
from pulse.addresses import absolute
from pulse.paging import Page, names_first_page, page_number, page_of
from pulse.tags import reads, shows

SOON = 6  # outlooks shown as the next to fall due
LATELY = 4  # verdicts shown as the last given


@dataclass(frozen=True)
class Said:
    """An outlook of a live story, as it stands there, and what became of it."""

    article_id: int
    impact_id: int | None
    slug: str
    headline: str
    lenses: list[str]
    text: str
    horizon_on: dt.date
    confidence: str
    test: str
    verdicts: list[Verdict]  # newest first

    @property
    def verdict(self) -> Verdict | None:
        return self.verdicts[0] if self.verdicts else None

    @property
    def has_passed(self) -> bool:
        return self.horizon_on <= timezone.localdate()


@require_safe
@reads()
def index(request: HttpRequest) -> HttpResponse:
    """Our record, the last verdicts, what falls due next, and all years. Six queries."""
    tomorrow = day_number(timezone.localdate()) + 1
    due = list(_soonest_first(due_between(tomorrow, LAST_DAY))[:SOON])
    lately = list(_last_verdicts().select_related("impact").order_by("-given_on", "-pk")[:LATELY])
    wanted = Q(pk__in=[pk for _, pk in due]) | Q(article__in={one.impact.article_id for one in lately})
    said = _said(wanted)
    by_impact = {one.impact_id: one for outlooks in said.values() for one in outlooks}
    context: dict[str, Any] = {
        "record": _record(),
        "soon": _on_their_days(due, said),
        "lately": [by_impact[one.impact_id] for one in lately if one.impact_id in by_impact],
        "years": outlook_years(),
    }
    _shows(request, [*context["soon"], *context["lately"]])
    return render(request, "articles/outlook.html", context)


@require_safe
@reads("page")
def year(request: HttpRequest, year: str) -> HttpResponse:
    """The outlooks for one year, by their days. Four queries. Http404 for a year that has none."""
    years = outlook_years()
    this = next((one for one in years if one.number == int(year)), None)
    if this is None:
        raise Http404("No story has an outlook for this year.")
    if names_first_page(request):
        return redirect(request.path, permanent=True)
    page = _page(this.number, page_number(request))
    _shows(request, page.object_list)
    months = groupby(page.object_list, key=lambda said: said.horizon_on.replace(day=1))
    context = {
        "year": this,
        "years": years,
        "page": page,
        "months": [(month, list(said)) for month, said in months],
    }
    if page.number > 1:
        context["canonical_url"] = absolute(f"{request.path}?page={page.number}")
    return render(request, "articles/outlook_year.html", context)


def _shows(request: HttpRequest, outlooks: Iterable[Said]) -> None:
    shows(request, "stories", "outlooks", *(f"article:{said.article_id}" for said in outlooks))


# Which outlooks


def _page(year: int, number: int) -> Page:
    """A page of a year's outlooks, soonest first. Three queries. Raises Http404 past the end."""
    size = settings.PULSE_PAGE_SIZE
    first = (number - 1) * size
    due = _soonest_first(due_between(year * 10_000, year * 10_000 + 9_999))
    page = page_of(list(due[first : first + size + 1]), number=number, size=size)
    said = _said(Q(pk__in=[pk for _, pk in page.object_list]))
    return Page(number, _on_their_days(page.object_list, said), page.has_next)


def _soonest_first(places: Any) -> Any:
    """(number of a day, revision with an outlook for it)."""
    return places.order_by("of", "-first_published_at", "-revision").values_list("of", "revision")


# What was said, and what became of it


def _said(wanted: Q) -> dict[int, list[Said]]:
    """The outlooks of live stories, by revision. Two queries."""
    rows = list(
        Revision.objects.live()
        .filter(wanted)
        .order_by()
        .values_list("pk", "article", "article__slug", "headline", "impacts", "content__impacts")
    )
    kept = [entry for row in rows for entry in row[-1]]
    verdicts = _verdicts({entry["id"] for entry in kept if entry["id"] and entry["horizon_on"]})
    said: dict[int, list[Said]] = {}
    for pk, article, slug, headline, shown, entries in rows:
        lenses = {(entry["text"], entry["horizon_on"]): entry["lenses"] for entry in shown}
        said[pk] = [
            Said(
                article_id=article,
                impact_id=entry["id"],
                slug=slug,
                headline=headline,
                lenses=lenses.get((entry["text"], entry["horizon_on"]), []),
                text=entry["text"],
                horizon_on=dt.date.fromisoformat(entry["horizon_on"]),
                confidence=entry["confidence"],
                test=entry["test"],
                verdicts=verdicts.get(entry["id"], []),
            )
            for entry in entries
            if entry["horizon_on"]
        ]
    return said


def _on_their_days(due: Iterable[tuple[int, int]], said: dict[int, list[Said]]) -> list[Said]:
    """The outlooks of some revisions for some days, in the order of those."""
    return [one for day, pk in due for one in said.get(pk, []) if day_number(one.horizon_on) == day]


def _verdicts(impacts: Iterable[int]) -> dict[int, list[Verdict]]:
    """All verdicts on some outlooks, newest first. One query."""
    found: dict[int, list[Verdict]] = defaultdict(list)
    for verdict in Verdict.objects.filter(impact__in=impacts):
        found[verdict.impact_id].append(verdict)
    return found


def _last_verdicts() -> Any:
    """The last verdict on each outlook of the stories that readers see."""
    newer = Verdict.objects.filter(impact=OuterRef("impact")).filter(
        Q(given_on__gt=OuterRef("given_on")) | Q(given_on=OuterRef("given_on"), pk__gt=OuterRef("pk"))
    )
    live = Revision.objects.live().filter(article=OuterRef("impact__article"))
    return Verdict.objects.filter(Exists(live), ~Exists(newer))


def _record() -> list[tuple[str, str, int]]:
    """(outcome, its name, how many outlooks) as ordered, without those at none. One query."""
    rows = _last_verdicts().order_by().values_list("outcome").annotate(number=Count("*"))
    numbers = dict(rows)
    return [(value, label, numbers[value]) for value, label in Verdict.Outcome.choices if value in numbers]
