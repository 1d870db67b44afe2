"""What a page weighs: over the wire, as served, and how it behaves on a slow line in a real browser."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, Response

from articles import publishing
from comments.writing import post
from tests.factories import (
    change_headline,
    make_article,
    make_author,
    make_image,
    make_section,
    make_term,
    make_topic,
    make_user,
)
from tests.site.test_whole_story import sign_in

ARTICLE = 45_000  # bytes over the wire before pictures and fonts: HTML, style sheets and scripts together
SCRIPT = 20_000  # of these, scripts
READER = 38_500  # the same for somebody signed in, with all that the discussion fetches
READER_SCRIPT = 18_500
FONTS = 95_000  # bytes of the first view
REQUESTS = 12  # of the first view, with the icon
SHIFT = 0.02  # cumulative layout shift
PAINTED = 1_200  # milliseconds until the largest thing in view is painted, on a slow line
SLOW_LINE = {  # “slow 4G” as Lighthouse has it
    "offline": False,
    "latency": 150,  # milliseconds
    "downloadThroughput": 1_600_000 / 8,  # bytes a second
    "uploadThroughput": 750_000 / 8,
}
MEASURE = """
window.shift = window.painted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.painted = entry.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
"""
QUICK, BEST = 5, 11  # how well brotli compresses a page on the way out, and a file beforehand

BODY = """The *prefill* comes first, says **everyone**. {sentences}

## Why it matters

{sentences}

| Part | 2025 | 2026 |
|---|--:|:-:|
| Stacked | 100 | 252 |

> We remember more.
>
> — Ada Example, engineer

## What comes next

{sentences}
"""
WORDS = ["memory", "waits", "bandwidth", "serving", "tokens", "model", "cache", "answer", "chips", "price"]


def sentences(seed: int) -> str:
    """Some three hundred words that do not repeat as a whole, so that they compress as prose does."""
    picked = [WORDS[(index * index + seed * index) % len(WORDS)] + str(index % 97) for index in range(300)]
    return ". ".join(" ".join(picked[start : start + 12]) for start in range(0, 300, 12)) + "."


def whole_article(**fields):
    """A long story with all five parts, four stories to read next, and a discussion."""
    filed: Any = {
        "section": make_section(name="Chips"),
        "topics": [make_topic()],
        "by": make_user(role="Editor"),
    }
    terms = [make_term(name=name, slug=name) for name in ("prefill", "bandwidth", "rack", "serving", "hall")]
    for _ in range(4):
        make_article(terms=terms, **filed)
    article = make_article(
        body=BODY.format(sentences=sentences(3)),
        authors=[make_author(), make_author()],
        terms=terms,
        impacts=[(["Market"], sentences(5)[:200]), (["Industry", "Society"], sentences(7)[:200])],
        lead_image=make_image(),
        **filed,
        **fields,
    )
    for number in range(20):
        post(article=article, by=make_user(), body=sentences(number + 11)[:400], key=str(number))
    return article


def weights(address: str) -> dict[str, int]:
    """Bytes of a page, its style sheets and its scripts, compressed."""
    html = Client().get(address).content
    text = html.decode()
    files = (
        re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', text),
        re.findall(r'<script[^>]*src="/static/([^"]+)"', text),
    )
    styles, scripts = (sum(compressed(name) for name in set(names)) for names in files)
    return {"page": len(brotli.compress(html, quality=QUICK)), "styles": styles, "scripts": scripts}


def compressed(name: str) -> int:
    return len(brotli.compress(Path(finders.find(name)).read_bytes(), quality=BEST))


@pytest.mark.once
@pytest.mark.django_db
def test_an_article_with_everything_on_it_keeps_to_its_weight():
    found = weights(whole_article().get_absolute_url())
    assert found["scripts"] <= SCRIPT
    assert found["styles"] <= 12_000  # room to grow, not to spread
    assert sum(found.values()) <= ARTICLE


@pytest.mark.once
@pytest.mark.django_db
def test_no_other_page_weighs_more_than_an_article_may():
    article = whole_article()
    term = article.terms.first()
    pages = ["/", "/latest/", "/glossary/", "/corrections/", "/reading-list/", term.get_absolute_url()]
    pages += [article.section.get_absolute_url(), article.topics.first().get_absolute_url()]
    heavy = {address: found for address in pages if sum((found := weights(address)).values()) > ARTICLE}
    assert heavy == {}


def served(page: Page) -> dict[str, dict[str, int]]:
    """What the browser is sent from now on, by kind and address: bytes as they go over the wire."""
    kinds = {"document": "page", "stylesheet": "styles", "script": "scripts"}
    found: dict[str, dict[str, int]] = {kind: {} for kind in kinds.values()}

    def weigh(response: Response) -> None:
        if kind := kinds.get(response.request.resource_type):
            quality = QUICK if kind == "page" else BEST
            found[kind][response.url] = len(brotli.compress(response.body(), quality=quality))

    page.on("response", weigh)
    return found


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_the_article_of_a_signed_in_reader_keeps_to_its_weight(page):
    """All that is ever fetched: with the page, near its discussion, and when words are selected.

    A reader who may write gets the form's styles (1.4 kB) and five scripts of the discussion (8 kB) on top of
    what everybody gets, and still less than an article may weigh: 36 kB, of these 17 kB of script. There is
    room for a sentence and a button, and for no library.
    """
    article = whole_article()
    sign_in(page, make_user())
    page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    found = served(page)
    page.goto(article.get_absolute_url(), wait_until="networkidle")
    page.locator("#discussion").scroll_into_view_if_needed()
    page.locator(".prose p").first.click(click_count=3)
    page.locator(".picked").wait_for()
    page.wait_for_load_state("networkidle")
    weight = {kind: sum(files.values()) for kind, files in found.items()}
    assert weight["scripts"] <= READER_SCRIPT, found["scripts"]
    assert sum(weight.values()) <= READER, weight


@pytest.fixture
def slow_page(new_context):
    """Open a browser with nothing kept, on a slow line, that measures what the reader sees."""

    def opened(width: int = 390, height: int = 844):
        page = new_context(viewport={"width": width, "height": height}).new_page()
        line = page.context.new_cdp_session(page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", SLOW_LINE)
        page.add_init_script(MEASURE)
        return page

    return opened


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1350, 940)])
def test_the_first_view_of_an_article_on_a_slow_line(slow_page, width, height):
    """An article that was updated and corrected since this browser read it: the heaviest first view."""
    editor = make_user(role="Editor")
    article = whole_article()
    change_headline(article, "Memory is the wall that keeps coming back")
    publishing.publish(article=article, by=editor)
    publishing.correct(article=article, by=editor, kind="correction", text="It was 60 days.")
    page, requested = slow_page(width, height), []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(article.get_absolute_url(), wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    assert len(requested) <= REQUESTS, requested
    fonts = [url for url in requested if url.endswith(".woff2")]
    assert len(fonts) == 4  # display, text, italic, interface: the text has emphasis
    assert sum(Path(finders.find(url.split("/static/")[1])).stat().st_size for url in fonts) <= FONTS
    assert page.evaluate("window.shift") <= SHIFT

    page.evaluate(
        "([story, at]) => localStorage.setItem('read', JSON.stringify([[story, at, at]]))",
        [str(article.pk), int((timezone.now() - dt.timedelta(days=1)).timestamp() * 1000)],
    )
    page.reload(wait_until="networkidle")
    assert page.get_by_text("was updated on").is_visible()
    assert page.evaluate("window.shift") <= SHIFT


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_the_largest_thing_in_view_is_there_soon_even_on_a_slow_line(slow_page):
    """The best of five, since the machine may be busy with something else. The page is kept, as every story's
    is once it is saved."""
    address = whole_article().get_absolute_url()
    call_command("compose", quiet=True)
    painted = []
    for _ in range(5):
        page = slow_page()
        page.goto(address, wait_until="networkidle")
        painted.append(page.evaluate("window.painted"))
        page.context.close()
    assert min(painted) <= PAINTED, painted
