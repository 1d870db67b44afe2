"""Valid feeds: the rules for RSS 2.0, Atom and JSON Feed 1.1 that can concern what ours hold.

Sources: the W3C feed validator, whose warnings are faults here, the RSS board's specification and profile,
RFC 4287 (Atom), RFC 3339 and https://www.jsonfeed.org/version/1.1/. On purpose stricter than they are: an
element, attribute or HTML tag that our feeds have no use for is a fault too, until it is written down here.
"""

import io
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Mapping
from email.message import Message
from typing import Any

from tests.feed_texts import (
    Faults,
    Test,
    characters,
    day,
    html,
    in_order,
    matches,
    moment,
    name,
    nothing,
    plain,
    unique,
    whole_address,
    words,
)

Check = Callable[[ET.Element], Faults]
Rules = Mapping[str, tuple[int, float, Check]]  # of a child: at least and at most how many, and what each is
Value = Callable[[Any], Faults]
Members = Mapping[str, tuple[bool, Value]]  # of a JSON object: whether it must be there, and what it is

ANY = float("inf")
PREFIXES = {
    "": "http://www.w3.org/2005/Atom",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
ATOM, CONTENT, DC, MEDIA, XML = (f"{{{uri}}}" for prefix, uri in PREFIXES.items() if prefix)

MOST_BYTES = 5_000_000  # the validator reads no more
LANGUAGE = matches(r"[a-z]{2}(-[a-zA-Z0-9]{2,8})*")
MIME = r"[a-z]+/[a-z0-9.+-]+"


def complaints(body: bytes, content_type: str, address: str) -> list[str]:
    """What is wrong with the feed that was fetched from this address; nothing if it is valid."""
    header = Message()
    header["Content-Type"] = content_type
    check = FORMS.get(header.get_content_type())
    if check is None:
        return [f"{content_type} is no feed's type"]
    charset = header.get_content_charset("utf-8")
    found = [] if charset == "utf-8" else [f"charset {charset}"]
    if len(body) > MOST_BYTES:
        found.append(f"{len(body)} bytes are too many")
    try:
        return [*found, *characters(body.decode()), *check(body, address)]
    except (ET.ParseError, ValueError) as error:
        return [*found, f"not well-formed: {error}"]


# XML


def _xml(body: bytes) -> Faults:
    """What holds for both forms: their encoding, and the names that everybody gives these namespaces."""
    if not re.match(rb"""<\?xml version=['"]1.0['"] encoding=['"]utf-8['"]\?>""", body):
        yield "does not begin with a declaration of XML 1.0 in utf-8"
    for _, (prefix, uri) in ET.iterparse(io.BytesIO(body), events=["start-ns"]):  # noqa: S314 - our own
        if PREFIXES.get(prefix) != uri:
            yield f"xmlns:{prefix} is {uri}"


def _parts(parent: ET.Element, rules: Rules) -> Faults:
    """Children, of which each must be known, as many as may be, and right; and no text between them."""
    counts = Counter(child.tag for child in parent)
    yield from (f"<{tag}> has no place in <{parent.tag}>" for tag in counts.keys() - rules.keys())
    for tag, (least, most, check) in rules.items():
        if not least <= counts[tag] <= most:
            yield f"<{tag}> is there {counts[tag]} times in <{parent.tag}>"
        for child in parent.findall(tag):
            yield from (f"<{tag}>: {fault}" for fault in check(child))
    for text in (parent.text, *(child.tail for child in parent)):
        yield from nothing(text or "")


def _attributes(element: ET.Element, tests: Mapping[str, Test]) -> Faults:
    if element.attrib.keys() != tests.keys():
        yield f"has attributes {sorted(element.attrib)}, not {sorted(tests)}"
    for attribute in element.attrib.keys() & tests.keys():
        yield from (f"{attribute}: {fault}" for fault in tests[attribute](element.attrib[attribute]))


def _holds(test: Test, **attributes: Test) -> Check:
    """An element that holds a text, and has these attributes."""

    def check(element: ET.Element) -> Faults:
        yield from (f"<{child.tag}> has no place in it" for child in element)
        yield from test(element.text or "")
        yield from _attributes(element, attributes)

    return check


def _last(parent: ET.Element, tag: str) -> Faults:
    """Children of this kind, which no other may follow."""
    tags = [child.tag for child in parent]
    after = tags[tags.index(tag) :] if tag in tags else []
    yield from (f"<{late}> comes after <{tag}>" for late in after if late != tag)


def _links(parent: ET.Element) -> Faults:
    """No two links of a kind."""
    found = parent.findall(f"{ATOM}link")
    yield from unique("link", (f"{link.get('rel')} {link.get('type')}" for link in found))


def _self(parent: ET.Element, address: str) -> Faults:
    """A feed says where it stands, in the very words in which it was asked for."""
    own = [link.get("href") for link in parent.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if own != [address]:
        yield f"calls itself {own}, and stands at {address}"


def _link(element: ET.Element) -> Faults:
    rel, kinds = element.get("rel", ""), {"self": r"application/(atom|rss)\+xml", "alternate": "text/html"}
    tests = {"rel": matches("self|alternate|enclosure|hub"), "href": whole_address}
    if rel != "hub":
        tests["type"] = matches(kinds.get(rel, MIME))
    yield from _holds(nothing, **tests)(element)


# RSS

PLAIN, HTML, WHOLE = _holds(plain), _holds(html), _holds(whole_address)
FILE = {"url": whole_address, "type": matches(MIME)}
PICTURE: Rules = {
    f"{MEDIA}description": (0, 1, _holds(plain, type=matches("plain"))),
    f"{MEDIA}credit": (0, ANY, PLAIN),
}


def _picture(element: ET.Element) -> Faults:
    yield from _attributes(element, {**FILE, "medium": matches("image")})
    yield from _parts(element, PICTURE)


ITEM: Rules = {
    "title": (1, 1, PLAIN),
    "link": (1, 1, WHOLE),
    "guid": (1, 1, _holds(whole_address, isPermaLink=matches("true|false"))),
    "pubDate": (1, 1, _holds(day)),
    f"{ATOM}updated": (0, 1, _holds(moment)),
    f"{DC}creator": (0, ANY, PLAIN),
    "category": (0, ANY, PLAIN),
    "description": (1, 1, HTML),
    f"{CONTENT}encoded": (0, 1, HTML),
    "comments": (0, 1, WHOLE),
    "enclosure": (0, 1, _holds(nothing, **FILE, length=matches(r"\d+"))),
    f"{MEDIA}content": (0, 1, _picture),
}


def _item(item: ET.Element) -> Faults:
    yield from _parts(item, ITEM)
    found = [child.tag for child in item if child.tag in {"description", f"{CONTENT}encoded"}]
    if found[:1] == [f"{CONTENT}encoded"]:
        yield "the description does not come before the whole content"


CHANNEL: Rules = {
    "title": (1, 1, PLAIN),
    "link": (1, 1, WHOLE),
    "description": (1, 1, PLAIN),
    "language": (1, 1, _holds(LANGUAGE)),
    "lastBuildDate": (1, 1, _holds(day)),
    f"{ATOM}link": (1, ANY, _link),
    "item": (0, ANY, _item),
}


def _rss(body: bytes, address: str) -> Faults:
    root = ET.fromstring(body)  # noqa: S314 - our own
    if (root.tag, root.attrib) != ("rss", {"version": "2.0"}):
        yield f"begins with {root.tag} {root.attrib}"
    if re.search(rb"&(amp|lt|gt);", body):  # the board's profile: so most readers take them for what they are
        yield "a sign is not written as a hexadecimal reference"
    yield from _xml(body)
    yield from _parts(root, {"channel": (1, 1, lambda channel: _parts(channel, CHANNEL))})
    for channel in root.findall("channel"):
        yield from _last(channel, "item")
        yield from _links(channel)
        yield from _self(channel, address)
        yield from unique("guid", (item.findtext("guid") for item in channel.findall("item")))


# Atom

SAID = _holds(html, type=matches("html"))
PERSON: Rules = {f"{ATOM}name": (1, 1, _holds(name)), f"{ATOM}uri": (0, 1, WHOLE)}
ABOUT: Rules = {
    f"{ATOM}id": (1, 1, WHOLE),
    f"{ATOM}title": (1, 1, SAID),
    f"{ATOM}updated": (1, 1, _holds(moment)),
    f"{ATOM}author": (0, ANY, lambda person: _parts(person, PERSON)),
    f"{ATOM}link": (1, ANY, _link),
}
ENTRY: Rules = {
    **ABOUT,
    f"{ATOM}published": (1, 1, _holds(moment)),
    f"{ATOM}category": (0, ANY, _holds(nothing, term=words)),
    f"{ATOM}summary": (0, 1, SAID),
    f"{ATOM}content": (1, 1, SAID),
}


def _entry(entry: ET.Element) -> Faults:
    yield from _parts(entry, ENTRY)
    yield from _links(entry)
    yield from in_order(entry.findtext(f"{ATOM}published") or "", entry.findtext(f"{ATOM}updated") or "")


FEED: Rules = {**ABOUT, f"{ATOM}subtitle": (0, 1, SAID), f"{ATOM}entry": (0, ANY, _entry)}


def _atom(body: bytes, address: str) -> Faults:
    feed = ET.fromstring(body)  # noqa: S314 - our own
    if feed.tag != f"{ATOM}feed":
        yield f"begins with {feed.tag}"
    yield from _xml(body)
    yield from _attributes(feed, {f"{XML}lang": LANGUAGE})
    yield from _parts(feed, FEED)
    yield from _last(feed, f"{ATOM}entry")
    yield from _links(feed)
    yield from _self(feed, address)
    entries = feed.findall(f"{ATOM}entry")
    if feed.find(f"{ATOM}author") is None and not all(entry.findall(f"{ATOM}author") for entry in entries):
        yield "neither the feed nor the entry has an author"
    yield from unique("id", (node.findtext(f"{ATOM}id") for node in (feed, *entries)))
    yield from unique("updated", (entry.findtext(f"{ATOM}updated") for entry in entries))


# JSON Feed


def _object(value: Any, rules: Members) -> Faults:
    """An object of which each member must be known and right."""
    if not isinstance(value, dict):
        yield f"{value!r} is no object"
        return
    yield from (f"{member} is not known" for member in value.keys() - rules.keys())
    yield from (f"{member} is missing" for member, (must, _) in rules.items() if must and member not in value)
    for member in value.keys() & rules.keys():
        yield from (f"{member}: {fault}" for fault in rules[member][1](value[member]))


def _text(test: Test) -> Value:
    return lambda value: test(value) if isinstance(value, str) else iter([f"{value!r} is no text"])


def _list(check: Value) -> Value:
    def faults(value: Any) -> Faults:
        if not isinstance(value, list):
            yield f"{value!r} is no list"
        for held in value if isinstance(value, list) else ():
            yield from check(held)

    return faults


WORDS, URL, INSTANT = _text(words), _text(whole_address), _text(moment)
WRITER: Members = {"name": (True, WORDS), "url": (False, URL)}
HUB: Members = {"type": (True, WORDS), "url": (True, URL)}
POST: Members = {
    "id": (True, URL),
    "url": (True, URL),
    "title": (True, WORDS),
    "content_html": (True, _text(html)),
    "date_published": (True, INSTANT),
    "date_modified": (True, INSTANT),
    "summary": (False, WORDS),
    "authors": (False, _list(lambda value: _object(value, WRITER))),
    "tags": (False, _list(WORDS)),
    "image": (False, URL),
}
TOP: Members = {
    "version": (True, _text(matches(r"https://jsonfeed\.org/version/1\.1"))),
    "title": (True, WORDS),
    "description": (True, WORDS),
    "home_page_url": (True, URL),
    "feed_url": (True, URL),
    "language": (True, _text(LANGUAGE)),
    "items": (True, _list(lambda value: _object(value, POST))),
    "hubs": (False, _list(lambda value: _object(value, HUB))),
}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a member is there twice")
    return dict(pairs)


def _json(body: bytes, address: str) -> Faults:
    feed = json.loads(body.decode(), object_pairs_hook=_once)
    yield from _object(feed, TOP)
    if not isinstance(feed, dict) or next(iter(feed), "") != "version":
        yield "does not begin with its version"
        return
    if feed.get("feed_url") != address:
        yield f"calls itself {feed.get('feed_url')}, and stands at {address}"
    items = [item for item in feed.get("items", []) if isinstance(item, dict)]
    yield from unique("id", (str(item.get("id")) for item in items))
    for item in items:
        yield from in_order(str(item.get("date_published")), str(item.get("date_modified")))


FORMS = {"application/rss+xml": _rss, "application/atom+xml": _atom, "application/feed+json": _json}
