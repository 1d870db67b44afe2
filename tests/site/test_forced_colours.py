"""Where the reader's own colours replace ours, what is chosen is still seen, and what can be pressed."""

import pytest
from playwright.sync_api import Page

from comments.models import Comment
from comments.writing import post, respect
from tests.factories import make_article, make_draft, make_user
from tests.site.newsroom import DESK, discussed
from tests.site.test_whole_story import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

# What is left of an element when every background is the page's: its edges, its ground, its line. The weight
# of its letters is not enough to tell one of a row by.
LOOK = """
const look = (element, part) => {
  const style = getComputedStyle(element, part);
  const paper = getComputedStyle(document.body).backgroundColor;
  const plain = (colour) => colour === paper || /^rgba.* 0\\)$/.test(colour);
  const seen = (width, colour) => (parseFloat(width) && !plain(colour) ? `${width} ${colour}` : "");
  return JSON.stringify([
    plain(style.backgroundColor) ? "" : style.backgroundColor,
    ...["Top", "Right", "Bottom", "Left"].map((side) =>
      seen(style[`border${side}Width`], style[`border${side}Color`])),
    style.outlineStyle === "none" ? "" : seen(style.outlineWidth, style.outlineColor),
    style.textDecorationLine,
  ]);
};
"""
BARE = '["","","","","","","none"]'
CHOSEN = ":is([aria-current], [aria-pressed=true], [aria-selected=true])"


def looks(page: Page, selector: str, part: str = "") -> list[str]:
    """How each visible element looks that the selector finds."""
    script = f"""([selector, part]) => {{ {LOOK}
      return [...document.querySelectorAll(selector)].filter((found) => found.checkVisibility())
        .map((found) => look(found, part || null)); }}"""
    found: list[str] = page.evaluate(script, [selector, part])
    return found


def assert_told_apart(page: Page, selector: str, part: str = "") -> None:
    """One of a row is chosen, and looks like none of the others."""
    chosen, others = looks(page, f"{selector}{CHOSEN}", part), looks(page, f"{selector}:not({CHOSEN})", part)
    assert chosen, selector
    assert others, selector
    assert not set(chosen) & set(others), f"{selector}: {chosen} and {others}"


def assert_pressable(page: Page) -> None:
    """Each button has an edge, a ground or a line of its own."""
    script = f"""() => {{ {LOOK}
      return [...document.querySelectorAll(".btn, .button, button.act, input[type=submit]")]
        .filter((found) => found.checkVisibility() && look(found) === '{BARE}')
        .map((found) => found.outerHTML);
    }}"""
    assert page.evaluate(script) == []


def test_a_reader_sees_what_is_chosen_and_what_can_be_pressed(page):
    reader, article = make_user(name="Rita"), make_article()
    first, _ = (post(article=article, by=make_user(), body=f"Word {n}.", key=f"{n}") for n in range(2))
    respect(comment=first, by=reader)
    sign_in(page, reader)
    page.emulate_media(forced_colors="active")
    page.goto(article.section.get_absolute_url())
    assert_told_apart(page, ".nav a")
    page.goto("/account/")
    assert_told_apart(page, ".account-nav a")
    page.goto(article.get_absolute_url())
    page.locator("#discussion").scroll_into_view_if_needed()
    assert_told_apart(page, ".orders a")
    assert_told_apart(page, ".respect", "::before")
    assert_pressable(page)
    page.goto("/accounts/password/change/")
    assert_pressable(page)


def test_the_newsroom_sees_what_is_chosen_and_what_can_be_pressed(page):
    """At the desk with two that wait, and where a story is written."""
    waiting, *_ = discussed()
    Comment.objects.create(article=waiting.article, author=make_user(), body="Another.", status="pending")
    sign_in(page, make_user(role="Editor"))
    page.emulate_media(forced_colors="active")
    page.goto(DESK)
    for row in (".newsroom-bar a", ".moderation-queues a", ".moderation-rows > li"):
        assert_told_apart(page, row)
    assert_pressable(page)
    page.goto("/admin/comments/houserules/")
    assert_pressable(page)
    page.goto(f"/admin/articles/article/{make_draft(body='**bold**').pk}/change/")
    page.locator("#id_body").press("Control+Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.locator(".story-toolbar [aria-pressed=true]").first.wait_for()
    assert_told_apart(page, ".story-toolbar button")
    assert_told_apart(page, ".story-switch button")
    assert_pressable(page)
