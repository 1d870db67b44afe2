"""The sitemap (https://www.sitemaps.org/protocol.html): an index, files of a bounded size, and the news.

A story stands in the file that its article's key says, and stays there: file 3 holds the keys from 10,001 to
15,000 that are live. So a file is one indexed query, and a new story changes the last file alone.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.models import Author, Correction, Page, Revision, Section, Topic
from glossary.models import Term
from pulse.addresses import absolute
from pulse.characters import without_controls
from pulse.tags import PLANNED, reads, shows

SIZE = settings.PULSE_SITEMAP_SIZE
PLAIN = (
    "articles:front_page",
    "articles:latest",
    "articles:archive",
    "articles:briefing",
    "articles:corrections",
    "articles:outlook",
    "glossary:index",
)
# Every verb that changes what readers see of a story changes PLANNED: a file names no story by itself.
TAGS = ("stories", "glossary", PLANNED)


class Place(NamedTuple):
    """One page of the site, with whole addresses."""

    address: str
    changed_at: dt.datetime | None = None
    picture: str = ""


class Kind(NamedTuple):
    """What a row of files lists: the rows by the key that decides on their file, and a row as a place."""

    rows: Callable[[], QuerySet[Any]]
    key: str
    place: Callable[[Any], Place]


@require_safe
@reads()
def index(request: HttpRequest) -> HttpResponse:
    """The list of files, each of which holds something. One query of one row for each file."""
    shows(request, *TAGS)
    files = [
        reverse("sitemap_pages"),
        *(reverse("sitemap", args=[name, number]) for name in KINDS for number in _numbers(KINDS[name])),
    ]
    return _xml(request, "articles/sitemap_index.xml", {"files": [absolute(file) for file in files]})


@require_safe
@reads()
def file(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One file of stories, terms, topics or authors. One query; Http404 for one that holds nothing."""
    shows(request, *TAGS)
    kind = KINDS.get(name)
    if kind is None or not number <= 2**63 // SIZE:
        raise Http404
    rows = kind.rows().filter(**{f"{kind.key}__gt": (number - 1) * SIZE, f"{kind.key}__lte": number * SIZE})
    places = [kind.place(row) for row in rows.order_by(kind.key)]
    if not places:
        raise Http404
    return _xml(request, "articles/sitemap.xml", {"places": places})


@require_safe
@reads()
def pages(request: HttpRequest) -> HttpResponse:
    """The pages there are one of: lists, sections, and what editors wrote. Two queries."""
    shows(request, "site", "pages")
    written = Page.objects.filter(is_published=True).order_by("pk")
    places = [
        *(Place(absolute(reverse(name))) for name in PLAIN),
        *(Place(absolute(section.get_absolute_url())) for section in Section.objects.all()),
        *(Place(absolute(page.get_absolute_url()), page.updated_at) for page in written),
    ]
    return _xml(request, "articles/sitemap.xml", {"places": places})


@require_safe
@reads()
def news(request: HttpRequest) -> HttpResponse:
    """The stories of the last two days (https://www.google.com/schemas/sitemap-news/0.9/). One query."""
    shows(request, *TAGS)
    since = timezone.now() - dt.timedelta(hours=settings.PULSE_NEWS_SITEMAP_HOURS)
    stories = (
        Revision.objects.live()
        .filter(first_published_at__gte=since)
        .newest_first()
        .values_list("article__slug", "headline", "first_published_at")[: settings.PULSE_NEWS_SITEMAP_SIZE]
    )
    found = [(_story_address(slug), without_controls(headline), first) for slug, headline, first in stories]
    return _xml(
        request,
        "articles/sitemap_news.xml",
        {"stories": found, "language": settings.LANGUAGE_CODE.partition("-")[0]},
    )


def _xml(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context, content_type="application/xml; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    return response


def _numbers(kind: Kind) -> Iterator[int]:
    """The numbers of a kind's files: from each file on, the first row there is says which comes next."""
    number = 0
    rows = kind.rows().order_by(kind.key).values_list(kind.key, flat=True)
    while first := rows.filter(**{f"{kind.key}__gt": number * SIZE})[:1]:
        number = (first[0] - 1) // SIZE + 1
        yield number


# What is listed


def _stories() -> QuerySet[Any]:
    corrected = Correction.objects.filter(article=OuterRef("article")).order_by("-made_at").values("made_at")
    return (
        Revision.objects.live()
        .annotate(corrected_at=Subquery(corrected[:1]))
        .values_list("article__slug", "live_from", "corrected_at", "lead_image__file", named=True)
    )


def _story_place(row: Any) -> Place:
    return Place(
        _story_address(row.article__slug),
        max(row.live_from, row.corrected_at or row.live_from),
        absolute(default_storage.url(row.lead_image__file)) if row.lead_image__file else "",
    )


def _story_address(slug: str) -> str:
    return absolute(reverse("articles:article", args=[slug]))


def _plain_place(row: Section | Topic | Author) -> Place:
    return Place(absolute(row.get_absolute_url()))


def _term_place(term: Term) -> Place:
    return Place(absolute(term.get_absolute_url()), term.updated_at)


KINDS = {
    "stories": Kind(_stories, "article_id", _story_place),
    "terms": Kind(lambda: Term.objects.published(), "pk", _term_place),
    "topics": Kind(lambda: Topic.objects.in_use(), "pk", _plain_place),
    "authors": Kind(lambda: Author.objects.in_use(), "pk", _plain_place),
}
