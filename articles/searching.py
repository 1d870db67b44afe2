"""The search page, and its results alone for those who type with script.

Search pages are in no index of a search engine and in no shared cache, and set no cookie.
"""

from dataclasses import dataclass
from functools import partial, wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from articles import search
from articles.models import Author, Revision, SearchEntry, Section, Topic
from articles.querysets import in_order
from articles.search.filing import KINDS, Chosen, Kind
from articles.search.misses import remember_missed
from articles.search.passages import Piece, marked, passage
from articles.search.query import Query, parse
from pulse.addresses import is_number
from pulse.limits import TooMany, count, of_network
from pulse.tags import reads

MAX_AGE = 30  # seconds in the reader's own browser, so that going back from a story is quick
STEP = 10  # searches of a network that a process counts by itself, so that most searches write nothing
SORTS = ("", "newest")
YEARS = range(1, 10_000)
FILED: dict[Kind, Any] = {
    "section": Section.objects.all,
    "topic": Topic.objects.in_use,
    "author": Author.objects.in_use,
}


@dataclass(frozen=True)
class Result:
    """A story that was found, its headline and the passage in pieces."""

    story: Revision
    headline: list[Piece]
    passage: list[Piece]


@dataclass(frozen=True)
class Choice:
    """A link that narrows the search, or widens it again if it is chosen."""

    name: str
    address: str
    stories: int = 0
    is_chosen: bool = False


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    query: Query
    chosen: dict[Kind, Any]  # a Section, a Topic, an Author; a year by its number
    sort: str
    page: str

    def address(self, **other: str) -> str:
        """The address of this search on its first page, with something else about it."""
        asked: dict[str, str] = {"q": self.query.text}
        asked |= {kind: _key(self.chosen.get(kind, "")) for kind in KINDS}
        asked |= {"sort": self.sort, **other}
        given = {name: value for name, value in asked.items() if value}
        return f"{reverse('articles:search')}?{urlencode(given)}"

    @property
    def keys(self) -> Chosen:
        return Chosen(**{kind: getattr(thing, "pk", thing) for kind, thing in self.chosen.items()})


def paced(template: str) -> Any:
    """For a search view: 429 with `template` and Retry-After to a network that asks too often."""

    def decorate(view: Any) -> Any:
        @wraps(view)
        def wrapper(request: HttpRequest) -> HttpResponse:
            try:
                count("searches", of_network(request), most=settings.PULSE_SEARCHES_PER_MINUTE, step=STEP)
            except TooMany as refusal:
                response = render(request, template, {"wait": refusal.wait}, status=429)
                response["Retry-After"] = str(refusal.seconds)
            else:
                response = view(request)
                patch_cache_control(response, private=True, max_age=MAX_AGE)
            response["X-Robots-Tag"] = "noindex"
            return response

        return wrapper

    return decorate


@reads("q", "sort", "page", *KINDS)
@require_safe
@paced("articles/search_paused.html")
def search_page(request: HttpRequest) -> HttpResponse:
    """Search: `q`, narrowed by `section`, `topic`, `author` (slugs) and `year`, `sort=newest`, `page`."""
    return render(request, "articles/search.html", _context(_asked(request)))


@reads("q", "sort", "page", "typing", *KINDS)
@require_safe
@paced("articles/_search_paused.html")
def search_results(request: HttpRequest) -> HttpResponse:
    """The results alone, as HTML. With `typing`, the last word may be the beginning of one."""
    is_typing = "typing" in request.GET
    context = _context(_asked(request, is_typing=is_typing), is_typing=is_typing)
    return render(request, "articles/_search_results.html", context)


def _asked(request: HttpRequest, *, is_typing: bool = False) -> Asked:
    """Read the address. What does not exist, or is in no story readers see, is a 404."""
    sort = request.GET.get("sort", "")
    if sort not in SORTS:
        raise Http404
    chosen: dict[Kind, Any] = {
        kind: get_object_or_404(FILED[kind](), slug=slug)
        for kind in FILED
        if (slug := request.GET.get(kind, ""))
    }
    if year := request.GET.get("year", ""):
        if not (is_number(year, 4) and int(year) in YEARS):
            raise Http404
        chosen["year"] = int(year)
    query = parse(request.GET.get("q", ""), is_typing=is_typing)
    return Asked(query, chosen, sort, request.GET.get("page", "1"))


def _context(asked: Asked, *, is_typing: bool = False) -> dict[str, Any]:
    """What the results are drawn from. Eleven queries at most, and more only if nothing is found."""
    find = partial(search.find, chosen=asked.keys, newest_first=asked.sort == "newest")
    query = asked.query
    found = find(query)
    if query and not found.revisions and not is_typing:
        query = parse(asked.query.text, is_typing=True)  # an address may hold what was typed so far
        found = find(query)
    page = _page(found, asked.page)
    has_missed = bool(query) and not found.revisions
    term = None if asked.query.is_too_long else search.defined_term(asked.query)
    meant = search.meant(asked.query, asked.keys) if has_missed and not is_typing else ""
    if has_missed and not (is_typing or asked.chosen or term):
        remember_missed(asked.query)
    return {
        "asked": asked,
        "query": asked.query,
        "page": page,
        "results": _results(page, query),
        "total": len(found.revisions),
        "is_cut": found.is_cut,
        "term": term,
        "meant": meant,
        "meant_address": asked.address(q=meant) if meant else "",
        "everywhere": reverse("articles:search") + "?" + urlencode({"q": asked.query.text}),
        "groups": _groups(asked, found),
        "chosen": _chosen(asked),
        "sorts": _sorts(asked),
        "newer": asked.address(page=_number(page.number - 1)) if page.has_previous() else "",
        "older": asked.address(page=_number(page.number + 1)) if page.has_next() else "",
        "max_chars": settings.PULSE_SEARCH_MAX_CHARS,
        "hidden": {kind: _key(thing) for kind, thing in asked.chosen.items()} | {"sort": asked.sort},
    }


def _page(found: search.Found, number: str) -> Page[int]:
    """A page past the end, or not a number, is 404."""
    try:
        return Paginator(found.revisions, settings.PULSE_PAGE_SIZE).page(number)
    except (PageNotAnInteger, EmptyPage) as error:
        raise Http404 from error


def _number(page: int) -> str:
    return str(page) if page > 1 else ""


def _results(page: Page[int], query: Query) -> list[Result]:
    """The stories of a page, in its order, as readers see them. Three queries."""
    pks = list(page.object_list)
    if not pks:
        return []
    stories = {story.pk: story for story in Revision.objects.live().filter(pk__in=pks).for_rows()}
    texts = dict(SearchEntry.objects.filter(revision__in=stories).values_list("revision_id", "text"))
    return [
        Result(
            story=stories[pk],
            headline=marked(stories[pk].headline, query.wanted),
            passage=passage(texts.get(pk, ""), query.wanted),
        )
        for pk in pks
        if pk in stories
    ]


# Links


def _groups(asked: Asked, found: search.Found) -> list[tuple[str, list[Choice]]]:
    """What the search may be narrowed to, under headings; nothing where it would change nothing."""
    groups = []
    for kind in KINDS:
        counts = {key: number for (of, key), number in found.filed.items() if of == kind}
        is_a_choice = any(number < len(found.revisions) for number in counts.values())
        if kind not in asked.chosen and is_a_choice:
            choices = _choices(asked, kind, counts, show_counts=not found.is_cut)
            groups.append((kind.capitalize(), choices))
    return groups


def _choices(asked: Asked, kind: Kind, counts: dict[int, int], *, show_counts: bool) -> list[Choice]:
    """The links of one heading, most stories first, years newest first. One query, none for years."""
    most = sorted(counts, key=lambda key: (-counts[key], key))[: settings.PULSE_SEARCH_FACETS]
    things = {key: key for key in sorted(most, reverse=True)} if kind == "year" else _things(kind, most)
    return [
        Choice(str(thing), asked.address(**{kind: _key(thing)}), counts[key] if show_counts else 0)
        for key, thing in things.items()
    ]


def _things(kind: Kind, keys: list[int]) -> dict[int, Any]:
    models: dict[Kind, Any] = {"section": Section, "topic": Topic, "author": Author}
    return {thing.pk: thing for thing in in_order(models[kind].objects.all(), keys)}


def _chosen(asked: Asked) -> list[Choice]:
    """What the search is narrowed to, each with the address of the search without it."""
    return [
        Choice(str(asked.chosen[kind]), asked.address(**{kind: ""}), is_chosen=True)
        for kind in KINDS
        if kind in asked.chosen
    ]


def _sorts(asked: Asked) -> list[Choice]:
    names = {"": "Best match", "newest": "Newest"}
    return [
        Choice(name, asked.address(sort=sort), is_chosen=asked.sort == sort) for sort, name in names.items()
    ]


def _key(thing: Any) -> str:
    """How an address names a section, topic, author or year."""
    return str(getattr(thing, "slug", thing))
