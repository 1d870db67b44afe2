"""What the site does for its readers in the browser: looks, the parts of a story, sharing, a reading list."""

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from articles import publishing
from tests.factories import change_headline, make_article, make_section, make_term, make_topic, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(15, 19, 24)"}
LONG = "\n\n".join(["Seven words stand in this one sentence. " * 10] * 5)
BODY = f"{LONG}\n\n## Why it matters\n\n{LONG}\n\n## What comes next\n\n{LONG}"
NO_STORAGE = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no') } })"


def paper(page) -> str:
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def text_size(page) -> float:
    return page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")


def choose(page, *names: str) -> None:
    """Choose something in the appearance panel, which stands at the foot of every page."""
    page.get_by_role("contentinfo").get_by_role("button", name="Appearance").click()
    for name in names:
        page.get_by_role("dialog", name="Appearance").get_by_label(name, exact=True).check()
    page.keyboard.press("Escape")


def html_of(article) -> str:
    return Client().get(article.get_absolute_url()).content.decode()


# ---- Appearance


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_chosen_appearance_holds_on_every_page_and_in_every_tab_and_sets_no_cookie(page):
    article = make_article()
    page.emulate_media(color_scheme="light")
    page.goto("/")
    other = page.context.new_page()
    other.emulate_media(color_scheme="light")
    other.goto(article.get_absolute_url())
    assert (paper(page), text_size(page)) == (PAPER["light"], 16)
    choose(page, "Dark", "Largest")
    assert (paper(page), text_size(page)) == (PAPER["dark"], 16 * 1.3)
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    assert (paper(other), text_size(other)) == (PAPER["dark"], 16 * 1.3)
    page.goto("/glossary/")
    assert paper(page) == PAPER["dark"]
    bars = page.eval_on_selector_all("meta[name=theme-color]", "metas => metas.map(meta => meta.content)")
    assert bars == ["#0f1318", "#0f1318"]
    choose(page, "Automatic", "Standard")
    assert (paper(page), text_size(page)) == (PAPER["light"], 16)
    page.emulate_media(color_scheme="dark")
    assert paper(page) == PAPER["dark"]
    assert page.context.cookies() == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_no_page_is_drawn_before_it_has_the_chosen_colours(page):
    page.emulate_media(color_scheme="light")
    page.goto("/")
    choose(page, "Dark")
    page.add_init_script("""
      window.themes = [];
      new PerformanceObserver(() => window.themes.push(document.documentElement.dataset.theme))
        .observe({ type: "paint", buffered: true });
      addEventListener("DOMContentLoaded", () => {}, { once: true });
    """)
    page.goto("/glossary/")
    page.wait_for_function("() => window.themes.length")
    assert set(page.evaluate("window.themes")) == {"dark"}
    blocking = "performance.getEntriesByName(document.querySelector('head script[src]').src)[0]"
    assert page.evaluate(f"{blocking}.renderBlockingStatus") == "blocking"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_browser_that_keeps_nothing_still_changes_the_page_and_nothing_throws(page):
    page.add_init_script(NO_STORAGE)
    page.emulate_media(color_scheme="light")
    page.goto(make_article().get_absolute_url())
    choose(page, "Dark")
    assert paper(page) == PAPER["dark"]
    page.get_by_role("button", name="Save for later").click()
    expect(page.get_by_text("This browser keeps nothing")).to_be_visible()
    page.goto("/reading-list/")
    expect(page.get_by_text("Nothing is saved yet")).to_be_visible()


def test_the_page_is_the_same_for_everyone_whatever_they_chose():
    article = make_article()
    first, second = html_of(article), html_of(article)
    assert first == second
    assert "data-theme" not in first
    assert "data-size" not in first


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_without_script_no_control_is_shown_that_would_do_nothing(new_context):
    page = new_context(java_script_enabled=False, viewport={"width": 360, "height": 780}).new_page()
    page.goto(make_article(body=BODY).get_absolute_url())
    assert page.get_by_role("button", name="Appearance").count() == 0
    assert page.get_by_role("button", name="Save for later").count() == 0
    page.get_by_text("In this story").first.click()
    expect(page.get_by_role("link", name="What comes next")).to_be_visible()
    page.get_by_role("button", name="Share").click()
    assert page.get_by_role("button", name="Copy link").count() == 0
    assert page.get_by_role("link", name="Email").get_attribute("href").startswith("mailto:?subject=Headline")
    page.goto("/reading-list/")
    expect(page.get_by_text("scripts are switched off")).to_be_visible()


# ---- In this story


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_list_of_parts_marks_the_one_being_read(page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(make_article(body=BODY, terms=[make_term()]).get_absolute_url())
    current = page.locator(".rail a[aria-current]:visible")
    expect(current).to_have_count(0)
    page.locator("h2", has_text="Why it matters").evaluate("part => part.scrollIntoView()")
    expect(current).to_have_text("Why it matters")
    page.locator("#briefing").evaluate("part => part.scrollIntoView()")
    expect(current).to_have_text("Technical Briefing")
    page.evaluate("scrollTo(0, 0)")
    expect(current).to_have_count(0)


# ---- Sharing


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_link_is_copied_and_says_so(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    article = make_article()
    page.goto(article.get_absolute_url())
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
    link = f"http://testserver{article.get_absolute_url()}"
    assert page.evaluate("navigator.clipboard.readText()") == link
    page.get_by_role("button", name="Copy the TL;DR with the link").click()
    expect(page.get_by_role("status").filter(has_text="TL;DR and link copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{article.tldr}\n\n{link}"


def test_a_shared_headline_cannot_add_a_recipient_to_the_mail():
    html = html_of(make_article(headline="A&to=x@example.com?bcc=y#z"))
    assert "mailto:?subject=A%26to%3Dx%40example.com%3Fbcc%3Dy%23z&amp;body=" in html


# ---- Old stories


@pytest.mark.parametrize(
    ("published", "said"),
    [
        (dt.datetime(2025, 11, 21, 12, tzinfo=dt.UTC), None),
        (dt.datetime(2025, 11, 20, 12, tzinfo=dt.UTC), "This story is 1 year old."),
        (dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC), "This story is 2 years old."),
    ],
)
def test_an_old_story_says_how_old_it_is_and_leads_to_newer_ones(published, said):
    topic = make_topic(name="Memory")
    article = make_article(at=published, topics=[topic])
    with time_machine.travel(dt.datetime(2026, 11, 20, 0, 5, tzinfo=dt.UTC), tick=False):
        html = html_of(article)
    found = re.search(r'class="flash old">(.*?)</p>', html)
    assert (found[1].split(" There")[0] if found else None) == said
    assert not found or f'<a href="{topic.get_absolute_url()}">Memory</a>' in found[1]


def test_an_old_story_without_a_topic_leads_to_its_section():
    section = make_section(name="Chips")
    article = make_article(at=timezone.now() - dt.timedelta(days=900), section=section)
    assert f'newer ones in <a href="{section.get_absolute_url()}">Chips</a>' in html_of(article)


# ---- The reading list, and what changed


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_stories_are_saved_listed_newest_first_and_removed(page, assert_accessible):
    first = make_article(headline="<b>First</b>", section=make_section(name="Chips"))
    second = make_article(headline="Second")
    for article in (first, second):
        page.goto(article.get_absolute_url())
        page.get_by_role("button", name="Save for later").click()
    expect(page.get_by_role("button", name="Save for later")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("status").get_by_role("link", name="reading list").click()
    expect(page.get_by_role("main").get_by_role("heading", level=2)).to_have_text(["Second", "<b>First</b>"])
    expect(page.get_by_text("Chips").last).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Remove “Second”").click()
    expect(page.get_by_role("main").get_by_role("heading", level=2)).to_have_text(["<b>First</b>"])
    expect(page.get_by_role("button", name="Remove “<b>First</b>”")).to_be_focused()
    page.get_by_role("link", name="<b>First</b>").click()
    page.wait_for_url(f"**{first.get_absolute_url()}")
    expect(page.get_by_role("button", name="Save for later")).to_have_attribute("aria-pressed", "true")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_only_stories_of_this_site_can_stand_on_the_reading_list(page):
    page.goto("/reading-list/")
    page.evaluate("""() => localStorage.setItem("reading-list", JSON.stringify([
      { path: "javascript:alert(1)", headline: "Script", at: 1 },
      { path: "//example.com/articles/x/", headline: "Elsewhere", at: 1 },
      { path: "/articles/fine/", headline: "<img src=x onerror=alert(1)>", at: 1 },
      null, "text",
    ]))""")
    page.reload()
    expect(page.get_by_role("main").get_by_role("heading", level=2)).to_have_text(
        ["<img src=x onerror=alert(1)>"]
    )


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_reader_is_told_what_changed_since_they_read_a_story_and_others_are_not(page, new_context):
    article, editor = make_article(headline="Before"), make_user(role="Editor")
    page.clock.install(time=timezone.now() - dt.timedelta(minutes=30))
    page.goto(article.get_absolute_url())
    page.clock.run_for(11_000)  # long enough to have read it
    change_headline(article, "After")
    publishing.publish(article=article, by=editor)
    publishing.correct(article=article, by=editor, kind="correction", text="It was 60 days.")
    stranger = new_context().new_page()
    for reader, is_told in [(page, True), (stranger, False)]:
        reader.goto(article.get_absolute_url())
        note = reader.get_by_label("Since you read this")
        expect(note.get_by_text("was updated on")).to_be_visible(visible=is_told)
        expect(note.get_by_role("link", name="Correction")).to_be_visible(visible=is_told)


# ---- Keyboard, axe, narrow and large


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_every_control_is_reached_and_worked_with_the_keyboard(page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(make_article(body=BODY).get_absolute_url())

    def walk_to(name: str) -> None:
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.textContent.trim()") == name:
                break
        ring = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert (page.evaluate("document.activeElement.textContent.trim()"), ring) == (name, "3px")

    walk_to("Save for later")
    page.keyboard.press("Space")
    expect(page.locator("#save")).to_have_attribute("aria-pressed", "true")
    walk_to("Share")
    page.keyboard.press("Enter")
    walk_to("Copy link")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Share"
    walk_to("Appearance")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Light", exact=True)).to_be_checked()
    page.keyboard.press("Escape")
    walk_to("Why it matters")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#h-why-it-matters"))


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_open_panels_pass_axe_and_nothing_scrolls_sideways_at_the_largest_text(page, assert_accessible):
    terms = [make_term()]
    make_article(terms=terms)
    page.goto(make_article(body=BODY, terms=terms).get_absolute_url())
    for name in ("Share", "Appearance"):
        page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
        assert_accessible(page)
        page.keyboard.press("Escape")
    choose(page, "Largest")
    for width in (320, 768, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for button in page.locator(".byline button:visible").all():
            assert button.bounding_box()["height"] >= 44
