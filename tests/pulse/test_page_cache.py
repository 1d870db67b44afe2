"""The page cache: what it keeps, for whom, until when, and what it asks of the site behind it."""

import datetime as dt
import gzip
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import brotli
import pytest
import time_machine
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory, override_settings
from django.urls import path

from pulse import changes, counters, page_cache, tags
from pulse.kept import Pages, chosen_coding
from pulse.tags import ends, reads, shows

pytestmark = pytest.mark.django_db  # Django's handler looks after connections around every request

PUBLIC = "public, max-age=0, s-maxage=60"


@dataclass
class Site:
    """What the views below did, and what they are to do."""

    renders: int = 0
    status: int = 200
    delay: float = 0
    body: str = "<p>Hello</p>" * 100
    cookie: str = ""
    seen: str = ""
    ends: dt.datetime | None = None


site = Site()


@reads("page")
def kept(request: HttpRequest) -> HttpResponse:
    site.renders += 1
    site.seen = request.get_full_path() + ("?cookie" if request.COOKIES else "")
    time.sleep(site.delay)
    shows(request, "article:1", "stories")
    ends(request, site.ends)
    response = HttpResponse(site.body, status=site.status)
    response["Cache-Control"] = PUBLIC if site.status < 500 else "private, no-store"
    if site.cookie:
        response.set_cookie("seen", site.cookie)
    return response


@reads()
def shows_nothing(request: HttpRequest) -> HttpResponse:
    site.renders += 1
    return HttpResponse("nothing", headers={"Cache-Control": PUBLIC})


def unmarked(request: HttpRequest) -> HttpResponse:
    site.renders += 1
    site.seen = request.get_full_path() + ("?cookie" if request.COOKIES else "")
    shows(request, "article:1")
    return HttpResponse("unmarked", headers={"Cache-Control": PUBLIC})


@reads()
def moved(request: HttpRequest) -> HttpResponse:
    site.renders += 1
    shows(request, "article:1")
    return HttpResponseRedirect("/kept/", headers={"Cache-Control": PUBLIC})


urlpatterns = [
    path("kept/", kept),
    path("other/", kept),
    path("nothing/", shows_nothing),
    path("unmarked/", unmarked),
    path("moved/", moved),
]


@dataclass
class Answer:
    status: str
    headers: dict[str, str]
    body: bytes

    @property
    def how(self) -> str:
        return self.headers.get("X-Page-Cache", "")


Get = Callable[..., Answer]


@pytest.fixture
def get() -> Iterator[Get]:
    """Ask a page cache of the test's own: `get("/kept/", HTTP_COOKIE=…)`."""
    global site
    site = Site()
    own = counters.Counters(None)
    with pytest.MonkeyPatch.context() as patch:
        for module in (page_cache, tags, changes):
            patch.setattr(module, "counters", lambda: own)
        patch.setattr(changes.Follower, "start", lambda self: None)
        patch.setattr(page_cache.plans, "next_change", lambda tags, after: after + 86_400)
        page_cache.query_names.cache_clear()
        with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
            yield asking(page_cache.PageCache(WSGIHandler()))
    page_cache.query_names.cache_clear()


def asking(application: Any) -> Get:
    def get(address: str, method: str = "GET", **headers: Any) -> Answer:
        answer: list[Any] = []
        environ = RequestFactory().generic(method, address, **headers).environ
        for name in set(environ) & {"HTTP_COOKIE"} - set(headers):
            del environ[name]
        body = b"".join(application(environ, lambda status, pairs: answer.extend([status, pairs])))
        return Answer(answer[0], dict(answer[1]), body)

    return get


def change(*names: str) -> None:
    tags.counters().apply(1, names)


def test_a_page_is_made_once_and_then_served_from_memory(get: Get) -> None:
    first, second = get("/kept/"), get("/kept/")
    assert (first.how, second.how) == ("miss", "hit")
    assert first.body == second.body == site.body.encode()
    assert site.renders == 1


def test_a_change_of_what_a_page_shows_makes_it_anew_and_no_other(get: Get) -> None:
    get("/kept/")
    change("article:2")
    assert get("/kept/").how == "hit"
    change("article:1")
    site.body = "changed"
    assert get("/kept/").body == b"changed"
    assert site.renders == 2
    assert get("/kept/").how == "hit"


def test_every_page_shows_the_navigation(get: Get) -> None:
    get("/kept/")
    change("site")
    assert get("/kept/").how == "miss"


def test_a_change_while_a_page_is_being_made_is_not_missed(get: Get) -> None:
    site.delay = 0.2
    with ThreadPoolExecutor(1) as pool:
        being_made = pool.submit(get, "/kept/")
        time.sleep(0.1)
        change("article:1")
        being_made.result()
    assert get("/kept/").how == "miss"


def test_fifty_requests_at_once_make_a_page_once(get: Get) -> None:
    site.delay = 0.2
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: get("/kept/"), range(50)))
    assert site.renders == 1
    assert {answer.body for answer in answers} == {site.body.encode()}


def test_a_page_past_its_life_serves_others_while_one_makes_it_again(get: Get) -> None:
    with time_machine.travel("2026-11-20 12:00Z", tick=False) as clock:
        get("/kept/")
        clock.shift(settings.PULSE_PAGE_LIFE + 1)
        begun, go_on = threading.Event(), threading.Event()

        def wait_in_the_view(seconds: float) -> None:
            begun.set()
            go_on.wait(5)

        old, site.body = site.body, "new"
        with ThreadPoolExecutor(1) as pool, pytest.MonkeyPatch.context() as patch:
            patch.setattr(time, "sleep", wait_in_the_view)
            making = pool.submit(get, "/kept/")
            begun.wait(5)
            other = get("/kept/")
            go_on.set()
            assert making.result().body == b"new"
        assert (other.how, other.body) == ("stale", old.encode())
        assert get("/kept/").body == b"new"


def test_a_page_that_shows_what_has_changed_is_waited_for_and_not_served_old(get: Get) -> None:
    get("/kept/")
    change("article:1")
    site.body, site.delay = "new", 0.2
    with ThreadPoolExecutor(5) as pool:
        assert {answer.body for answer in pool.map(lambda _: get("/kept/"), range(5))} == {b"new"}
    assert site.renders == 2


def test_a_page_ends_at_the_moment_something_on_it_is_planned(get: Get, monkeypatch: Any) -> None:
    monkeypatch.setattr(changes.plans, "next_change", lambda tags, after: after + 10)
    with time_machine.travel("2026-11-20 12:00Z", tick=False) as clock:
        first = get("/kept/")
        assert first.headers["Cache-Control"] == "public, max-age=0, s-maxage=10"
        clock.shift(9.9)
        assert get("/kept/").how == "hit"
        clock.shift(0.1)
        assert get("/kept/").how == "miss"


def test_a_page_ends_at_the_moment_that_it_names_itself(get: Get) -> None:
    with time_machine.travel("2026-11-20 12:00Z", tick=False) as clock:
        now = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
        site.ends = now + dt.timedelta(seconds=10)
        assert get("/kept/").headers["Cache-Control"] == "public, max-age=0, s-maxage=10"
        clock.shift(9.9)
        assert get("/kept/").how == "hit"
        clock.shift(0.1)
        assert get("/kept/").how == "miss"
        assert get("/kept/").how == "hit", "A moment that has passed ends nothing."


def test_a_moment_planned_after_a_page_was_made_ends_it_too(get: Get, monkeypatch: Any) -> None:
    with time_machine.travel("2026-11-20 12:00Z", tick=False) as clock:
        get("/kept/")
        monkeypatch.setattr(changes.plans, "next_change", lambda tags, after: after + 10)
        change("planned", "article:9")
        clock.shift(9)
        assert get("/kept/").how == "hit"
        clock.shift(1)
        assert get("/kept/").how == "miss"


def test_a_site_that_fails_leaves_readers_the_page_as_it_was(get: Get) -> None:
    with time_machine.travel("2026-11-20 12:00Z", tick=False) as clock:
        get("/kept/")
        clock.shift(settings.PULSE_PAGE_LIFE + 1)
        site.status = 500
        assert get("/kept/").how == "stale"
        change("article:1")
        assert get("/kept/").status.startswith("500")


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_COOKIE": f"theme=dark; {settings.SESSION_COOKIE_NAME}=abc"},
        {"HTTP_AUTHORIZATION": "Bearer x"},
        {"HTTP_RANGE": "bytes=0-9"},
    ],
)
def test_one_readers_request_neither_reads_nor_fills_the_cache(get: Get, headers: dict[str, str]) -> None:
    get("/kept/", **headers)
    assert get("/kept/").how == "miss"
    assert get("/kept/", **headers).how == ""
    assert site.renders == 3


def test_a_cookie_that_is_no_session_changes_nothing_and_does_not_reach_the_view(get: Get) -> None:
    get("/kept/", HTTP_COOKIE="_ga=1")
    assert site.seen == "/kept/"
    assert get("/kept/", HTTP_COOKIE="_ga=2").how == "hit"


def test_a_post_is_not_answered_from_memory(get: Get) -> None:
    get("/kept/")
    assert get("/kept/", "POST").how == ""


def test_a_page_that_sets_a_cookie_is_not_kept(get: Get) -> None:
    site.cookie = "mine"
    get("/kept/")
    assert get("/kept/").how == "pass"
    assert site.renders == 2


@pytest.mark.parametrize(("address", "how"), [("/nothing/", "pass"), ("/unmarked/", ""), ("/moved/", "pass")])
def test_a_page_whose_view_does_not_say_what_it_reads_and_shows_is_not_kept(
    get: Get, address: str, how: str
) -> None:
    assert [get(address).how, get(address).how] == [how, how]
    assert site.renders == 2


def test_a_view_that_is_not_kept_sees_the_request_as_it_is(get: Get) -> None:
    get("/unmarked/?next=/a/", HTTP_COOKIE="_ga=1")
    assert site.seen == "/unmarked/?next=/a/?cookie"


def test_parameters_nobody_reads_reach_neither_the_view_nor_the_memory(get: Get) -> None:
    get("/kept/?utm_source=letter&page=2&junk=1")
    assert site.seen == "/kept/?page=2"
    assert get("/kept/?page=2&fbclid=x").how == "hit"
    assert get("/kept/?page=3").how == "miss"
    assert get("/kept/?utm_source=letter").how == "miss"
    assert get("/kept/").how == "hit"


@pytest.mark.parametrize("query", ["page=%00", "page=%ff", "&".join(f"a{n}=1" for n in range(30))])
def test_a_query_that_cannot_be_read_is_left_to_the_site(get: Get, query: str) -> None:
    get(f"/kept/?{query}")
    assert site.seen.startswith("/kept/?")
    get("/kept/?page=1")
    assert get(f"/kept/?{query}").how == ""


def test_a_page_comes_as_small_as_the_browser_takes_it(get: Get) -> None:
    plain = site.body.encode()
    best = get("/kept/", HTTP_ACCEPT_ENCODING="gzip, deflate, br")
    assert best.headers["Content-Encoding"] == "br"
    assert brotli.decompress(best.body) == plain
    common = get("/kept/", HTTP_ACCEPT_ENCODING="gzip")
    assert common.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(common.body) == plain
    assert get("/kept/").body == plain
    for answer in (best, common):
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert int(answer.headers["Content-Length"]) == len(answer.body)
    assert site.renders == 1


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [("", ""), ("br;q=0, gzip", "gzip"), ("gzip;q=0.5, br;q=0.1", "br"), ("identity", ""), ("GZIP", "gzip")],
)
def test_a_coding_is_chosen_among_those_accepted(accepted: str, coding: str) -> None:
    assert chosen_coding(accepted) == coding


def test_a_browser_that_has_the_page_is_told_so(get: Get) -> None:
    etag = get("/kept/").headers["ETag"]
    again = get("/kept/", HTTP_IF_NONE_MATCH=etag)
    assert again.status.startswith("304")
    assert again.body == b""
    site.body = "changed"
    change("article:1")
    assert get("/kept/", HTTP_IF_NONE_MATCH=etag).status.startswith("200")


def test_the_first_asked_with_an_old_page_in_hand_gets_the_new_one_whole(get: Get) -> None:
    assert get("/kept/", HTTP_IF_NONE_MATCH='W/"0"').body == site.body.encode()


def test_a_head_request_gets_the_headers_and_keeps_the_page(get: Get) -> None:
    assert get("/kept/", "HEAD").body == b""
    page = get("/kept/")
    assert (page.how, page.body) == ("hit", site.body.encode())


def test_a_page_names_its_tags_for_a_network_but_not_its_readers(get: Get) -> None:
    assert get("/kept/").headers["Cache-Tag"] == "article:1,site,stories"


def test_a_page_says_how_old_it_is(get: Get) -> None:
    with time_machine.travel("2026-11-20 12:00Z", tick=False) as clock:
        assert get("/kept/").headers["Age"] == "0"
        clock.shift(7)
        assert get("/kept/").headers["Age"] == "7"


def test_two_hosts_and_two_schemes_have_pages_of_their_own(get: Get) -> None:
    get("/kept/")
    assert get("/kept/", HTTP_HOST="localhost").how == "miss"
    assert get("/kept/", HTTP_X_FORWARDED_PROTO="https").how == "miss"


class Sized:
    def __init__(self, used_at: float) -> None:
        self.size, self.used_at = 10, used_at


def test_the_pages_not_used_for_longest_make_room() -> None:
    pages: Any = Pages(max_bytes=100)
    for number in range(10):
        pages.keep(number, Sized(used_at=number))
    pages.get(0).used_at = 99
    pages.keep("new", Sized(used_at=100))
    assert pages.size <= 100
    assert pages.get(1) is None
    assert pages.get(2) is None
    assert pages.get(0) is not None
    assert pages.get("new") is not None


def test_a_page_larger_than_a_tenth_of_the_room_is_not_kept() -> None:
    pages: Any = Pages(max_bytes=90)
    pages.keep("large", Sized(used_at=1))
    assert pages.get("large") is None
    assert pages.size == 0
