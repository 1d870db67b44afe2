"""The page cache: a WSGI wrapper in front of Django that keeps the pages anonymous readers get.

Each process keeps its pages in its own memory, compressed, and asks nobody on a hit: whether something on the
page has changed is a look at `pulse.counters`. What is never kept: a page for somebody with a session, one
that sets a cookie or varies on something, one that is not `public`, and one whose view did not say what
it reads and what it shows (`pulse.tags`).
"""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode

from django.conf import settings
from django.urls import Resolver404, resolve

from pulse.changes import Follower, plans
from pulse.characters import has_control_characters
from pulse.counters import counters
from pulse.kept import Page, Pages, chosen_coding
from pulse.tags import ENDS, NOTES, SITE

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Key = tuple[str, str, str, str]  # scheme, host, path, query

READING = {"GET", "HEAD"}
NOT_FOR_ALL = {"HTTP_AUTHORIZATION", "HTTP_RANGE"}
# What one reader's browser says must not reach the view that makes a page for everybody.
ONE_READERS = {"HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_ACCEPT_ENCODING"}
KEPT = {200, 301, 410}
HEADER = "X-Page-Cache"  # hit, stale, miss, or pass: made for this request, and not kept
MAX_FIELDS = 20  # of a query; one with more is no address of ours


class PageCache:
    """A WSGI application that answers from memory what it can, and asks another one for the rest."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._pages = Pages(settings.PULSE_PAGE_CACHE_BYTES)
        self._making: dict[Key, threading.Event] = {}
        self._follower = Follower()
        self._session = f"{settings.SESSION_COOKIE_NAME}="

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = self._key(environ)
        if key is None:
            return self._application(environ, start_response)
        page = self._fresh(key)
        if page is not None:
            return _serve(page, "hit", environ, start_response)
        if query_names(key[2]) is None:
            return self._application(environ, start_response)
        self._follower.start()
        return self._make_or_wait(key, environ, start_response)

    def _key(self, environ: Environ) -> Key | None:
        """What a page is kept under; None for a request that is not answered for everybody alike."""
        if environ["REQUEST_METHOD"] not in READING or not environ.keys().isdisjoint(NOT_FOR_ALL):
            return None
        cookies = environ.get("HTTP_COOKIE")
        if cookies and self._session in cookies:
            return None
        path, query = environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        if query:
            names = query_names(path)
            query = None if names is None else normalised(query, names)
            if query is None:
                return None
        scheme = environ.get("HTTP_X_FORWARDED_PROTO") or environ["wsgi.url_scheme"]
        return scheme, environ.get("HTTP_HOST", ""), path, query

    def _make_or_wait(self, key: Key, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """One request makes the page. Others get the old one meanwhile, or wait if that is wrong by now."""
        mine = threading.Event()
        done = self._making.setdefault(key, mine)
        if done is mine:
            try:
                page = self._fresh(key)  # somebody may have made it a moment ago
                if page is not None:
                    return _serve(page, "hit", environ, start_response)
                return self._make(key, environ, start_response)
            finally:
                del self._making[key]
                mine.set()
        if self._usable(key) is None:
            done.wait(settings.PULSE_PAGE_WAIT)
        page = self._usable(key)
        if page is not None:
            return _serve(page, "stale", environ, start_response)
        return _Answer(self._application, environ, query=key[3]).send(environ, start_response)

    def _fresh(self, key: Key) -> Page | None:
        page = self._pages.get(key)
        return page if page is not None and page.is_fresh(counters(), time.time()) else None

    def _usable(self, key: Key) -> Page | None:
        page = self._pages.get(key)
        return page if page is not None and page.is_usable(counters(), time.time()) else None

    def _make(self, key: Key, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Ask the application for the page, and keep it if it is one for everybody."""
        generation, made_at = counters().generation, time.time()
        old = self._pages.get(key)
        answer = _Answer(self._application, environ, query=key[3])
        usable = self._usable(key) if answer.is_failure else None
        if usable is not None:
            return _serve(usable, "stale", environ, start_response)
        if not answer.is_for_all:
            self._pages.drop(key)
            return answer.send(environ, start_response)
        tags = answer.tags | {SITE}
        page = Page(
            answer.status,
            answer.headers,
            answer.body,
            tags=tags,
            generation=generation,
            made_at=made_at,
            ends_at=lambda: min([plans.next_change(tags, after=made_at), *answer.ends_after(made_at)]),
            before=old,
        )
        self._pages.keep(key, page)
        return _serve(page, "miss", environ, start_response)


class _Answer:
    """What the application answers to anybody, whoever asks."""

    def __init__(self, application: Application, environ: Environ, *, query: str) -> None:
        asked = {name: value for name, value in environ.items() if name not in ONE_READERS}
        asked |= {"REQUEST_METHOD": "GET", "QUERY_STRING": query, NOTES: set(), ENDS: set()}
        self.status, self.headers = "500 Internal Server Error", list[tuple[str, str]]()
        response = application(asked, self._begin)
        try:
            self.body = b"".join(response)
        finally:
            if hasattr(response, "close"):
                response.close()
        self.tags: set[str] = asked[NOTES]
        self.ends: set[dt.datetime] = asked[ENDS]

    def _begin(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.status, self.headers = status, headers

    @property
    def is_failure(self) -> bool:
        return self.status.startswith("5")

    @property
    def is_for_all(self) -> bool:
        """Whether it is a page that everybody may get, until something on it changes."""
        named = {name.lower(): value for name, value in self.headers}
        return (
            bool(self.tags)
            and int(self.status[:3]) in KEPT
            and "public" in named.get("cache-control", "")
            and not named.keys() & {"set-cookie", "vary", "content-encoding"}
        )

    def ends_after(self, made_at: float) -> list[float]:
        """The moments still to come, seconds since 1970, at which the page said that it changes."""
        return [moment.timestamp() for moment in self.ends if moment.timestamp() > made_at]

    def send(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer with it, as it is."""
        start_response(self.status, [*self.headers, (HEADER, "pass")])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self.body]


def _serve(page: Page, how: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with a page that is kept: compressed as asked for, or just that it is the one the reader has."""
    age = ("Age", str(max(0, int(page.used_at - page.made_at))))
    known = environ.get("HTTP_IF_NONE_MATCH")
    if known and (page.etag in known or known == "*"):
        start_response("304 Not Modified", [*page.short_headers, age, (HEADER, how)])
        return []
    headers, body = page.coded(chosen_coding(environ.get("HTTP_ACCEPT_ENCODING", "")))
    start_response(page.status, [*headers, age, (HEADER, how)])
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


@lru_cache(maxsize=4_096)
def query_names(path: str) -> frozenset[str] | None:
    """The query parameters that the view at a path looks at; None if it did not say, so is not to be kept."""
    try:
        return getattr(resolve(path.encode("latin-1").decode()).func, "query_names", None)
    except (Resolver404, UnicodeDecodeError):
        return None


def normalised(query: str, names: frozenset[str]) -> str | None:
    """A query with only the parameters of these names, the last of each, in one order.

    None for one that Django must refuse, or that has too many fields to be looked through.
    """
    try:
        if has_control_characters(unquote_to_bytes(query.encode("latin-1")).decode()):
            return None
        fields = parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:  # UnicodeDecodeError too
        return None
    return urlencode(sorted({name: value for name, value in fields if name in names}.items()))
