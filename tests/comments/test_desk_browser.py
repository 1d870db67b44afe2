"""A moderator's morning in a real browser: the keyboard alone, what comes back, and a phone."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from articles.models import Article
from comments.models import Comment, Decision
from comments.moderation import approving
from comments.moderation.decisions import Seen
from comments.reporting import report
from tests.factories import make_article, make_user
from tests.site.test_whole_story import sign_in

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = "/admin/comments/desk/"


def wait_in_line(number: int, *, article: Article | None = None) -> list[Comment]:
    """So many comments that wait, by readers of their own every few."""
    article = article or make_article(headline="A busy story")
    readers = [make_user(name=f"Reader {n}") for n in range(5)]
    return [
        Comment.objects.create(
            article=article, author=readers[n % 5], body=f"Remark number {n}.", status="pending"
        )
        for n in range(number)
    ]


def sit_down(page: Page, role: str = "Moderator") -> Any:
    user = make_user(role=role)
    sign_in(page, user)
    page.goto(DESK)
    return user


def in_hand(page: Page, words: str) -> None:
    expect(page.locator("#file .moderation-said-here")).to_have_text(words)


def all_is_sent(page: Page, number: int) -> None:
    waiting = page.locator('[data-number="waiting"]')
    expect(waiting).to_have_text(str(number), timeout=60_000)  # a loaded machine is slow, not wrong


def test_a_moderator_clears_fifty_waiting_comments_with_the_keyboard(page: Page) -> None:
    """Approve, reject with a reason, look ahead and back, suspend, undo, pick: nothing is lost."""
    comments = wait_in_line(50)
    moderator = sit_down(page)
    keys = page.keyboard
    all_is_sent(page, 50)

    in_hand(page, "Remark number 0.")
    keys.press("j")
    in_hand(page, "Remark number 1.")
    keys.press("ArrowUp")
    in_hand(page, "Remark number 0.")

    keys.press("a")  # the next is there at once
    in_hand(page, "Remark number 1.")
    expect(page.locator("#file h2")).to_be_focused()
    keys.press("r")
    expect(page.get_by_role("button", name="1 Personal attacks")).to_be_focused()
    keys.press("Escape")
    expect(page.get_by_role("button", name="1 Personal attacks")).to_be_hidden()
    keys.press("r")
    keys.press("3")
    in_hand(page, "Remark number 2.")
    expect(page.locator("#said")).to_have_text("1 comment rejected.")
    keys.press("u")  # and the rejected one is back in hand
    in_hand(page, "Remark number 1.")
    expect(page.locator("#said")).to_have_text("Undone: 1 decision.")
    keys.press("r")
    keys.press("1")
    in_hand(page, "Remark number 2.")

    keys.press("s")
    expect(page.get_by_role("button", name="1 For a day")).to_be_focused()
    keys.press("2")
    expect(page.locator("#said")).to_contain_text("is suspended for a week.")
    expect(page.locator("#file .moderation-reader")).to_contain_text("Suspended until")

    for number in range(2, 50):
        in_hand(page, f"Remark number {number}.")
        if number % 10:
            keys.press("a")
        else:
            keys.press("r")
            keys.press(str(1 + number % 6))
    expect(page.locator("#file")).to_contain_text("Nothing waits for you.")
    all_is_sent(page, 0)

    statuses = {n: Comment.objects.get(pk=comment.pk).status for n, comment in enumerate(comments)}
    rejected = {1, 10, 20, 30, 40}
    assert statuses == {n: "rejected" if n in rejected else "visible" for n in range(50)}
    decided = Decision.objects.filter(by=moderator, comment__isnull=False, undone_by=None, undoes=None)
    assert decided.count() == 50
    assert Decision.objects.get(comment=comments[1], undone_by=None, undoes=None).reason == "attacks"
    assert comments[2].author.__class__.objects.get(pk=comments[2].author_id).is_suspended
    article = Article.objects.get()
    assert article.comment_count == 45

    page.goto(f"{DESK}?queue=newest")
    keys.press("p")
    expect(page.locator("#said")).to_have_text("It is an editors’ pick now.")
    assert Comment.objects.exclude(picked_at=None).count() == 1
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()


def test_what_the_site_refuses_comes_back_with_the_reason(page: Page, troubles: Any) -> None:
    """Edited meanwhile, decided by a colleague, no connection: nothing is taken for decided that is not."""
    troubles.allow("ERR_FAILED|ERR_INTERNET_DISCONNECTED|net::")
    first, second, _ = wait_in_line(3)
    sit_down(page)
    in_hand(page, "Remark number 0.")
    Comment.objects.filter(pk=first.pk).update(
        text_number=2, body="Slipped in.", body_html="<p>Slipped in.</p>"
    )
    page.keyboard.press("a")
    expect(page.locator("#said")).to_contain_text("Read it again.")
    expect(page.locator("#rows li").first).to_have_attribute("data-comment", str(first.pk))
    assert Comment.objects.get(pk=first.pk).status == "pending"

    in_hand(page, "Remark number 1.")
    approving.reject_all(seen=[Seen.of(second)], by=make_user(role="Moderator"), reason="spam")
    page.keyboard.press("a")
    expect(page.locator("#said")).to_contain_text("before you")
    assert Comment.objects.get(pk=second.pk).status == "rejected"

    in_hand(page, "Remark number 2.")
    page.route("**/decide/", lambda route: route.abort())
    page.keyboard.press("a")
    expect(page.locator("#said")).to_contain_text("There is no connection. Nothing was decided.")
    page.unroute("**/decide/")


def test_keys_are_letters_where_somebody_types(page: Page) -> None:
    """A word for the author has an a and an r in it."""
    wait_in_line(2)
    sit_down(page)
    page.keyboard.press("r")
    note = page.get_by_label("A word for its author")
    note.fill("")
    note.press_sequentially("A rare jar, 1?")
    expect(note).to_have_value("A rare jar, 1?")
    in_hand(page, "Remark number 0.")
    page.get_by_role("button", name="3 Advertising").click()
    in_hand(page, "Remark number 1.")
    all_is_sent(page, 1)
    assert Decision.objects.get().note == "A rare jar, 1?"


def test_everything_by_a_reader_goes_with_one_key_and_a_yes(page: Page, settings: Any) -> None:
    """Step by step in the background, until nothing is left."""
    settings.PULSE_DECISIONS_AT_ONCE = 2
    comments = wait_in_line(11)
    sit_down(page)
    page.keyboard.press("x")
    expect(page.get_by_label("Yes, all of them")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.locator('[data-number="waiting"]')).to_have_text("8")
    assert Comment.objects.filter(author=comments[0].author, status="rejected").count() == 3


def test_several_are_ticked_and_decided(page: Page) -> None:
    """With v and the buttons; the rule is asked for."""
    wait_in_line(3)
    sit_down(page)
    for _ in range(2):
        page.keyboard.press("v")
        page.keyboard.press("j")
        page.wait_for_timeout(100)
    page.get_by_role("button", name="Reject them").click()
    expect(page.locator("#said")).to_have_text("Choose the rule that they break.")
    page.get_by_label("Which rule they break").last.select_option("spam")
    page.get_by_role("button", name="Reject them").click()
    expect(page.locator("#said")).to_have_text("2 comments rejected.")
    all_is_sent(page, 1)


@pytest.mark.parametrize("width", [320, 1440])
def test_the_desk_is_accessible_and_fits(width: int, page: Page, assert_accessible: Any) -> None:
    """With reports, a long word, an open choice; the rules as well."""
    comment = wait_in_line(3)[0]
    Comment.objects.filter(pk=comment.pk).update(
        body="W" * 500, body_html=f"<p>{'W' * 500}</p>", quote="q" * 300
    )
    report(comment=comment, by=make_user(name="M" * 40), reason="spam", note="n" * 400)
    page.set_viewport_size({"width": width, "height": 800})
    sit_down(page)
    page.keyboard.press("r")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert_accessible(page)
    page.get_by_role("link", name="House rules").click()
    page.get_by_label("Try a text").fill("A text to try")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_text("Somebody you know")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert_accessible(page)


def test_everything_works_without_a_script(new_context: Any) -> None:
    """Links and forms: approve, reject, undo."""
    wait_in_line(2)
    page = new_context(java_script_enabled=False).new_page()
    sit_down(page)
    page.get_by_role("button", name=re.compile("Approve A")).click()
    in_hand(page, "Remark number 1.")
    page.get_by_text("Reject…").click()
    page.get_by_role("button", name="5 Keeping to the subject").click()
    expect(page.get_by_text("Nothing waits for you.").first).to_be_visible()
    page.get_by_role("button", name="Undo U").click()
    in_hand(page, "Remark number 1.")
    assert [c.status for c in Comment.objects.order_by("pk")] == ["visible", "pending"]


def test_on_a_phone_what_is_opened_leaves_its_button_small(page: Page) -> None:
    """The rules to choose from stand right below “Reject…”, not below an empty box of their own height."""
    page.set_viewport_size({"width": 390, "height": 844})
    wait_in_line(1)
    sit_down(page)
    button = page.locator("summary", has_text="Reject…")
    button.click()
    expect(page.get_by_role("button", name="Personal attacks")).to_be_visible()
    box = button.bounding_box()
    assert box
    assert box["height"] < 60
