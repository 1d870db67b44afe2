"""A discussion in a real browser: more of it in place, what is said meanwhile, and words made to break it."""

import re
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from articles.models import Article
from comments.models import Comment
from tests.comments.conftest import Say
from tests.factories import make_article, make_term, make_user

pytestmark = [pytest.mark.browser, pytest.mark.once]

HOSTILE = "\n\n".join(
    [
        "Donau" + "dampfschifffahrts" * 12,
        "https://example.org/" + "long/" * 40,
        "".join("Z" + "\u0301\u0330\u0489" * 12 for _ in range(8)),
        "> > > > > > > quoted from somebody who quoted somebody",
        "    " + "code" * 50,
        "`" + "inline" * 30 + "`",
        "| a | b | c | d |\n|---|---|---|---|\n| " + "cell" * 30 + " | 2 | 3 | 4 |",
        "\u202eهذا تعليق طويل يقول إن الذاكرة هي الجدار وإن السعر يرتفع " * 3,
        "*" * 80 + "_" * 80,
    ]
)
OUTSIDE = """[...document.querySelectorAll("#discussion *")].filter(
    (one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest("pre") && !one.closest(".vh")
).map((one) => one.outerHTML.slice(0, 99))"""


@pytest.fixture
def near(page: Page, article: Article) -> Any:
    """Open the discussion, and wait for its script."""

    def near(query: str = "") -> Page:
        page.goto(f"{article.get_absolute_url()}{query}")
        page.locator("#discussion").scroll_into_view_if_needed()
        page.wait_for_function("document.querySelector('#discussion > .fresh')")
        return page

    return near


def test_more_comments_come_without_leaving(near: Any, say: Say, settings: Any) -> None:
    """The next page and the rest of a thread take their place, with the focus on the first new one."""
    settings.PULSE_COMMENTS_PER_PAGE, settings.PULSE_MAX_REPLIES_SHOWN = 3, 4
    roots = [say(f"Root {number}.") for number in range(7)]
    for number in range(11):
        say(f"Answer {number}.", under=roots[1])
    page: Page = near()
    page.evaluate("window.sameDocument = true")
    page.get_by_role("link", name="Show 3 more comments").click()
    expect(page.locator(".thread > li")).to_have_count(6)
    expect(page.locator(f"#{roots[3].anchor}")).to_be_focused()
    page.get_by_role("link", name="Show 1 more comment", exact=True).click()
    expect(page.locator(".thread > li")).to_have_count(7)
    expect(page.get_by_role("link", name=re.compile("more comment"))).to_have_count(0)

    for left in (7, 3):
        page.get_by_role("link", name=f"Show {left} more replies").click()
        expect(page.get_by_role("link", name=f"Show {left} more replies")).to_have_count(0)
    expect(page.locator(f"#{roots[1].anchor} > ol > li")).to_have_count(11)
    answers = page.locator(f"#{roots[1].anchor} > ol > li .body").all_inner_texts()
    assert answers == [f"Answer {number}." for number in range(11)]
    assert page.evaluate("window.sameDocument")
    assert "?" not in page.url


def test_what_is_said_meanwhile_waits_behind_a_button(near: Any, say: Say, settings: Any) -> None:
    """It is announced and counted exactly, moves nothing, and comes into its place when asked for."""
    settings.PULSE_LIVE_SECONDS = 1
    first = say("First.", by=make_user(name="Ada"))
    for number in range(8):
        say(f"Earlier {number}.")
    page: Page = near()
    place = page.locator(f"#{first.anchor}").bounding_box()
    say("A new thread.")
    say("A new answer.", under=first)
    say("Not for anybody.", status="pending")
    button = page.get_by_role("button", name="2 new comments")
    expect(button).to_be_visible(timeout=15_000)
    expect(page.get_by_role("status").filter(has_text="2 new comments")).to_be_attached()
    assert page.locator(f"#{first.anchor}").bounding_box() == place

    button.click()
    expect(page.locator(".thread > li").last).to_contain_text("A new thread.")
    expect(page.locator(f"#{first.anchor} > ol > li")).to_contain_text("A new answer.")
    expect(page.get_by_role("heading", name="Discussion 11 comments")).to_be_visible()
    expect(button).to_be_hidden()
    expect(page.get_by_text("Not for anybody.")).to_have_count(0)


def test_a_permalink_marks_the_comment_in_view(page: Page, say: Say, settings: Any) -> None:
    settings.PULSE_COMMENTS_PER_PAGE = 3
    comments = [say(f"Remark {number}. " * 40) for number in range(9)]
    page.goto(comments[7].get_absolute_url())
    expect(page.locator(":target")).to_have_attribute("id", comments[7].anchor)
    expect(page.locator(f"#{comments[7].anchor}")).to_be_in_viewport()
    assert page.locator(":target > .note").evaluate("note => getComputedStyle(note).boxShadow") != "none"


def test_nothing_a_reader_typed_breaks_the_page(
    page: Page, say: Say, settings: Any, assert_accessible: Any
) -> None:
    """At 320 px and wider: long words and names, marks upon marks, quotes, code, tables, right to left."""
    terms = [make_term(name="KV cache", slug="kv-cache")]
    story = make_article(terms=terms)
    author = make_user(name="N" * 40)
    comment = say(HOSTILE, on=story, by=author)
    deeper = say(HOSTILE, under=say(HOSTILE, under=comment), by=author)
    say(HOSTILE, under=deeper, by=author)
    words = "word" * 60
    Comment.objects.filter(pk=comment.pk).update(
        part="sentence", part_key="1f", quote=words, pinned_at=timezone.now(), edited_at=timezone.now()
    )
    picked = say(HOSTILE, on=story, by=author)
    Comment.objects.filter(pk=picked.pk).update(part="term", part_key="kv-cache", picked_at=timezone.now())
    for width in (320, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        for query in ("", "?about=sentence:1f"):
            page.goto(f"{story.get_absolute_url()}{query}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(OUTSIDE) == []
            heights = page.locator(".note .body p").evaluate_all("all => all.map((one) => one.scrollHeight)")
            assert max(heights) < 1_500
    assert_accessible(page)
    page.goto(story.get_absolute_url())
    assert_accessible(page)
