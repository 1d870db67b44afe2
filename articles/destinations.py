"""Where the links of a story lead on our own site, and which of them lead readers nowhere."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.urls import Resolver404, resolve

from articles.models import Article, Author, Page, PreviousSlug, Revision, Section, Topic
from glossary.models import PreviousSlug as PreviousTermSlug
from glossary.models import Term
from images.files import STEM
from pulse.links import is_elsewhere, is_link
from pulse.syndication import FORMS

# Views that show one thing, and what kind of thing that is. Every other page of the site is always there.
KINDS = {
    "articles:article": "story",
    "articles:print": "story",
    "articles:section": "section",
    "articles:topic": "topic",
    "articles:author": "author",
    "glossary:term": "term",
    "articles:markdown": "story",
    "glossary:markdown": "term",
    **{f"articles:{kind}_{form}": kind for kind in ("section", "topic", "author") for form in FORMS},
    **{f"comments:{form}": "story" for form in FORMS},
    "page": "page",
    "images:media": "file",
    "admin": "newsroom",
}
NOT_OURS = ("mailto:",)
NOWHERE = "leads nowhere: there is no such page."
NOT_LIVE = "leads to a story that is not live, so readers do not find it."
NEWSROOM = "leads into the newsroom, where readers may not go."
NO_ADDRESS = "is no address readers can follow: begin it with https:// or, on this site, with /."
NO_ANCHOR = "leads to no heading of this story."

# Places on every article page; those in its own text are given by whoever reads the text.
PARTS_OF_PAGE = {"", "main", "tldr", "impact", "briefing", "discussion"}


@dataclass(frozen=True)
class Trouble:
    """A link that does not do what it should: why, in words that follow its address, and a better address."""

    address: str
    reason: str
    instead: str = ""


@dataclass(frozen=True)
class Place:
    """What an address of ours shows: the kind of thing, and its slug or file name. One that is always there
    has no kind."""

    kind: str
    key: str


@dataclass(frozen=True)
class Known:
    """Which places readers can open, where moved ones went, and which stories are merely not live."""

    there: Collection[Place]
    moved: dict[Place, str]
    waiting: Collection[Place]


def troubles(
    addresses: Iterable[str],
    *,
    anchors: Collection[str],
    files: Collection[str],
    article: Article | None = None,
) -> list[Trouble]:
    """What is wrong with the links of a story, in their order; addresses on other sites are not looked at.

    `anchors` are the ids in its own text, `files` the stems of the library's files that it names. Eight
    queries at most, however many links there are.
    """
    inside = [address for address in dict.fromkeys(addresses) if not _is_outside(address)]
    places = {address: _place(path) for address in inside if (path := _path(address))}
    known = _look_up({place for place in places.values() if place and place.kind}, files, article)
    found = (
        _wrong_address(address, places.get(address), known) or _wrong_anchor(address, anchors, article)
        for address in inside
    )
    return [trouble for trouble in found if trouble]


# Reading an address


def _is_outside(address: str) -> bool:
    return is_elsewhere(address) or address.lower().startswith(NOT_OURS)


def _path(address: str) -> str:
    """The path of an address of ours; empty for a place on the same page."""
    return unquote(urlsplit(address.removeprefix(settings.BASE_URL)).path)


def _place(path: str) -> Place | None:
    """What a path shows, or None if there is no such page."""
    if path.startswith(settings.STATIC_URL):
        return Place("", "")
    for candidate in (path, f"{path}/"):  # without its last slash an address is redirected
        try:
            match = resolve(candidate)
        except Resolver404:
            continue
        view = "admin" if "admin" in match.namespaces else match.view_name
        return Place(KINDS.get(view, ""), str(match.kwargs.get("slug") or match.kwargs.get("name") or ""))
    return None


# Asking the database


def _look_up(places: set[Place], files: Collection[str], article: Article | None) -> Known:
    keys: dict[str, set[str]] = defaultdict(set)
    for place in places:
        keys[place.kind].add(place.key)
    there = {Place(kind, key) for kind, wanted in keys.items() for key in _there(kind, wanted)}
    there |= {Place("file", name) for name in keys.get("file", set()) if name[:STEM] in files}
    if article is not None:
        there.add(Place("story", article.slug))
    gone = {kind: {key for key in wanted if Place(kind, key) not in there} for kind, wanted in keys.items()}
    moved = _moved_stories(gone.get("story", set())) | _moved_terms(gone.get("term", set()))
    stories = {key for key in gone.get("story", set()) if Place("story", key) not in moved}
    waiting = Article.objects.filter(slug__in=stories).values_list("slug", flat=True) if stories else []
    return Known(there, moved, {Place("story", slug) for slug in waiting})


OPEN: dict[str, Callable[[], QuerySet[Any]]] = {
    "story": lambda: Article.objects.live(),
    "section": lambda: Section.objects.all(),
    "topic": lambda: Topic.objects.in_use(),
    "author": lambda: Author.objects.in_use(),
    "term": lambda: Term.objects.published(),
    "page": lambda: Page.objects.filter(is_published=True),
}


def _there(kind: str, slugs: set[str]) -> Iterable[str]:
    """Those of these slugs that readers can open. One query."""
    return OPEN[kind]().filter(slug__in=slugs).values_list("slug", flat=True) if kind in OPEN else []


def _moved_stories(slugs: set[str]) -> dict[Place, str]:
    if not slugs:
        return {}
    live = Revision.objects.live().values("article")
    moved = PreviousSlug.objects.filter(slug__in=slugs, article__in=live).select_related("article")
    return {Place("story", row.slug): row.article.get_absolute_url() for row in moved}


def _moved_terms(slugs: set[str]) -> dict[Place, str]:
    if not slugs:
        return {}
    moved = PreviousTermSlug.objects.filter(slug__in=slugs, term__in=Term.objects.published())
    return {Place("term", row.slug): row.term.get_absolute_url() for row in moved.select_related("term")}


# Judging


def _wrong_address(address: str, place: Place | None, known: Known) -> Trouble | None:
    if not is_link(address):
        return Trouble(address, NO_ADDRESS)
    if not _path(address):
        return None
    if place is None:
        return Trouble(address, NOWHERE)
    if place in known.moved:
        moved = urlsplit(address)._replace(scheme="", netloc="", path=known.moved[place])
        return Trouble(address, f"has moved to {moved.path}", moved.geturl())
    if place.kind == "newsroom":
        return Trouble(address, NEWSROOM)
    if place.kind and place not in known.there:
        return Trouble(address, NOT_LIVE if place in known.waiting else NOWHERE)
    return None


def _wrong_anchor(address: str, anchors: Collection[str], article: Article | None) -> Trouble | None:
    """A place in this very story that is not there. A heading’s id begins with “h-”: easily missed."""
    path, anchor = _path(address), unquote(urlsplit(address).fragment)
    is_own = not path or (article is not None and path == article.get_absolute_url())
    if not is_own or anchor in anchors or anchor in PARTS_OF_PAGE:
        return None
    meant = f"h-{anchor.lower()}"
    return Trouble(address, NO_ANCHOR, f"#{meant}" if meant in anchors else "")
