"""Writing in a real browser: preview, drafts, names, passages, changing, taking back, respect."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from articles.models import Article
from comments.models import Comment
from tests.browser import Troubles
from tests.comments.conftest import Enter, Say
from tests.factories import make_article, make_term, make_user

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def article(db: None) -> Article:
    return make_article(body="It was quiet. Then everything changed.", terms=[make_term(name="prefill")])


def field(page: Page, label: str = "Add to the discussion") -> Any:
    return page.get_by_label(label, exact=True)


def press(page: Page, name: str, form: str = "#comment") -> None:
    page.locator(form).get_by_role("button", name=name).click()


def test_preview_and_counting(enter: Enter, assert_accessible: Any, troubles: Troubles) -> None:
    """A preview stands above the buttons and stores nothing; near the limit the rest is counted, politely."""
    page = enter()
    field(page).fill("A *new* <img src=x onerror=alert(1)> thought.")
    press(page, "Preview")
    preview = page.get_by_role("region", name="Preview")
    expect(preview).to_contain_text("A new <img src=x onerror=alert(1)> thought.")
    expect(preview.locator("em")).to_have_text("new")
    expect(field(page)).to_have_value(re.compile("new"))
    assert not Comment.objects.exists()
    assert_accessible(page)
    field(page).fill("x" * 1_950)
    expect(page.locator(".left")).to_contain_text("50 characters left")
    field(page).fill("x" * 2_001)
    expect(page.locator(".left")).to_contain_text("1 too many")
    field(page).fill("Short.")
    press(page, "Post comment")
    expect(page.locator(".thread > li")).to_contain_text("Short.")
    expect(preview).to_have_count(0)


def test_drafts_are_kept_for_each_place_until_they_are_posted(enter: Enter, say: Say) -> None:
    """A reload brings back what was written under the story and under each comment; posting forgets it."""
    say("First.", by=make_user(name="Ada"))
    page = enter()
    field(page).fill("To all.")
    expect(page.locator("#comment .kept")).to_have_text("Your draft is kept in this browser.")
    page.get_by_role("link", name="Reply to Ada").click()
    field(page, "Reply to Ada").fill("To Ada.")
    page.reload()

    expect(field(page)).to_have_value("To all.")
    expect(page.locator("#comment .kept")).to_contain_text("Your draft from before.")
    page.get_by_role("link", name="Reply to Ada").click()
    expect(field(page, "Reply to Ada")).to_have_value("To Ada.")
    press(page, "Post comment", "#reply")
    expect(page.get_by_role("status").filter(has_text="Comment posted")).to_be_attached()
    press(page, "Post comment")
    expect(page.locator(".thread")).to_contain_text("To all.")
    page.reload()
    expect(field(page)).to_have_value("")
    page.get_by_role("link", name="Reply to Ada").click()
    expect(field(page, "Reply to Ada")).to_have_value("")
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('draft'))") == []


def test_a_draft_is_shown_to_its_writer_only(enter: Enter, live_server: Any) -> None:
    """Somebody else who signs in on the same browser does not see it."""
    page = enter()
    field(page).fill("Between us.")
    stranger = Client()
    stranger.force_login(make_user())
    cookie = stranger.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    page.reload()

    expect(field(page)).to_have_value("")


def test_names_are_offered_and_taken_with_the_keyboard(
    enter: Enter, say: Say, assert_accessible: Any
) -> None:
    """@ and a beginning list who is on the page; arrows, Enter and Escape do what they do everywhere."""
    for name in ("Ada Example", "Adam", "Bo"):
        say(by=make_user(name=name))
    page = enter()
    field(page).press_sequentially("Yes @ad")
    names = page.get_by_role("listbox", name="Readers in this discussion")
    expect(names.get_by_role("option")).to_have_text(["Ada Example", "Adam"])
    expect(field(page)).to_have_attribute("aria-activedescendant", "name-0")
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    expect(names.get_by_role("option", name="Adam")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(names).to_have_count(0)
    page.keyboard.type("a")
    expect(names.get_by_role("option")).to_have_text(["Ada Example", "Adam"])
    page.keyboard.press("Enter")
    expect(field(page)).to_have_value("Yes @Ada Example ")
    page.keyboard.type("is right.")
    press(page, "Post comment")

    expect(page.locator(".thread > li").last.locator(".body b")).to_have_text("@Ada Example")


def test_a_passage_goes_into_the_form_and_out_of_it(enter: Enter) -> None:
    """What was marked in the story is said above the words, can be removed, and is stored."""
    page = enter()
    quote = "detail => document.dispatchEvent(new CustomEvent('pulse:quote', { detail }))"
    passage = {"text": "", "part": "sentence", "key": "", "quote": "It was quiet."}
    page.evaluate(quote, passage)
    about = page.locator("#comment .about")
    expect(about).to_contain_text("It was quiet.")
    expect(field(page)).to_be_focused()
    about.get_by_role("button", name="Remove").click()
    expect(about).to_be_hidden()
    page.evaluate(quote, passage)
    page.evaluate(quote, {"text": "It was quiet.", "part": "", "key": "", "quote": ""})
    expect(field(page)).to_have_value("> It was quiet.\n\n")
    field(page).press_sequentially("Was it?")
    press(page, "Post comment")
    expect(page.locator(".thread > li")).to_contain_text("Was it?")
    expect(about).to_be_hidden()

    assert Comment.objects.get().quote == "It was quiet."


def test_changing_and_deleting_where_it_stands(
    enter: Enter, say: Say, assert_accessible: Any, article: Article
) -> None:
    """The form opens in the comment's place, Escape leaves it, saving shows it; deleting asks first."""
    mine = say("A thougt.")
    page = enter()
    comment = page.locator(f"#{mine.anchor}")
    comment.get_by_role("link", name="Edit your comment").click()
    expect(field(page, "Your comment")).to_be_focused()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(comment).to_contain_text("A thougt.")
    expect(comment.get_by_role("link", name="Edit your comment")).to_be_focused()
    page.keyboard.press("Enter")
    field(page, "Your comment").fill("A *thought*.")
    press(page, "Preview", "#edit")
    expect(page.get_by_role("region", name="Preview").locator("em")).to_have_text("thought")
    press(page, "Save change", "#edit")
    expect(comment).to_contain_text("Edited")
    expect(comment.locator("em")).to_have_text("thought")
    expect(comment).to_be_focused()

    comment.get_by_role("link", name="Delete your comment").click()
    dialog = page.get_by_role("dialog", name="Delete your comment?")
    assert_accessible(page)
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_have_count(0)
    comment.get_by_role("link", name="Delete your comment").click()
    dialog.get_by_role("button", name="Delete comment").click()
    expect(comment).to_have_count(0)
    expect(page.get_by_role("heading", name="Discussion 0 comments")).to_be_visible()
    assert Comment.objects.get().status == "deleted"


def test_respect_is_a_pressed_button_with_a_number(enter: Enter, say: Say) -> None:
    """One press gives it, the next takes it back, without leaving the page; a reload says the same."""
    comment = say(by=make_user(name="Ada"))
    page = enter()
    button = page.get_by_role("button", name="Respect for what Ada says")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button.locator(".num")).to_have_text("1")
    page.reload()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button.locator(".num")).to_have_text("0")
    assert not comment.respects.exists()


def test_a_token_from_before_signing_in_again_is_renewed(enter: Enter, troubles: Troubles) -> None:
    """Somebody who signed in again in another window presses the button once, and it is posted."""
    troubles.allow("response: 403")
    page = enter()
    field(page).fill("Still me.")
    page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
    press(page, "Post comment")

    expect(page.locator(".thread > li")).to_contain_text("Still me.")


def test_what_the_page_is_narrowed_to_every_comment_is_about(enter: Enter) -> None:
    """The second one too, until its writer removes it."""
    page = enter("?about=tldr#comment")
    for body in ("One.", "Two."):
        expect(page.locator("#comment .about")).to_contain_text("About the TL;DR")
        field(page).fill(body)
        press(page, "Post comment")
        expect(page.locator(".thread > li").filter(has_text=body)).to_be_visible()
    press(page, "Remove what it is about")
    field(page).fill("Three.")
    press(page, "Post comment")
    expect(page.locator(".thread > li").filter(has_text="Three.")).to_be_visible()
    about = Comment.objects.order_by("pk").values_list("part", flat=True)
    assert list(about) == ["tldr", "tldr", ""]


def test_everything_works_without_script(enter: Enter, say: Say, assert_accessible: Any) -> None:
    """Preview, what it is about, respect, changing and deleting, by page loads alone; no layout breaks."""
    say("Said.", by=make_user(name="Ada"))
    mine = say("Mine. " + "long" * 80)
    page = enter("?about=tldr#comment", java_script_enabled=False)
    page.set_viewport_size({"width": 320, "height": 600})
    expect(page.locator("#comment .about")).to_contain_text("About the TL;DR")
    field(page).fill("A *thought*. " + "W" * 300)
    press(page, "Preview")
    expect(page.get_by_role("heading", name="Preview of your comment")).to_be_visible()
    expect(page.locator("#comment .about")).to_contain_text("About the TL;DR")
    press(page, "Remove")
    expect(page.locator("#comment .about")).to_be_hidden()
    press(page, "Post comment")
    expect(page.locator(".thread > li").last).to_contain_text("A thought.")
    page.get_by_role("button", name="Respect for what Ada says").click()
    expect(page.get_by_role("button", name="Respect for what Ada says")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.locator(f"#{mine.anchor}").get_by_role("link", name="Edit your comment").click()
    field(page, "Your comment").fill("Mine, better.")
    press(page, "Save change")
    expect(page.locator(f"#{mine.anchor}")).to_contain_text("Mine, better.")
    page.locator(f"#{mine.anchor}").get_by_role("link", name="Delete your comment").click()
    page.get_by_role("button", name="Delete comment").click()
    expect(page.get_by_text("Your comment has been deleted.")).to_be_visible()


def test_pages_of_writing_are_accessible_and_fit(enter: Enter, say: Say, assert_accessible: Any) -> None:
    """Preview, change and delete, at 320 px, in both themes."""
    mine = say("W" * 300)
    page = enter()
    page.set_viewport_size({"width": 320, "height": 600})
    root = page.url.split("/articles")[0]
    for act in ("edit", "delete"):
        page.goto(f"{root}/comments/{mine.pk}/{act}/")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto(f"{root}/comments/{mine.pk}/edit/")
    press(page, "Preview")
    expect(page.get_by_role("heading", name="Preview of your change")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
