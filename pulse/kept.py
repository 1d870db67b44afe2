"""The pages that a process keeps, each in its codings, with what it shows and until when."""

import gzip
import re
import threading
from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import brotli
from django.conf import settings

from pulse.counters import Counters, place
from pulse.tags import PLANNED

Headers = list[tuple[str, str]]

BROTLI, GZIP, AS_IS = "br", "gzip", ""
BROTLI_QUALITY, GZIP_LEVEL = 5, 6  # a few milliseconds for a story's page
WORTH_CODING = 500  # bytes; a shorter body is sent as it is
TEXTS = ("text/", "application/json", "application/xml", "application/feed+json", "image/svg+xml")
TEXTS_ENDING = ("+xml", "+json")
REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$")
OWN_HEADERS = {"content-length", "etag", "cache-control"}
PLANS = place(PLANNED)
MAX_TAGS_NAMED = 200  # in Cache-Tag
OVERHEAD = 2_000  # bytes that a page takes beside its bodies
UNNAMED = "reader:"  # tags of these are no use to a content delivery network, and there may be hundreds


class Page:
    """One page as everybody gets it."""

    def __init__(
        self,
        status: str,
        headers: Headers,
        body: bytes,
        *,
        tags: set[str],
        generation: int,
        made_at: float,
        ends_at: Callable[[], float],
        before: "Page | None" = None,
    ) -> None:
        self.status = status
        self.made_at = self.used_at = made_at
        self._places = tuple({place(tag) for tag in tags})
        self._generation = self._looked_at = generation
        self._find_end = ends_at
        self._note_end()
        self.etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
        kept = [pair for pair in headers if pair[0].lower() not in OWN_HEADERS]
        kept += [
            ("Cache-Control", _cache_control(headers, self._ends_at - made_at)),
            ("ETag", f"W/{self.etag}"),
            ("Cache-Tag", ",".join(_named(tags))),
            ("Vary", "Accept-Encoding"),
        ]
        self.short_headers = [pair for pair in kept if pair[0].lower() not in {"content-type"}]
        bodies = before.bodies if before is not None and before.etag == self.etag else _codings(kept, body)
        self.bodies: dict[str, bytes] = bodies
        self._headers = {coding: _coded(kept, coding, one) for coding, one in bodies.items()}
        self.size = sum(map(len, bodies.values())) + OVERHEAD

    def coded(self, coding: str) -> tuple[Headers, bytes]:
        """Its headers and body in a coding, or as it is where that was not worth it."""
        coding = coding if coding in self.bodies else AS_IS
        return self._headers[coding], self.bodies[coding]

    def is_fresh(self, counters: Counters, now: float) -> bool:
        """Whether it can be served, and nobody need make it again."""
        self.used_at = now
        is_unchanged = counters.generation == self._looked_at or self._is_unchanged(counters)
        return is_unchanged and now < self._fresh_until

    def is_usable(self, counters: Counters, now: float) -> bool:
        """Whether nothing on it is wrong, though it may say “5 minutes ago” where it is 6."""
        self.used_at = now
        is_unchanged = self._is_unchanged(counters)
        return is_unchanged and now < min(self._ends_at, self.made_at + settings.PULSE_PAGE_STALE)

    def _is_unchanged(self, counters: Counters) -> bool:
        generation = counters.generation  # before the places: what changes meanwhile is seen the next time
        if counters.has_changed(self._places, since=self._generation):
            return False
        if counters.has_changed([PLANS], since=self._looked_at):
            self._note_end()
        self._looked_at = generation
        return True

    def _note_end(self) -> None:
        self._ends_at = self._find_end()
        self._fresh_until = min(self.made_at + settings.PULSE_PAGE_LIFE, self._ends_at)


class Pages:
    """Pages by their key, of a bounded size altogether. Those not used for longest make room."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._pages: dict[Any, Page] = {}
        self._bytes = 0
        self._writing = threading.Lock()
        self.get = self._pages.get

    def keep(self, key: Any, page: Page) -> None:
        """Keep a page, unless it would take more than a tenth of all the room."""
        with self._writing:
            self._drop(key)
            if page.size > self._max_bytes // 10:
                return
            self._pages[key] = page
            self._bytes += page.size
            if self._bytes > self._max_bytes:
                self._make_room()

    def drop(self, key: Any) -> None:
        """Forget a page, if it is there."""
        with self._writing:
            self._drop(key)

    @property
    def size(self) -> int:
        """Bytes of all pages."""
        return self._bytes

    def _drop(self, key: Any) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._bytes -= page.size

    def _make_room(self) -> None:
        """Forget the pages that were not used for longest, until a tenth of the room is free."""
        for key in sorted(self._pages, key=lambda key: self._pages[key].used_at):
            if self._bytes <= self._max_bytes * 0.9:
                return
            self._drop(key)


@lru_cache(maxsize=256)
def chosen_coding(accepted: str) -> str:
    """The best coding of ours that an Accept-Encoding header accepts (RFC 9110, 12.5.3)."""
    parts = [part for part in accepted.lower().split(",") if not REFUSED.search(part)]
    offered = {part.partition(";")[0].strip() for part in parts}
    return next((coding for coding in (BROTLI, GZIP) if coding in offered), AS_IS)


def _codings(headers: Headers, body: bytes) -> dict[str, bytes]:
    kind = next((value for name, value in headers if name.lower() == "content-type"), "").partition(";")[0]
    if len(body) < WORTH_CODING or not (kind.startswith(TEXTS) or kind.endswith(TEXTS_ENDING)):
        return {AS_IS: body}
    return {
        AS_IS: body,
        GZIP: gzip.compress(body, GZIP_LEVEL, mtime=0),
        BROTLI: brotli.compress(body, quality=BROTLI_QUALITY),
    }


def _coded(headers: Headers, coding: str, body: bytes) -> Headers:
    named = [("Content-Encoding", coding)] if coding else []
    return [*headers, *named, ("Content-Length", str(len(body)))]


def _named(tags: set[str]) -> list[str]:
    return sorted(tag for tag in tags if not tag.startswith(UNNAMED))[:MAX_TAGS_NAMED]


def _cache_control(headers: Headers, seconds: float) -> str:
    """Who may keep what changes at the latest after so many seconds: nobody beyond that moment.

    What a view lets browsers keep for a while, such as a drawing, is its own to say.
    """
    given = next((value for name, value in headers if name.lower() == "cache-control"), "")
    if given and "max-age=0" not in given:
        return given
    life = settings.PULSE_PUBLIC_MAX_AGE
    if seconds > 2 * life:
        return f"public, max-age=0, s-maxage={life}, stale-while-revalidate={life}, stale-if-error=86400"
    return f"public, max-age=0, s-maxage={max(0, min(life, int(seconds)))}"
