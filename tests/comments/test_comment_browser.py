"""The discussion in a real browser: with the script, with the keyboard, and without any script at all."""

import re
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect

from accounts.models import User
from articles.models import Article
from comments.models import Comment
from tests.browser import Troubles
from tests.comments.conftest import Enter, Say
from tests.factories import make_user, reject

pytestmark = pytest.mark.browser


def write(page: Page, text: str) -> None:
    page.get_by_label("Add to the discussion").fill(text)


def post(page: Page) -> None:
    page.locator("#comment").get_by_role("button", name="Post comment").click()


@pytest.mark.once
def test_posting_needs_no_reload(enter: Enter, say: Say) -> None:
    """The comment appears at its place, is announced, has the focus, and is counted everywhere."""
    say("First.")
    page = enter()
    page.evaluate("window.sameDocument = true")
    write(page, "A *new* thought.")
    post(page)

    comment = page.locator(".thread > li").last
    expect(comment).to_contain_text("A new thought.")
    expect(comment).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="Comment posted")).to_be_attached()
    expect(page.get_by_role("heading", name="Discussion 2 comments")).to_be_visible()
    expect(page.locator(".meta a[href='#discussion']").first).to_have_text("2 comments")
    expect(page.get_by_label("Add to the discussion")).to_have_value("")
    assert page.url.endswith(f"#{comment.get_attribute('id')}")
    assert page.evaluate("window.sameDocument")


@pytest.mark.once
def test_first_comment_takes_the_place_of_the_empty_sentence(enter: Enter) -> None:
    """Where nothing was said, the first comment makes the thread."""
    page = enter()
    expect(page.get_by_text("No comments yet.")).to_be_visible()
    write(page, "I begin.")
    post(page)

    expect(page.locator(".thread > li")).to_have_text(re.compile("I begin."))
    expect(page.get_by_text("No comments yet.")).to_have_count(0)
    expect(page.get_by_role("heading", name="Discussion 1 comment", exact=True)).to_be_visible()


@pytest.mark.once
def test_answering_moves_one_form_and_keeps_its_words(enter: Enter, say: Say) -> None:
    """Reply opens the form under the comment; on another comment it moves there with what was typed."""
    first, second = say("First.", by=make_user(name="Ada")), say("Second.", by=make_user(name="Bo"))
    page = enter()
    page.get_by_role("link", name="Reply to Ada").click()
    page.get_by_label("Reply to Ada").fill("I see.")
    page.get_by_role("link", name="Reply to Bo").click()

    field = page.get_by_label("Reply to Bo")
    expect(field).to_be_focused()
    expect(field).to_have_value("I see.")
    expect(page.locator("#reply")).to_have_count(1)
    page.locator("#reply").get_by_role("button", name="Post comment").click()

    answer = page.locator(f"#{second.anchor} > ol > li")
    expect(answer).to_contain_text("I see.")
    expect(answer).to_be_focused()
    expect(page.locator("#reply")).to_have_count(0)
    assert Comment.objects.get(parent=second).root == second
    assert not first.replies.exists()


@pytest.mark.once
def test_answers_stand_at_most_three_levels_deep(enter: Enter, say: Say) -> None:
    """What the script inserts stands where a reload puts it, at every level."""
    third = say(under=say(under=say()), by=make_user(name="Deep"))
    page = enter()
    page.get_by_role("link", name="Reply to Deep").click()
    page.get_by_label("Reply to Deep").fill("Deeper.")
    page.locator("#reply").get_by_role("button", name="Post comment").click()
    expect(page.locator(f"#{third.anchor} + li")).to_contain_text("Deeper.")
    names = (
        "[...document.querySelectorAll('.thread li')].map(li => [li.id, li.parentElement.closest('li')?.id])"
    )
    inserted = page.evaluate(names)
    page.reload()

    assert page.evaluate(names) == inserted


@pytest.mark.once
def test_escape_and_cancel_close_the_form_and_return_the_focus(enter: Enter, say: Say) -> None:
    """The keyboard alone opens, leaves and opens again, and no word is lost."""
    say(by=make_user(name="Ada"))
    page = enter()
    link = page.get_by_role("link", name="Reply to Ada")
    link.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Half a thought")
    page.keyboard.press("Escape")
    expect(link).to_be_focused()
    expect(page.locator("#reply")).to_have_count(0)

    page.keyboard.press("Enter")
    expect(page.get_by_label("Reply to Ada")).to_have_value("Half a thought")
    page.get_by_role("link", name="Cancel").click()
    expect(link).to_be_focused()


@pytest.mark.once
def test_pressing_twice_posts_once(enter: Enter, article: Article) -> None:
    """While a comment is on its way the button is busy, and a second press does nothing."""
    page = enter()
    requests = []

    def slowly(route: Route) -> None:
        requests.append(route.request)
        page.wait_for_timeout(300)
        route.continue_()

    page.route("**/comments/", slowly)
    write(page, "Once.")
    button = page.locator("#comment .btn").first
    button.evaluate("button => { button.click(); button.click(); }")
    expect(button).to_have_text("Posting")
    expect(page.locator(".thread > li")).to_have_count(1)
    expect(button).to_have_text("Post comment")

    assert len(requests) == 1
    assert Comment.objects.count() == 1


@pytest.mark.once
def test_refusal_stands_beside_the_form_and_keeps_the_words(
    enter: Enter, say: Say, troubles: Troubles
) -> None:
    """A refusal is read out, points at the field, and goes when it is put right."""
    troubles.allow("response: 409")
    page = enter()
    write(page, "The same.")
    post(page)
    expect(page.locator(".thread > li")).to_have_count(1)
    page.reload()
    write(page, "The same.")
    post(page)

    field = page.get_by_label("Add to the discussion")
    expect(page.get_by_role("alert")).to_have_text("Error: You posted these words a few minutes ago. ")
    expect(field).to_have_value("The same.")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-describedby", "comment-hint comment-error")
    write(page, "Not the same.")
    post(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".thread > li")).to_have_count(2)


@pytest.mark.once
def test_lost_connection_keeps_the_words(enter: Enter, troubles: Troubles) -> None:
    """Without a connection the reader is told so, and can press again."""
    troubles.allow("request: POST")
    page = enter()
    page.route("**/comments/", lambda route: route.abort())
    write(page, "Hello?")
    post(page)
    expect(page.get_by_role("alert")).to_contain_text("the connection failed")
    page.unroute("**/comments/")
    post(page)

    expect(page.locator(".thread > li")).to_contain_text("Hello?")


@pytest.mark.once
def test_signed_out_meanwhile_leads_to_sign_in_and_the_draft_survives(
    enter: Enter, reader: User, troubles: Troubles
) -> None:
    """A session that ended is said with a link to sign-in; the words are there after a reload."""
    troubles.allow("response: 401")
    page = enter()
    write(page, "A long thought.")
    cookies = page.context.cookies()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    post(page)
    expect(page.get_by_role("alert").get_by_role("link", name="Sign in")).to_be_visible()
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.reload()

    expect(page.get_by_label("Add to the discussion")).to_have_value("A long thought.")
    post(page)
    expect(page.locator(".thread > li")).to_have_count(1)
    page.reload()
    expect(page.get_by_label("Add to the discussion")).to_have_value("")


@pytest.mark.once
def test_discussion_works_without_script(enter: Enter, say: Say) -> None:
    """Posting, answering and leaving the reply form, by page loads alone."""
    first = say("First.", by=make_user(name="Ada"))
    page = enter(java_script_enabled=False)
    write(page, "A thought.")
    post(page)
    expect(page.locator(".thread > li").last).to_contain_text("A thought.")
    page.get_by_role("link", name="Reply to Ada").click()
    page.get_by_label("Reply to Ada").fill("An answer.")
    page.locator("#reply").get_by_role("button", name="Post comment").click()

    expect(page.locator(f"#{first.anchor} > ol > li")).to_contain_text("An answer.")
    assert re.search(r"#comment-\d+$", page.url)
    page.get_by_role("link", name="Reply to Ada").click()
    page.get_by_role("link", name="Cancel").click()
    expect(page.locator("form#reply")).to_have_count(0)


@pytest.mark.once
@pytest.mark.once
def test_discussion_is_accessible(
    enter: Enter, say: Say, moderator: User, page: Page, article: Article, assert_accessible: Any
) -> None:
    """Every state of the discussion, for a reader and a stranger, in both themes, and at 320 px."""
    root = say(by=make_user(name="Ada"))
    removed = say(under=root)
    say(under=removed)
    deep = say(under=say(under=removed))
    say(under=deep)
    say("https://example.org/" + "long" * 60)
    say("Waiting.", status="pending")
    reject(comment=removed, by=moderator, reason="attacks")
    page.goto(article.get_absolute_url())
    assert_accessible(page)
    mine = enter(f"?reply={root.pk}")
    assert_accessible(mine)
    mine.set_viewport_size({"width": 320, "height": 600})
    assert mine.evaluate("document.documentElement.scrollWidth") <= 320
    mine.goto(f"{page.url.split('/articles')[0]}{root.get_absolute_url()}report/")
    assert_accessible(mine)


@pytest.mark.once
@pytest.mark.once
def test_refused_page_is_accessible(enter: Enter, troubles: Troubles, assert_accessible: Any) -> None:
    """The page that gives a refused comment back."""
    troubles.allow("response: 400")
    page = enter(java_script_enabled=True)
    page.evaluate("document.querySelector('#comment-body').removeAttribute('required')")
    page.evaluate("document.querySelector('#comment').submit()")
    page.wait_for_url("**/comments/")

    expect(page.get_by_role("alert")).to_contain_text("Write something before you post.")
    assert_accessible(page)
