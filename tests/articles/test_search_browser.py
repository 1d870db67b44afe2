"""Searching in a real browser: results as one types, by keyboard, announced, and by the form alone."""

import re

import pytest
from playwright.sync_api import expect

from articles.models import Section
from tests.factories import make_article, make_section, make_term

pytestmark = [pytest.mark.django_db, pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def stories(live_server):
    make_term(name="photonics", definition="Work done by light.")
    chips = make_section(name="Chips")
    make_article(headline="Photonic memory", section=chips, tldr="A memory made of light.")
    make_article(headline="Photonic switches", tldr="Light that turns a corner.")


def test_results_appear_while_one_types_and_the_address_follows(page, stories):
    page.goto("/search/")
    page.get_by_label("Search stories").press_sequentially("photonic mem", delay=20)
    expect(page.locator("h3 mark").first).to_have_text("Photonic")
    expect(page.locator("#results h3")).to_have_count(1)
    expect(page.get_by_role("status").first).to_have_text("1 story")
    expect(page).to_have_url(re.compile(r"/search/\?q=photonic\+mem$"))
    expect(page).to_have_title(re.compile(r"^Search: photonic mem \| "))
    page.reload()
    expect(page.locator("#results h3")).to_have_count(1)


def test_what_is_not_found_is_said_and_a_slip_is_asked_about(page, stories):
    page.goto("/search/?q=photonic")
    page.get_by_label("Search stories").fill("photonic memroy")
    expect(page.get_by_role("status").first).to_have_text("Nothing matches “photonic memroy”")
    page.get_by_role("link", name="photonic memory").click()
    expect(page.locator("#results h3")).to_have_count(1)


def test_the_keyboard_goes_from_the_field_through_the_results_and_back(page, stories):
    page.goto("/search/?q=photonic")
    field, links = page.get_by_label("Search stories"), page.locator("#results h3 a")
    field.focus()
    page.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(field).to_be_focused()


def test_what_narrows_the_search_stays_while_one_types(page, stories):
    page.goto("/search/?q=photonic")
    page.get_by_role("link", name=re.compile("^Chips 1")).click()
    expect(page.locator("#results h3")).to_have_count(1)
    page.get_by_label("Search stories").fill("photonic memory")
    expect(page).to_have_url(re.compile(r"q=photonic\+memory&section="))
    expect(page.locator("a.off")).to_contain_text("Chips")


def test_the_form_works_without_script(new_context, stories):
    page = new_context(java_script_enabled=False).new_page()
    page.goto("/search/")
    page.get_by_label("Search stories").fill("switches")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#results h3")).to_have_text("Photonic switches")


def test_search_pages_are_accessible_and_fit_a_phone(page, stories, assert_accessible):
    chips = "photonic&section=" + Section.objects.get(name="Chips").slug
    for query in ("", "photonics", "photonic", chips, "memroy", "%3F", "-only", "a" * 300):
        page.goto(f"/search/?q={query}")
        assert_accessible(page)
        for width in (320, 768, 1920):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (query, width)


def test_nothing_jumps_when_results_arrive(page, stories):
    page.goto("/search/?q=photonic")
    page.evaluate(
        """() => { window.shifts = 0; new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
        }).observe({ type: "layout-shift", buffered: true }); }"""
    )
    page.get_by_label("Search stories").press("End")
    page.get_by_label("Search stories").press_sequentially(" memory", delay=150)
    expect(page.locator("#results h3")).to_have_count(1)
    assert page.evaluate("window.shifts") <= 0.02
