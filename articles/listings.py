"""Lists of stories, newest first: the whole site's, and those of a section, topic, author or term.

What stands on which list is kept in rows of their own, `Listing`, so slim that page 500 is found in the index
alone. The stories themselves are then read by their keys, twenty at a time, and once more through `live()`:
were a row here out of date, a list would be one story short, but show nothing that is not public.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Model, OuterRef, QuerySet, Subquery, prefetch_related_objects
from django.utils import timezone

from articles import horizons
from articles.models import (
    Article,
    Author,
    Correction,
    Listing,
    Revision,
    RevisionByline,
    RevisionTerm,
    Section,
    Topic,
)
from articles.querysets import WORKING_COPY, PeriodQuerySet, RevisionQuerySet, in_order
from glossary.models import Term
from pulse.addresses import path_of
from pulse.paging import Page, page_of
from pulse.prepared import Prepared

Kind = Listing.Kind
KINDS: dict[type[Model], Kind] = {
    Section: Kind.SECTION,
    Topic: Kind.TOPIC,
    Author: Kind.AUTHOR,
    Term: Kind.TERM,
}
DATES = ("first_published_at", "live_from", "live_until")
NEWEST_FIRST = ("-first_published_at", "-revision")
DISCUSSED_DAYS = 30
DISCUSSED = ("article", "article__slug", "headline", "article__comment_count")  # of a revision
AT_ONCE = 1_000  # articles whose places are written in one transaction, by `rebuild`


# Reading


def on_list(filed: Model | None = None) -> PeriodQuerySet:
    """The places on the list of a section, topic, author or term, or else of the whole site."""
    kind, of = (Kind.SITE, 0) if filed is None else (KINDS[type(filed)], filed.pk)
    return Listing.objects.filter(kind=kind, of=of)


def newest(filed: Model | None = None, *, first: int = 0, size: int, pictures: int = 0) -> list[Revision]:
    """Stories of a list from the `first` on, newest first, as rows; the first few with their pictures.

    Two queries, or three with pictures. Which stories they are is found in the index of lists alone.
    """
    now = timezone.now()
    places = on_list(filed).live(now).order_by(*NEWEST_FIRST).values("revision")[first : first + size]
    rows = Revision.objects.live(now).for_rows().filter(pk__in=places)
    # Sorted here: asked for an order, a database may read all stories in it instead of these.
    stories = sorted(rows.select_related("lead_image") if pictures else rows, key=_age, reverse=True)
    prefetch_related_objects(stories[:pictures], "lead_image__renditions")
    return stories


def _age(story: Revision) -> tuple[Any, int]:
    return story.first_published_at, story.pk


def page_of_stories(filed: Model | None = None, *, number: int, pictures: int = 0) -> Page:
    """One page of a list: the queries of `newest`, on any page. Raises Http404 past the end."""
    size = settings.PULSE_PAGE_SIZE
    rows = newest(filed, first=(number - 1) * size, size=size + 1, pictures=pictures)
    return page_of(rows, number=number, size=size)


class Discussed(NamedTuple):
    """A story by its number of comments."""

    article_id: int
    slug: str
    headline: str
    comments: int

    def get_absolute_url(self) -> str:
        return path_of("articles:article", self.slug)


def discussed_among() -> list[Discussed]:
    """The stories of the last month, the newest PULSE_DISCUSSED_AMONG of them, whose discussion is shown.

    Which of them is discussed most is another matter from one comment to the next. One query.
    """
    now = timezone.now()
    since = now - dt.timedelta(days=DISCUSSED_DAYS)
    recent = on_list().live(now).filter(first_published_at__gte=since).order_by(*NEWEST_FIRST)
    newest = recent.values("revision")[: settings.PULSE_DISCUSSED_AMONG]
    rows = Revision.objects.discussed(now).filter(pk__in=newest).order_by()
    return [Discussed(*row) for row in rows.values_list(*DISCUSSED)]


def most_discussed(number: int, among: Iterable[Discussed]) -> list[Discussed]:
    """Of these, those with most comments, the most first; none without. No query."""
    found = sorted((one for one in among if one.comments), key=lambda one: (-one.comments, -one.article_id))
    return found[:number]


def most_discussed_now(number: int, counts: Mapping[int, int]) -> list[Discussed]:
    """The same of articles by their numbers of comments, as they are called now. One query, or none."""
    keys = sorted((pk for pk in counts if counts[pk]), key=lambda pk: (-counts[pk], -pk))[:number]
    rows = _discussed(len(keys)).rows(timezone.now(), *keys) if keys else []
    return most_discussed(number, [Discussed(*row) for row in rows])


def comment_counts(articles: Collection[int]) -> dict[int, int]:
    """The number of comments of each of these articles whose discussion is shown. One query, or none."""
    rows = _counted(len(articles)).rows(*articles) if articles else []
    return {pk: count for pk, count, policy in rows if policy != Article.Discussion.HIDDEN}


@cache
def _discussed(number: int) -> Prepared:
    def build(now: dt.datetime, *articles: int) -> QuerySet[Any]:
        found = Revision.objects.discussed(now).filter(article__in=articles)
        return found.order_by().values_list(*DISCUSSED)

    return Prepared(build, dt.datetime, *[int] * number)


@cache
def _counted(number: int) -> Prepared:
    def build(*articles: int) -> QuerySet[Any]:
        found = Article.objects.filter(pk__in=articles).order_by()
        return found.values_list("pk", "comment_count", "discussion")

    return Prepared(build, *[int] * number)


def page_of_corrections(*, number: int) -> Page:
    """A page of the corrections of live stories, newest first, each with the live `headline` of its story.

    A page is cut before its stories are asked for: one that holds a correction of a story that is not live
    is that much shorter. So the last page costs what the first does. Two queries.
    """
    size = settings.PULSE_PAGE_SIZE
    pks = Correction.objects.order_by("-made_at", "-pk").values_list("pk", flat=True)
    found = page_of(list(pks[(number - 1) * size : number * size + 1]), number=number, size=size)
    headline = Revision.objects.live().filter(article=OuterRef("article")).values("headline")[:1]
    rows = Correction.objects.annotate(headline=Subquery(headline)).select_related("article")
    rows = rows.defer(*(f"article__{field}" for field in WORKING_COPY))
    shown = [correction for correction in in_order(rows, found.object_list) if correction.headline]
    return Page(number, shown, found.has_next)


# Writing


def relist(article: Article) -> None:
    """Write an article's places on all lists anew, from what is live or scheduled.

    Part of every verb that gives, moves or takes away a live period, in its transaction. Seven queries.
    """
    _write([article.pk])


def rebuild(*, after_batch: Callable[[int], Any] | None = None) -> int:
    """Write the places of all articles anew, and return how many articles there are. Some 1,000 a second.

    Readers see whole lists all the while: each thousand articles is one transaction, which holds their rows,
    so that nobody publishes one of them meanwhile. `after_batch` is told how many were done in each.
    """
    done = 0
    for pks in _batches():
        with transaction.atomic():
            list(Article.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))
            _write(pks)
        done += len(pks)
        if after_batch:
            after_batch(len(pks))
    return done


def _batches() -> Iterator[list[int]]:
    last = 0
    while pks := list(
        Article.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    ):
        yield pks
        last = pks[-1]


def _write(articles: list[int]) -> None:
    Listing.objects.filter(revision__in=Revision.objects.filter(article__in=articles).order_by()).delete()
    revisions = Revision.objects.public_or_due().filter(article__in=articles).order_by()
    dates, places = {}, []
    for pk, section, *period in revisions.values_list("pk", "section", *DATES):
        dates[pk] = dict(zip(DATES, period, strict=True))
        places += [(pk, Kind.SITE, 0), (pk, Kind.SECTION, section)]
    places += [*_topics_authors_terms(revisions), *horizons.places(revisions)]
    listings = [Listing(revision_id=pk, kind=kind, of=of, **dates[pk]) for pk, kind, of in places]
    Listing.objects.bulk_create(listings, batch_size=AT_ONCE)


def _topics_authors_terms(revisions: RevisionQuerySet) -> Iterator[tuple[int, Kind, int]]:
    """(revision, kind of list, whose). Three queries."""
    for kind, model, whose in (
        (Kind.TOPIC, Revision.topics.through, "topic"),
        (Kind.AUTHOR, RevisionByline, "author"),
        (Kind.TERM, RevisionTerm, "term"),
    ):
        filed = model._default_manager.filter(revision__in=revisions).order_by()
        yield from ((pk, kind, of) for pk, of in filed.values_list("revision", whose))
