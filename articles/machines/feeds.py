"""Feeds of the whole site and of one section, topic or author: the stories in full, newest first."""

import datetime as dt
from typing import cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from articles.listings import NEWEST_FIRST, on_list
from articles.models import Article, Author, Revision, RevisionByline, RevisionTerm, Section, Topic
from articles.showing import tags_of_list, tags_of_page
from articles.social import pictures_of
from articles.stories import Story, live_story
from glossary.models import Term
from images.models import Rendition
from pulse.addresses import absolute
from pulse.portable import portable_html
from pulse.syndication import Channel, Enclosure, Entry, Person, answer
from pulse.tags import reads, shows

Filed = Section | Topic | Author


@require_safe
@reads()
def site(request: HttpRequest, form: str) -> HttpResponse:
    """The newest stories of all. Five queries."""
    return _feed(request, None, form)


@require_safe
@reads()
def section(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    """The newest stories of a section. Six queries, as for a topic and an author."""
    return _feed(request, get_object_or_404(Section, slug=slug), form)


@require_safe
@reads()
def topic(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    return _feed(request, get_object_or_404(Topic.objects.in_use(), slug=slug), form)


@require_safe
@reads()
def author(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    return _feed(request, get_object_or_404(Author.objects.in_use(), slug=slug), form)


def _feed(request: HttpRequest, filed: Filed | None, form: str) -> HttpResponse:
    revisions = _newest(filed)
    stories = [live_story(revision) for revision in revisions]
    shows(request, *tags_of_list(filed), *(tag for story in stories for tag in tags_of_page(story)))
    entries = [_entry(revision, story) for revision, story in zip(revisions, stories, strict=True)]
    return answer(_channel(filed, entries), form)


def _newest(filed: Filed | None) -> list[Revision]:
    """The live stories of a feed, with all that it shows of them. Five queries."""
    places = on_list(filed).live().order_by(*NEWEST_FIRST)
    found = (
        Revision.objects.live()
        .filter(pk__in=places.values("revision")[: settings.PULSE_FEED_SIZE])
        .select_related("article", "section", "lead_image")
        .defer("content", "trace")
        .annotate(picture=_social_picture())
        .prefetch_related(
            Prefetch("bylines", RevisionByline.objects.select_related("author")),
            Prefetch("briefing", _published_terms(), to_attr="published_briefing"),
            "topics",
            "article__corrections",
        )
    )
    # Sorted here: asked for an order, a database may read all stories in it instead of these.
    return sorted(found, key=lambda revision: (revision.first_published_at, revision.pk), reverse=True)


def _social_picture() -> Subquery:
    """The file of the lead picture's crop for other sites: a JPEG of moderate size."""
    crop = Rendition.objects.filter(image=OuterRef("lead_image"), preset="social.jpg")
    return Subquery(crop.values("file")[:1])


def _published_terms() -> QuerySet[RevisionTerm]:
    return RevisionTerm.objects.filter(term__status=Term.Status.PUBLISHED).select_related("term")


def _channel(filed: Filed | None, entries: list[Entry]) -> Channel:
    name, tagline = settings.PULSE_SITE_NAME, settings.PULSE_SITE_TAGLINE
    page = "/" if filed is None else filed.get_absolute_url()
    about = f"{name}: {tagline}" if filed is None else getattr(filed, "description", "") or filed.name
    return Channel(
        title=name if filed is None else f"{name}: {filed.name}",
        description=about,
        page=absolute(page),
        root=page,
        entries=entries,
    )


def _entry(revision: Revision, story: Story) -> Entry:
    page = absolute(revision.get_absolute_url())
    picture = _enclosure(revision, story)
    html = render_to_string("articles/_feed_entry.html", {"story": story, "picture": picture})
    corrected = [correction.made_at for correction in story.corrections]
    # Readers sort by it, so stories that came out at one moment differ in their milliseconds.
    updated = max([cast(dt.datetime, revision.live_from), *corrected])
    is_discussed = story.article.discussion != Article.Discussion.HIDDEN
    return Entry(
        id=f"{settings.BASE_URL}/articles/{revision.article_id}",
        address=page,
        title=story.headline,
        html=portable_html(html.strip(), page),
        summary=story.tldr,
        published=cast(dt.datetime, revision.first_published_at),  # a live revision has both
        updated=updated.replace(microsecond=revision.article_id % 1000 * 1000),
        authors=[Person(author.name, absolute(author.get_absolute_url())) for author in story.authors],
        categories=[named.name for named in (story.section, *story.topics) if named],
        picture=picture,
        comments=f"{page}#discussion" if is_discussed else "",
    )


def _enclosure(revision: Revision, story: Story) -> Enclosure | None:
    """The photograph, as cropped for other sites, or the print, which shows nothing that has to be told."""
    if story.lead_image is None:
        prints = pictures_of(story)
        return Enclosure(prints[-1], "image/png") if prints else None
    name = revision.picture or str(story.lead_image.file)  # type: ignore[attr-defined]
    kind = "image/png" if name.endswith(".png") else "image/jpeg"
    address = absolute(default_storage.url(name))
    return Enclosure(address, kind, description=story.image_alt, credit=story.lead_image.credit)
