"""A story's page and the front page for somebody who is not signed in, from the parts kept of them.

What was left open is filled in: masthead and footer, which each process keeps until what they lead to
changes; how long ago a comment was made; on the front page numbers of comments and the most discussed.
Nothing else is rendered.
"""

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from articles.announcing import count_tag, story_tag
from articles.composing import FRONT, MOST_DISCUSSED, stranger
from articles.listings import Discussed, comment_counts, most_discussed_now
from articles.models import Revision, Section
from articles.navigation import read_links
from articles.rendering import STORY
from articles.rows import comments_in_words
from pulse import parts
from pulse.edition import edition
from pulse.models import Tag
from pulse.moments import fill_ago
from pulse.prepared import Prepared
from pulse.slots import Fill, Pieces, Slot, put_together, taken_apart
from pulse.tags import SITE, ends, shows

SHELLS = 100  # mastheads and footers that a process keeps: one a section, twice while something changes


def may_have_kept(request: HttpRequest) -> bool:
    """Whether a request is answered for everybody alike, and templates are not being changed."""
    return settings.SESSION_COOKIE_NAME not in request.COOKIES and not settings.DEBUG


# A story


def _story(slug: str, by: str, now: dt.datetime) -> QuerySet[Any]:
    found = Revision.objects.live(now).filter(article__slug=slug).order_by()
    page = Subquery(parts.right(STORY, OuterRef("pk"), by, now))
    return found.annotate(page=page, site=_site()).values_list("page", "site")


_STORY = Prepared(_story, str, str, dt.datetime)


def kept_story(request: HttpRequest, slug: str) -> HttpResponse | None:
    """A live story's page with the first page of its discussion; None if none is kept that is right. One
    query."""
    rows = _STORY.rows(slug, edition(), timezone.now())
    if not rows or rows[0][0] is None:
        return None
    page, site = rows[0]
    part = parts.unpacked(page)
    shows(request, *part.tags)
    ends(request, part.ends_at)
    return _answer(request, part.pieces, site or 0, {"ago": fill_ago})


# The front page


def _front(by: str, now: dt.datetime) -> QuerySet[Any]:
    return parts.right(FRONT, parts.ONE, by, now).annotate(site=_site()).values_list("html", "site")


_FRONT = Prepared(_front, str, dt.datetime)


def kept_front_page(request: HttpRequest) -> HttpResponse | None:
    """The front page; None where no part of it is kept that is right. Three queries."""
    rows = _FRONT.rows(edition(), timezone.now())
    if not rows:
        return None
    page, site = rows[0]
    part = parts.unpacked(page)
    listed, among = _open_for(part.pieces)
    counts = comment_counts(listed | among)
    discussed = most_discussed_now(MOST_DISCUSSED, {pk: counts[pk] for pk in among & counts.keys()})
    ends(request, part.ends_at)
    shows(request, *part.tags, *tags_of_discussed(discussed, listed | among))
    own: dict[str, Fill] = {
        "comments": lambda pk: comments_in_words(counts.get(int(pk), 0)),
        "discussed": lambda _: _discussed_html(tuple(discussed)),
    }
    return _answer(request, part.pieces, site or 0, own)


def tags_of_discussed(discussed: Iterable[Discussed], among: Iterable[int]) -> set[str]:
    """Of the most discussed, and of the numbers of comments of those among which they are."""
    return {story_tag(one.article_id) for one in discussed} | set(map(count_tag, among))


@lru_cache(maxsize=SHELLS)
def _discussed_html(discussed: tuple[Discussed, ...]) -> str:
    """Kept under all that it shows."""
    return render_to_string("articles/_most_discussed.html", {"most_discussed": discussed})


def _open_for(pieces: Pieces) -> tuple[set[int], set[int]]:
    """The articles whose numbers of comments a part leaves open, and those that could be discussed most."""
    named: dict[str, set[int]] = {"comments": set(), "discussed": set()}
    for slot in pieces[1::2]:
        kind, *articles = slot.split(".")
        if kind in named:
            named[kind].update(map(int, articles))
    return named["comments"], named["discussed"]


# What all pages have


def _site() -> Subquery:
    """The last change of what masthead and footer show."""
    return Subquery(Tag.objects.filter(name=SITE).values("change"))


def _answer(request: HttpRequest, pieces: Pieces, site: int, own: dict[str, Fill]) -> HttpResponse:
    way_back = quote(request.get_full_path())
    shell: dict[str, Fill] = {
        "masthead": lambda section: put_together(_masthead(site, int(section)), {"next": lambda _: way_back}),
        "footer": lambda _: _footer(site, timezone.localtime().year),
    }
    return HttpResponse(put_together(pieces, shell | own))


@lru_cache(maxsize=SHELLS)
def _masthead(site: int, section: int) -> Pieces:
    """The masthead of pages in a section, or of others, as it is after a change of the site."""
    context = {"section": Section(pk=section) if section else None, "sign_in_next": Slot("next")}
    return taken_apart(render_to_string("_masthead.html", context, _shell_request()))


@lru_cache(maxsize=SHELLS)
def _footer(site: int, year: int) -> str:
    """The footer, as it is after a change of the site."""
    return render_to_string("_footer.html", {}, _shell_request())


def _shell_request() -> HttpRequest:
    request = stranger("/")
    request.pulse_links = read_links()  # type: ignore[attr-defined]
    return request
