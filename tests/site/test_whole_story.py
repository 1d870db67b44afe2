"""The whole way in a browser: somebody writes, publishes, reads, signs up, answers."""

import re

import pytest
from django.core import mail
from django.test import Client
from playwright.sync_api import expect

from articles.models import Article
from tests.factories import PASSWORD, make_article, make_author, make_section, make_term, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TLDR = (
    "Accelerators now arrive on time and the memory beside them does not. Labs answer with smaller caches "
    "and older chips, and the price of a long conversation begins to show on the bill for everyone."
)


def sign_in(page, user):
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"/(?!accounts)"))


def choose(page, row, name):
    """Pick from a field that searches while typing."""
    row.locator(".select2-selection").click()
    page.locator(".select2-search__field").last.fill(name)
    page.locator(".select2-results__option", has_text=name).first.click()


def add_row(page, group):
    page.locator(f"#{group}-group a.addlink").click()
    return page.locator(f"#{group}-group .dynamic-{group}").last


@pytest.mark.once
def test_an_editor_writes_publishes_and_a_reader_signs_up_and_answers(page, new_context, assert_accessible):
    editor = make_user(name="Edda", role="Editor")
    make_section(name="Chips")
    make_author(name="Ines Example")
    terms = [
        make_term(name=name, slug=name.replace(" ", "-")) for name in ("prefill", "cache", "accelerator")
    ]

    sign_in(page, editor)
    page.goto("/admin/articles/article/add/")
    page.get_by_role("textbox", name="Headline").fill("Memory is the wall")
    page.get_by_role("textbox", name="The Pulse TL;DR").fill(TLDR)
    assert "in house style" in page.locator(".word-count").inner_text()
    story = page.locator("#id_body")
    story.fill(
        "The cache is full.\n\nAn accelerator waits.\n\nThen comes prefill.\n\nAnd a fourth paragraph."
    )
    preview = page.frame_locator("iframe.story-preview")
    preview.get_by_text("And a fourth paragraph.").wait_for()
    assert "Memory is the wall" in preview.locator("h1").inner_text()
    story.press("Tab")
    assert page.evaluate("document.activeElement.id") != "id_body"

    impact = add_row(page, "impacts")
    for lens in ("Market", "Industry", "Society"):
        impact.get_by_label(lens).check()
    impact.locator("textarea").fill("Prices of long answers rise first.")
    for term in terms:
        row = add_row(page, "briefing")
        choose(page, row, term.name)
    byline = add_row(page, "bylines")
    choose(page, byline, "Ines")
    page.get_by_role("combobox", name="Section").select_option(label="Chips")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("Published.").wait_for()

    article = Article.objects.get()
    reader = new_context().new_page()
    reader.goto(article.get_absolute_url())
    headings = [text.strip().split("\n")[0] for text in reader.locator("main h2").all_text_contents()]
    assert headings[:3] == ["The Pulse TL;DR", "Real-World Impact", "Technical Briefing"]
    assert headings[3].startswith("Discussion")
    assert reader.locator(".prose p").count() == 4
    for address in (
        "/",
        "/sections/" + article.section.slug + "/",
        "/feeds/rss/",
        "/sitemap-stories-1.xml",
        terms[0].get_absolute_url(),
    ):
        assert article.slug in Client().get(address).content.decode(), address

    reader.get_by_text("Sign in to join the discussion").wait_for()
    reader.locator("#discussion").get_by_role("link", name="Sign in").first.click()
    reader.get_by_role("link", name="Create an account").first.click()
    reader.get_by_label("Display name").fill("Rita Reader")
    reader.get_by_label("Email").fill("rita@example.com")
    reader.get_by_label("Password").fill(PASSWORD)
    reader.get_by_role("button", name="Create account").click()
    reader.get_by_label("Code").wait_for()
    code = re.search(r"^\s*([A-Z0-9-]{6,})\s*$", str(mail.outbox[-1].body), re.MULTILINE)[1]
    reader.get_by_label("Code").fill(code)
    reader.get_by_role("main").get_by_role("button").first.click()
    reader.wait_for_url(f"**{article.get_absolute_url()}**")
    reader.get_by_label("Add to the discussion").fill("We see *exactly* this.")
    reader.get_by_role("button", name="Post comment").click()
    reader.locator(".thread .note", has_text="We see exactly this.").wait_for()
    assert article.comments.count() == 1
    assert_accessible(reader)

    anonymous = new_context().new_page()
    anonymous.goto(article.get_absolute_url())
    assert "We see exactly this." in anonymous.locator("#discussion").text_content()


def test_without_script_a_reader_signs_in_and_answers(new_context):
    article, reader = make_article(), make_user(name="Rita")
    page = new_context(java_script_enabled=False).new_page()
    page.goto(article.get_absolute_url())
    page.locator("#discussion").get_by_role("link", name="Sign in").first.click()
    page.get_by_label("Email").fill(reader.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    assert page.url.split("#")[0].endswith(article.get_absolute_url())
    page.get_by_label("Add to the discussion").fill("No script here.")
    page.get_by_role("button", name="Post comment").click()
    assert "No script here." in page.locator(".thread").inner_text()
    assert "#comment-" in page.url


@pytest.mark.once
def test_a_definition_opens_at_its_term_by_keyboard_and_pointer(page):
    term = make_term(name="prefill", slug="prefill", definition="The first pass over a prompt.")
    article = make_article(body="Then comes prefill.", terms=[term])
    page.goto(article.get_absolute_url())
    link = page.locator("a.term")
    link.focus()
    page.keyboard.press("Enter")
    popover = page.locator(".def")
    assert "The first pass over a prompt." in popover.inner_text()
    page.keyboard.press("Escape")
    assert not popover.is_visible()
    assert page.evaluate("document.activeElement.className") == "term"
    link.click()
    assert popover.is_visible()


@pytest.mark.once
def test_without_script_a_term_leads_to_the_briefing(new_context):
    article = make_article(body="Then comes prefill.", terms=[make_term(name="prefill", slug="prefill")])
    page = new_context(java_script_enabled=False).new_page()
    page.goto(article.get_absolute_url())
    page.locator("a.term").click()
    assert page.url.endswith("#term-prefill")


@pytest.mark.once
def test_rows_move_up_and_down_by_keyboard(page):
    editor = make_user(role="Editor")
    terms = [make_term(name=name) for name in ("alpha", "beta")]
    article = make_article(terms=terms, by=editor)
    sign_in(page, editor)
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.locator("#briefing-group").get_by_role("button", name="Move down").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Draft saved.").wait_for()
    assert [entry.term.name for entry in article.briefing.all()] == ["beta", "alpha"]


@pytest.mark.once
def test_a_pasted_picture_asks_for_its_description_and_lands_in_the_story(page):
    editor = make_user(role="Editor")
    article = make_article(by=editor)
    sign_in(page, editor)
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.evaluate(
        """async () => {
            const canvas = document.createElement("canvas"); canvas.width = canvas.height = 40;
            canvas.getContext("2d").fillRect(0, 0, 40, 40);
            const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
            const transfer = new DataTransfer();
            transfer.items.add(new File([blob], "photo.html.png", { type: "image/png" }));
            const options = { clipboardData: transfer, bubbles: true, cancelable: true };
            document.getElementById("id_body").dispatchEvent(new ClipboardEvent("paste", options));
        }"""
    )
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Insert picture").click()
    assert "Describe the picture" in dialog.locator("[role=alert]").inner_text()
    dialog.get_by_label("What does it show?").fill("A black square")
    dialog.get_by_role("button", name="Insert picture").click()
    expect(page.locator("#id_body")).to_have_value(re.compile(r"!\[A black square\]\(/media/"))
    page.frame_locator("iframe.story-preview").locator("img[alt='A black square']").wait_for()


@pytest.mark.once
def test_a_term_is_created_without_leaving_the_article(page):
    editor = make_user(role="Editor")
    article = make_article(by=editor)
    sign_in(page, editor)
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    row = add_row(page, "briefing")
    with page.expect_popup() as opened:
        row.locator(".add-related").click()
    popup = opened.value
    popup.get_by_role("textbox", name="Name").fill("world model")
    popup.get_by_role("textbox", name="Definition").fill("A model of how things move.")
    popup.get_by_label("Status").select_option("published")
    with popup.expect_event("close"):
        popup.get_by_role("button", name="Save").click()
    expect(row.locator(".select2-selection__rendered")).to_contain_text("world model")
    page.get_by_role("button", name="Publish changes").click()
    page.get_by_text("Published.").wait_for()
    assert [term.name for term in article.live_revision().terms.all()] == ["world model"]


@pytest.mark.once
def test_a_definition_opens_by_touch(new_context):
    term = make_term(name="prefill", slug="prefill", definition="The first pass over a prompt.")
    article = make_article(body="Then comes prefill.", terms=[term])
    page = new_context(has_touch=True, viewport={"width": 360, "height": 700}).new_page()
    page.goto(article.get_absolute_url())
    page.locator("a.term").tap()
    assert "The first pass over a prompt." in page.locator(".def").inner_text()
