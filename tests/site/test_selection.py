"""The menu beside selected text: quoting, commenting on a part, asking for a definition."""

import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from glossary.models import TermRequest
from tests.factories import make_article, make_term, make_user

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

BODY = (
    "The *prefill* comes first. Then the rack waits for memory, says everyone. It waits long.\n\nAnother one."
)
SENTENCE = "Then the rack waits for memory, says everyone."
HEAR = """
window.heard = [];
document.addEventListener("pulse:quote", (event) => {
  window.heard.push(event.detail);
  document.documentElement.dataset.heard = window.heard.length;
});
"""
SELECT = """([selector, words]) => {
  const block = document.querySelector(selector);
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const start = node.data.indexOf(words);
    if (start < 0) continue;
    getSelection().setBaseAndExtent(node, start, node, start + words.length);
    block.scrollIntoView({ block: "center" });
    return;
  }
  throw new Error(words);
}"""


@pytest.fixture
def article():
    return make_article(
        body=BODY,
        tldr="Memory is the wall. " + "word " * 22 + "end.",
        terms=[make_term(name="prefill", slug="prefill", definition="The first half of an answer.")],
        impacts=[(["Market"], "Prices rise for everybody.")],
    )


def sign_in(page) -> None:
    client = Client()
    client.force_login(make_user())
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    origin = page.evaluate("location.origin")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": origin}])


def opened(page, article, *, signed_in: bool = True):
    page.add_init_script(HEAR)
    page.goto("/healthz")
    if signed_in:
        sign_in(page)
    page.goto(article.get_absolute_url())
    return page


def select(page, selector: str, words: str):
    """Select words of the page, and return the menu that opens beside them."""
    page.evaluate(SELECT, [selector, words])
    menu = page.get_by_role("group", name="Selected text")
    expect(menu).to_be_visible()
    return menu


def heard(page) -> list[dict[str, str]]:
    return page.evaluate("window.heard")


CHOICES = [
    (".prose", "rack waits", "Quote in a comment", ["rack waits", "", "", ""]),
    (".prose", "rack waits", "Comment on this sentence", ["", "sentence", "", SENTENCE]),
    (".prose", "prefill", "Comment on this sentence", ["", "sentence", "", "The prefill comes first."]),
    ("#tldr", "is the wall", "Quote in a comment", ["is the wall", "tldr", "", ""]),
    ("#tldr", "is the wall", "Comment on the TL;DR", ["", "tldr", "", ""]),
    (".impact dd", "Prices", "Comment on this impact", ["", "impact", "KEY", ""]),
    ("#briefing dd", "first half", "Comment on this term", ["", "term", "prefill", ""]),
]


def test_what_is_selected_is_said_to_the_discussion(page, article):
    opened(page, article)
    impact = str(article.impacts.get().pk)
    for selector, words, button, _ in CHOICES:
        menu = select(page, selector, words)
        menu.get_by_role("button", name=button).click()
        expect(menu).to_be_hidden()
    said = [dict(zip(["text", "part", "key", "quote"], expected, strict=True)) for *_, expected in CHOICES]
    assert heard(page) == [
        detail | {"key": impact if detail["key"] == "KEY" else detail["key"]} for detail in said
    ]
    for anchor in ("tldr", f"impact-{impact}", "term-prefill"):
        assert page.locator(f"#{anchor}").count() == 1


def test_a_short_selection_leads_to_asking_for_a_definition_and_a_long_one_does_not(page, article):
    menu = select(opened(page, article), ".prose", "rack")
    menu.get_by_role("link", name="Ask for a definition").click()
    expect(page.get_by_label("Word or phrase")).to_have_value("rack")
    page.get_by_role("button", name="Ask for a definition").click()
    expect(page.get_by_text("You asked about “rack”.")).to_be_visible()
    assert TermRequest.objects.get().path == article.get_absolute_url()
    menu = select(page, ".prose", "Then the rack waits for memory, says")
    expect(menu.get_by_role("link")).to_have_count(0)


def test_whoever_is_signed_out_signs_in_and_the_quotation_waits(page, article):
    menu = select(opened(page, article, signed_in=False), ".prose", "rack waits")
    menu.get_by_role("button", name="Quote in a comment").click()
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=.*%23discussion"))
    assert len(page.evaluate("JSON.stringify(sessionStorage)")) > 2
    sign_in(page)
    page.goto(article.get_absolute_url() + "#discussion")
    expect(page.locator("html[data-heard]")).to_have_count(1)
    assert heard(page) == [{"text": "rack waits", "part": "", "key": "", "quote": ""}]
    page.reload()
    page.wait_for_load_state("networkidle")
    assert heard(page) == []


def test_where_nobody_can_write_only_asking_is_offered(page):
    article = make_article(body=BODY, discussion="closed")
    menu = select(opened(page, article, signed_in=False), ".prose", "rack")
    expect(menu.get_by_role("button")).to_have_count(0)
    expect(menu.get_by_role("link", name="Ask for a definition")).to_be_visible()


def test_the_menu_is_worked_with_the_keyboard(page, article):
    menu = select(opened(page, article), ".prose", "rack waits")
    expect(page.get_by_role("status").filter(has_text="Press Tab")).to_have_count(1)
    for name in ("Quote in a comment", "Comment on this sentence"):
        page.keyboard.press("Tab")
        expect(menu.get_by_role("button", name=name)).to_be_focused()
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="Ask for a definition")).to_be_focused()
    page.keyboard.press("Tab")  # and out of it
    expect(menu).to_be_hidden()
    select(page, ".prose", "memory")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    select(page, ".prose", "everyone")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert heard(page)[0]["text"] == "everyone"


def test_the_menu_closes_with_the_selection_and_is_not_there_for_other_text(page, article):
    menu = select(opened(page, article), ".prose", "rack")
    page.evaluate("getSelection().removeAllRanges()")
    expect(menu).to_be_hidden()
    page.evaluate(SELECT, ["h1", article.headline])
    page.wait_for_timeout(400)
    expect(menu).to_be_hidden()


def test_the_menu_stands_in_the_window_and_is_a_sheet_on_a_phone(new_context, article, assert_accessible):
    for width, height in ((1350, 900), (360, 700)):
        context = new_context(viewport={"width": width, "height": height}, has_touch=True)
        page = opened(context.new_page(), article)
        menu = select(page, ".prose", "everyone")
        box = menu.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        if width == 360:
            assert box["y"] + box["height"] == pytest.approx(height, abs=1)
            menu.get_by_role("button", name="Quote in a comment").tap()
            assert heard(page)[0]["text"] == "everyone"
        else:
            assert box["y"] > page.locator(".prose p").first.bounding_box()["y"]
            assert_accessible(page)


def test_the_script_is_fetched_when_somebody_selects_something_and_not_before(page, article):
    scripts: list[str] = []
    page.on("request", lambda request: scripts.append(request.url))
    opened(page, article)
    page.wait_for_load_state("networkidle")
    assert not [url for url in scripts if "selection" in url]
    select(page, ".prose", "rack")
    assert len([url for url in scripts if "selection" in url]) == 1
