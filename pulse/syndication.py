"""A feed in three forms: RSS 2.0, Atom and JSON Feed 1.1. Values in, bytes out; no model is known here.

Sources: https://www.rssboard.org/rss-specification with the board's profile, RFC 4287 (Atom),
https://www.jsonfeed.org/version/1.1/, https://www.rssboard.org/media-rss, and https://www.w3.org/TR/websub/.
"""

import datetime as dt
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from pulse.addresses import absolute
from pulse.characters import without_controls

NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


class Person(NamedTuple):
    name: str
    address: str = ""  # of their page; "" if they have none


@dataclass(frozen=True)
class Enclosure:
    """A picture that goes with an entry."""

    address: str
    content_type: str
    description: str = ""
    credit: str = ""


@dataclass(frozen=True)
class Entry:
    """One item of a feed. Every address is whole, and `id` stays what it is when the address changes."""

    id: str
    address: str
    title: str
    html: str
    published: dt.datetime
    updated: dt.datetime
    summary: str = ""
    authors: Sequence[Person] = ()
    categories: Sequence[str] = ()
    picture: Enclosure | None = None
    comments: str = ""  # the address of what is said about it


@dataclass(frozen=True)
class Channel:
    """A feed: what it is about, its page, and the address its forms stand under (`<root>feeds/rss/`)."""

    title: str
    description: str
    page: str
    root: str
    entries: Sequence[Entry]

    @property
    def updated(self) -> dt.datetime:
        """The last change of any entry; of an empty feed, this morning, so that it is the same all day."""
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        return max((entry.updated for entry in self.entries), default=midnight)

    def at(self, form: str) -> str:
        """The whole address of one of its forms."""
        return absolute(f"{self.root}feeds/{form}/")


def answer(channel: Channel, form: str) -> HttpResponse:
    """The feed in one of FORMS. Search engines index the stories, not the feed."""
    content_type, write = FORMS[form]
    response = HttpResponse(write(channel), content_type=content_type, headers={"X-Robots-Tag": "noindex"})
    if hub := settings.WEBSUB_HUB:
        response["Link"] = f'<{channel.at(form)}>; rel="self", <{hub}>; rel="hub"'
    return response


# RSS


def rss(channel: Channel) -> bytes:
    root = ET.Element("rss", {"version": "2.0", **NAMESPACES})
    head = ET.SubElement(root, "channel")
    _add(head, "title", channel.title)
    _add(head, "link", channel.page)
    _add(head, "description", channel.description)
    _add(head, "language", settings.LANGUAGE_CODE)
    _add(head, "lastBuildDate", _day(channel.updated))
    _add(head, "atom:link", href=channel.at("rss"), rel="self", type="application/rss+xml")
    if settings.WEBSUB_HUB:
        _add(head, "atom:link", href=settings.WEBSUB_HUB, rel="hub")
    for entry in channel.entries:
        _rss_item(ET.SubElement(head, "item"), entry)
    return _signs_by_number(_document(root))


def _rss_item(item: ET.Element, entry: Entry) -> None:
    _add(item, "title", entry.title)
    _add(item, "link", entry.address)
    _add(item, "guid", entry.id, isPermaLink="false")
    _add(item, "pubDate", _day(entry.published))
    _add(item, "atom:updated", _moment(entry.updated))
    for author in entry.authors:  # RSS's own <author> must be an e-mail address
        _add(item, "dc:creator", author.name)
    for category in entry.categories:
        _add(item, "category", category)
    if entry.summary:
        _add(item, "description", _words(entry.summary))
        _add(item, "content:encoded", entry.html)
    else:  # nothing but the whole, which belongs here then
        _add(item, "description", entry.html)
    if entry.comments:
        _add(item, "comments", entry.comments)
    if entry.picture:
        _rss_picture(item, entry.picture)


def _rss_picture(item: ET.Element, picture: Enclosure) -> None:
    # The length is 0 where it is not known, as the board's profile has it.
    _add(item, "enclosure", url=picture.address, type=picture.content_type, length="0")
    media = _add(item, "media:content", url=picture.address, type=picture.content_type, medium="image")
    if picture.description:
        _add(media, "media:description", picture.description, type="plain")
    if picture.credit:
        _add(media, "media:credit", picture.credit)


def _signs_by_number(document: bytes) -> bytes:
    """With its signs as the board's profile has them, so that most readers show what was typed."""
    for name, number in ((b"&amp;", b"&#x26;"), (b"&lt;", b"&#x3C;"), (b"&gt;", b"&#x3E;")):
        document = document.replace(name, number)
    return document


def _day(moment: dt.datetime) -> str:
    """RFC 822, in UTC: readers do not know every zone."""
    return format_datetime(moment.astimezone(dt.UTC))


# Atom


def atom(channel: Channel) -> bytes:
    feed = ET.Element("feed", {"xmlns": NAMESPACES["xmlns:atom"], "xml:lang": settings.LANGUAGE_CODE})
    _add(feed, "id", channel.at("atom"))
    _add(feed, "title", _words(channel.title), type="html")
    _add(feed, "subtitle", _words(channel.description), type="html")
    _add(feed, "updated", _moment(channel.updated, "milliseconds"))
    _add(feed, "link", rel="self", type="application/atom+xml", href=channel.at("atom"))
    _add(feed, "link", rel="alternate", type="text/html", href=channel.page)
    if settings.WEBSUB_HUB:
        _add(feed, "link", rel="hub", href=settings.WEBSUB_HUB)
    _atom_person(feed, Person(settings.PULSE_SITE_NAME, absolute("/")))  # of an entry without a byline
    for entry in channel.entries:
        _atom_entry(ET.SubElement(feed, "entry"), entry)
    return _document(feed)


def _atom_entry(node: ET.Element, entry: Entry) -> None:
    _add(node, "id", entry.id)
    _add(node, "title", _words(entry.title), type="html")
    _add(node, "published", _moment(entry.published))
    _add(node, "updated", _moment(entry.updated, "milliseconds"))
    _add(node, "link", rel="alternate", type="text/html", href=entry.address)
    for author in entry.authors:
        _atom_person(node, author)
    for category in entry.categories:
        _add(node, "category", term=category)
    if entry.picture:
        _add(node, "link", rel="enclosure", type=entry.picture.content_type, href=entry.picture.address)
    if entry.summary:
        _add(node, "summary", _words(entry.summary), type="html")
    _add(node, "content", entry.html, type="html")


def _atom_person(parent: ET.Element, person: Person) -> None:
    author = ET.SubElement(parent, "author")
    _add(author, "name", person.name)
    if person.address:
        _add(author, "uri", person.address)


# JSON Feed


def json_feed(channel: Channel) -> bytes:
    data: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "description": channel.description,
        "home_page_url": channel.page,
        "feed_url": channel.at("json"),
        "language": settings.LANGUAGE_CODE,
        "items": [_json_item(entry) for entry in channel.entries],
    }
    if settings.WEBSUB_HUB:
        data["hubs"] = [{"type": "WebSub", "url": settings.WEBSUB_HUB}]
    return json.dumps(_carried(data), ensure_ascii=False).encode()


def _carried(value: Any) -> Any:
    """The same without control characters, which JSON would carry and no reader could show."""
    if isinstance(value, dict):
        return {name: _carried(held) for name, held in value.items()}
    if isinstance(value, list):
        return [_carried(held) for held in value]
    return without_controls(value)


def _json_item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.address,
        "title": entry.title,
        "content_html": entry.html,
        "date_published": _moment(entry.published),
        "date_modified": _moment(entry.updated),
    }
    if entry.summary:
        item["summary"] = entry.summary
    if entry.authors:
        item["authors"] = [
            {"name": author.name} | ({"url": author.address} if author.address else {})
            for author in entry.authors
        ]
    if entry.categories:
        item["tags"] = list(entry.categories)
    if entry.picture:
        item["image"] = entry.picture.address
    return item


Write = Callable[[Channel], bytes]
FORMS: dict[str, tuple[str, Write]] = {
    "rss": ("application/rss+xml; charset=utf-8", rss),
    "atom": ("application/atom+xml; charset=utf-8", atom),
    "json": ("application/feed+json", json_feed),
}


# Writing


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    """Add an element. What XML cannot carry is left out, so that one character never breaks a feed."""
    child = ET.SubElement(parent, name, {name: without_controls(value) for name, value in attributes.items()})
    child.text = without_controls(text)
    return child


def _document(root: ET.Element) -> bytes:
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _words(text: str) -> str:
    """Plain text for where HTML is read, or for where readers differ in what they take it for."""
    return escape(text, quote=False)


def _moment(moment: dt.datetime, precision: str = "seconds") -> str:
    """RFC 3339."""
    return moment.astimezone(dt.UTC).isoformat(timespec=precision).replace("+00:00", "Z")
