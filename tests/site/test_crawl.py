"""A walk along every link, from the front page, the sitemap and robots.txt to whatever they lead to.

It knows no page by name: a new one is found where something links to it, and held to the same rules. Each
rule is a function from the walk to complaints, so that it can be shown to fail.
"""

import datetime as dt
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from articles import publishing
from articles.models import Page as StandingPage
from bench.crawl import START, Answer, Page, crawl, links, local
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

Walk = dict[str, Answer]  # by address
Rule = Callable[[Walk], list[str]]
HOSTS = {"testserver"}
FORMS = ["/search/?q=widget", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]
BACK = r"/accounts/.*\?"  # the same pages, once for each page they lead back to
BODY = (
    "## One heading\n\nWords about the widget, [a story](/articles/moved/) and a note.[^1]\n\n[^1]: The note."
)


@pytest.fixture
def publication(settings) -> None:
    """A little of everything that has a page."""
    settings.PULSE_PAGE_SIZE = 2  # so that lists have a second page
    settings.PULSE_COMMENTS_PER_PAGE = 2
    editor, reader = make_user(role="Editor"), make_user()
    widget = make_term(name="widget", slug="widget")
    widget.see_also.add(make_term(name="gadget", slug="gadget"))
    filed: dict[str, Any] = {"section": make_section(), "topics": [make_topic()], "authors": [make_author()]}
    stories = [
        make_article(
            **filed, by=editor, terms=[widget], body=BODY, lead_image=make_image() if number % 2 else None,
            impacts=[(["Market"], "It matters.")], slug="moved" if number == 0 else "",
        )
        for number in range(5)
    ]  # fmt: skip
    stories[2].impacts.update(horizon_on=dt.date(2031, 5, 1), confidence="medium", test="If it is so.")
    publishing.publish(article=stories[2], by=editor)
    StandingPage.objects.create(title="About us", slug="about", summary="Who.", body="We.", is_published=True)
    publishing.change_slug(article=stories[0], slug="here-now", by=editor)
    publishing.correct(article=stories[1], by=editor, kind="correction", text="It was two.")
    change_headline(stories[1], "Another headline", by=editor)
    publishing.publish(article=stories[1], by=editor)
    publishing.withdraw(article=make_article(**filed, by=editor), by=editor, note="It was wrong.")
    for number in range(3):
        root = post(article=stories[1], by=reader, body=f"Remark {number}", key=f"key-{number}")
    post(article=stories[1], by=reader, body="A reply", key="reply", parent=root)


def walk() -> Walk:
    """Everything the site answers to somebody who is not signed in, by address."""
    return {answer.address: answer for answer in crawl(fetch, hosts=HOSTS, start=[*START, *FORMS], skip=BACK)}


def fetch(address: str) -> Answer:
    path = urldefrag(address).url
    if path.startswith("/static/"):  # served by nginx or WhiteNoise, from what collectstatic made
        found = finders.find(unquote(path.removeprefix("/static/")))
        return Answer(address, 200 if found else 404, {}, b"")
    response = Client(raise_request_exception=False).get(address)
    body = b"".join(response) if response.streaming else response.content
    return Answer(address, response.status_code, {k.lower(): v for k, v in response.items()}, body)


def leads_to(walked: Walk, address: str) -> Answer:
    """What a reader gets to see at an address, after one redirect at most."""
    answer = walked[address]
    if "location" not in answer.headers:
        return answer
    target = urldefrag(local(answer.headers["location"], page=address, hosts=HOSTS) or "").url
    return walked[target.partition("?")[0] if re.match(BACK, target) else target]


def pages(walked: Walk) -> dict[str, Page]:
    return {
        address: Page(answer.text)
        for address, answer in walked.items()
        if answer.kind == "text/html" and answer.status == 200
    }


# The rules


def no_link_is_broken(walked: Walk) -> list[str]:
    return [
        f"{answer.found_on} leads to {address}: {answer.status}"
        for address, answer in walked.items()
        if answer.status != 200 and "location" not in answer.headers
    ]


def no_redirect_leads_to_another(walked: Walk) -> list[str]:
    return [
        f"{answer.found_on} leads to {address}, then {leads_to(walked, address).address}, and on"
        for address, answer in walked.items()
        if "location" in answer.headers and leads_to(walked, address).status != 200
    ]


def pages_say_what_they_are(walked: Walk) -> list[str]:
    """Title, description and canonical address; what is not to be indexed needs none of the latter."""
    return [
        f"{address} has no {what}"
        for address, page in pages(walked).items()
        for what in ("title", "description", "canonical")
        if not getattr(page, what) and not (what == "canonical" and "noindex" in page.robots)
    ]


def pages_have_one_h1(walked: Walk) -> list[str]:
    return [
        f"{address}: h1 {page.h1}"
        for address, page in pages(walked).items()
        if not all(page.h1) or len(page.h1) != 1
    ]


def ids_are_unique(walked: Walk) -> list[str]:
    return [
        f"{address}: id {one} {page.ids.count(one)} times"
        for address, page in pages(walked).items()
        for one in set(page.ids)
        if page.ids.count(one) > 1
    ]


def canonical_addresses_name_themselves(walked: Walk) -> list[str]:
    """A canonical address is a page of ours, and its own canonical address."""
    found = pages(walked)
    complaints = []
    for address, page in found.items():
        target = local(page.canonical, page=address, hosts=HOSTS) or "elsewhere"
        if "noindex" in page.robots:
            continue
        if target not in found:
            complaints.append(f"{address}: {page.canonical} is no page")
        elif found[target].canonical != page.canonical:
            complaints.append(f"{address}: {page.canonical} names {found[target].canonical}")
    return complaints


def anchors_exist(walked: Walk) -> list[str]:
    found = pages(walked)
    complaints = []
    for address, answer in walked.items():
        for link in links(answer):
            target, fragment = urldefrag(local(link, page=address, hosts=HOSTS) or "")
            page = found.get(leads_to(walked, target).address) if target in walked else None
            if page and fragment and unquote(fragment) not in page.ids:
                complaints.append(f"{address} leads to {link}: no such place")
    return complaints


def machines_can_read_theirs(walked: Walk) -> list[str]:
    """Every XML and JSON answer parses."""
    complaints = []
    for address, answer in walked.items():
        try:
            if answer.kind.endswith("xml"):
                ElementTree.fromstring(answer.body)  # noqa: S314 - our own
            elif answer.kind.endswith("json"):
                json.loads(answer.body)
        except ValueError as error:
            complaints.append(f"{address}: {error}")
        except ElementTree.ParseError as error:
            complaints.append(f"{address}: {error}")
    return complaints


RULES: list[Rule] = [
    no_link_is_broken,
    no_redirect_leads_to_another,
    pages_say_what_they_are,
    pages_have_one_h1,
    ids_are_unique,
    canonical_addresses_name_themselves,
    anchors_exist,
    machines_can_read_theirs,
]


@pytest.mark.django_db
@pytest.mark.once
def test_every_link_leads_to_a_whole_page(publication):
    walked = walk()
    complaints = [complaint for rule in RULES for complaint in rule(walked)]
    assert not complaints, "\n".join(complaints)
    kinds = {answer.kind for answer in walked.values()}
    assert {"text/html", "application/rss+xml", "application/xml", "image/svg+xml"} <= kinds
    assert len(pages(walked)) > 20


# ---- The rules can fail


def html(body: str, head: str = "") -> bytes:
    return f"<title>T</title><meta name=description content=D>{head}<h1>H</h1>{body}".encode()


def tiny(body: bytes, *, kind: str = "text/html", **others: Answer) -> Walk:
    """A walk over one page at /, and others."""
    answers = {"/": Answer("/", 200, {"content-type": kind}, body)}
    return answers | {f"/{name}": answer for name, answer in others.items()}


GONE = Answer("/gone", 404, {}, b"", "/")
ON = Answer("/on", 302, {"location": "/gone"}, b"", "/")
BROKEN: list[tuple[Rule, Walk]] = [
    (no_link_is_broken, tiny(b"", gone=GONE)),
    (no_redirect_leads_to_another, tiny(b"", on=ON, gone=GONE)),
    (pages_say_what_they_are, tiny(html(""))),
    (pages_have_one_h1, tiny(html("<h1>I</h1>"))),
    (pages_have_one_h1, tiny(b"<h1><svg><title>T</title></svg></h1>")),
    (ids_are_unique, tiny(html("<p id=a><b id=a>"))),
    (canonical_addresses_name_themselves, tiny(html("", "<link rel=canonical href=/other>"))),
    (anchors_exist, tiny(html("<p id=a><a href='#b'>"))),
    (machines_can_read_theirs, tiny(b"<rss>", kind="application/rss+xml")),
    (machines_can_read_theirs, tiny(b"{", kind="application/feed+json")),
]


@pytest.mark.parametrize(("rule", "walked"), BROKEN, ids=lambda value: getattr(value, "__name__", "example"))
def test_a_rule_complains_of_what_breaks_it(rule: Rule, walked: Walk):
    assert rule(walked)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_lets_a_good_page_pass(rule: Rule):
    page = html("<p id=a><a href='#a'><a href='https://other.example/#x'>", "<link rel=canonical href=/>")
    assert rule(tiny(page)) == []
