"""Walks the site as readers and machines do: from a few addresses, along every link of the site's own.

Knows nothing of where pages come from: a test fetches them from Django's client, the validator over HTTP.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

# Where machines look without being told.
START = ("/", "/sitemap.xml", "/robots.txt", "/llms.txt", "/.well-known/security.txt")
IN_XML = re.compile(r"<(?:loc|link|image:loc)>([^<]+)</|(?:href|url|src)=\"([^\"]+)\"")
IN_TEXT = re.compile(r"https?://[^\s<>)\]\"']+|(?<=\]\()/[^)\s]*")
LINKING = {"a": "href", "link": "href", "img": "src", "script": "src", "source": "src", "iframe": "src"}
HINTS = {"preconnect", "dns-prefetch"}  # a <link> of these names a host and no page


@dataclass(frozen=True)
class Answer:
    """What one address answered: header names in lower case, `address` without the host."""

    address: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    found_on: str = ""  # the page whose link was followed first

    @property
    def kind(self) -> str:
        """text/html and the like."""
        return self.headers.get("content-type", "").partition(";")[0].strip()

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


Fetch = Callable[[str], Answer]


@dataclass
class Page(HTMLParser):
    """What a machine reads from an HTML page: what it is called, where it leads, what can be pointed at."""

    html: str
    title: str = ""
    description: str = ""
    canonical: str = ""
    robots: str = ""
    h1: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str] = []  # title, h1 or svg, while inside one
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.append(found["id"])
        if tag in {"title", "h1", "svg"}:
            self._open.append(tag)
        if tag == "h1":
            self.h1.append("")
        if tag == "meta" and found.get("name") in {"description", "robots"}:
            setattr(self, found["name"], found.get("content", ""))
        relations = set(found.get("rel", "").split())
        if tag == "link" and "canonical" in relations:
            self.canonical = found.get("href", "")
        if tag in LINKING and LINKING[tag] in found and not (tag == "link" and relations & HINTS):
            self.links.append(found[LINKING[tag]])
        candidates = found.get("srcset", "").split(",")
        self.links += [each.split()[0] for each in candidates if each.split()]

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open == ["title"]:
            self.title += data.strip()
        if self._open[-1:] == ["h1"]:
            self.h1[-1] += data.strip()


def links(answer: Answer) -> Iterable[str]:
    """Every address an answer names, as written: in HTML, feeds, sitemaps, JSON, Markdown and redirects."""
    if "location" in answer.headers:
        return [answer.headers["location"]]
    if answer.kind == "text/html":
        return Page(answer.text).links
    if answer.kind.endswith("xml"):
        return [unescape(found[1] or found[2]) for found in IN_XML.finditer(answer.text)]
    if answer.kind.endswith("json"):
        return list(_in_json("", json.loads(answer.text)))
    if answer.kind in {"text/plain", "text/markdown"}:
        return [found.rstrip(".,;:*`") for found in IN_TEXT.findall(answer.text)]
    return []


def _in_json(name: str, value: Any) -> Iterator[str]:
    """The addresses in a feed's JSON: values of names such as home_page_url, and links in its HTML."""
    if isinstance(value, dict):
        for inner, each in value.items():
            yield from _in_json(inner, each)
    elif isinstance(value, list):
        for each in value:
            yield from _in_json(name, each)
    elif isinstance(value, str) and name.endswith("html"):
        yield from Page(value).links
    elif isinstance(value, str) and name.split("_")[-1] in {"url", "image", "icon", "avatar"}:
        yield value


def local(link: str, *, page: str, hosts: set[str]) -> str | None:
    """A link's address on the site, fragment included, or None where it leads elsewhere."""
    parts = urlsplit(urljoin(page, link.strip()))
    if parts.scheme not in {"", "http", "https"} or (parts.netloc and parts.netloc not in hosts):
        return None
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.path or '/'}{query}" + (f"#{parts.fragment}" if parts.fragment else "")


def crawl(
    fetch: Fetch, *, hosts: set[str], start: Iterable[str] = START, skip: str = r"(?!)", limit: int = 5_000
) -> Iterator[Answer]:
    """Each address of the site once, nearest first, but those whose path matches `skip`.

    Raises RuntimeError beyond `limit` addresses: a site that grows with every look has no end.
    """
    skipped = re.compile(skip)
    waiting = deque((address, "") for address in start)
    seen = {address for address, _ in waiting}
    while waiting:
        address, found_on = waiting.popleft()
        answer = fetch(address)
        answer = Answer(address, answer.status, answer.headers, answer.body, found_on)
        yield answer
        for link in links(answer):
            target = urldefrag(local(link, page=address, hosts=hosts) or "").url
            if target and target not in seen and not skipped.match(target):
                seen.add(target)
                waiting.append((target, address))
        if len(seen) > limit:
            raise RuntimeError(f"More than {limit:,} addresses. The last one found: {waiting[-1]}")
