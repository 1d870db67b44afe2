"""An editor's morning in a real browser: the desk by keyboard and on a phone, and what is done from it."""

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from articles import editing, publishing, workflow
from articles.models import Article
from articles.preview_links import make_link
from comments.reporting import report
from comments.writing import post
from tests.factories import make_article, make_draft, make_term, make_user
from tests.site.test_whole_story import sign_in

pytestmark = [pytest.mark.once, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 800}


def busy_morning(editor) -> Article:
    """Something of everything on the desk; the live story among it."""
    live = make_article(headline="A live story", terms=[make_term()], by=editor)
    live.impacts.create(text="It will matter.", horizon_on=timezone.localdate() - dt.timedelta(days=30))
    editing.save_revision(article=live, by=editor)
    publishing.publish(article=live, by=editor)
    for headline in ("A draft to read", "A draft to send back"):
        workflow.submit(article=make_draft(headline=headline), by=editor, note="Please look at the end.")
    ready = make_draft(headline="A draft to publish", by=editor)
    workflow.mark_ready(article=ready, by=editor)
    make_link(article=ready, by=editor, hours=24, for_whom="the press office")
    planned = make_draft(headline="A story for tomorrow")
    publishing.schedule(article=planned, by=editor, at=timezone.now() + dt.timedelta(hours=20))
    comment = post(article=live, by=make_user(name="Rita"), body="A remark.", key="1")
    report(comment=comment, by=make_user(), reason="spam")
    return live


def test_an_editors_morning(page):
    """To a correction, a verdict and a step for several at once; on a phone nothing scrolls sideways."""
    editor = make_user(role="Editor", name="Edda")
    live = busy_morning(editor)
    page.set_viewport_size(PHONE)
    sign_in(page, editor)
    page.goto("/admin/")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("link", name="2 in review").click()
    expect(page.get_by_role("heading", name="In review")).to_be_in_viewport()

    # the bar scrolls to the place that is focused
    new = page.get_by_label("Newsroom").get_by_role("link", name="New article")
    new.focus()
    expect(new).to_be_in_viewport(ratio=1)

    # a correction shows as readers will see it while it is typed
    page.goto(f"/admin/articles/article/{live.pk}/correct/")
    page.get_by_label("Clarification").check()
    page.get_by_label("What it says").fill("It is twelve.")
    expect(page.locator(".correction-line")).to_contain_text("Clarification")
    expect(page.locator(".correction-line")).to_contain_text("It is twelve.")
    page.get_by_role("button", name="Add correction").click()
    page.get_by_role("link", name="Read it on the story").click()
    expect(page.get_by_text("It is twelve.")).to_be_visible()

    # a verdict
    page.goto("/admin/")
    page.get_by_role("link", name="Judge the outlook").click()
    page.get_by_label("Wrong").check()
    page.get_by_label("Evidence").fill("It did not.")
    page.get_by_role("button", name="Give verdict").click()
    expect(page.get_by_text("Verdict given: wrong.")).to_be_visible()

    # a step for several articles, by keyboard
    page.goto("/admin/articles/article/?status__exact=in_review")
    page.locator("#action-toggle").press("Space")
    page.locator("select[name=action]").select_option(label="Send back…")
    page.locator(".actions button").press("Enter")
    page.get_by_label("What is to be done").fill("Shorter.")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Send back: 2 articles").press("Enter")
    expect(page.get_by_text("2 articles sent back.")).to_be_visible()


@pytest.mark.once
def test_the_desks_pages_pass_axe(page, assert_accessible, troubles):
    troubles.allow("Applying inline style|preload assets")  # axe's own
    editor = make_user(role="Editor")
    live = busy_morning(editor)
    impact = live.impacts.get()
    sign_in(page, editor)
    for address in (
        "/admin/",
        "/admin/articles/",
        f"/admin/articles/article/{live.pk}/correct/",
        "/admin/articles/article/outlooks/",
        f"/admin/articles/article/{live.pk}/outlooks/{impact.pk}/",
        "/corrections/",
    ):
        page.goto(address)
        assert_accessible(page)
    page.goto("/admin/articles/article/")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option(label="Move to a section…")
    page.locator(".actions button").click()
    page.get_by_label("Section").wait_for()
    assert_accessible(page)
    page.set_viewport_size(PHONE)
    for address in ("/admin/", "/admin/articles/article/outlooks/", "/corrections/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == 390, address
        assert_accessible(page)


@pytest.mark.once
@pytest.mark.parametrize("role", ["Writer", "Moderator", None])
def test_each_roles_desk_passes_axe(page, assert_accessible, role):
    busy_morning(make_user(role="Editor"))
    sign_in(page, make_user(role=role, is_staff=True, is_superuser=role is None))
    page.goto("/admin/")
    if role is None:
        page.get_by_text("Everything else").click()
    assert_accessible(page)
