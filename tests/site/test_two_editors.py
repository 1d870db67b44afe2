"""Two browsers, one article: no order of typing, saving, closing and crashing loses a sentence."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserContext, Page, expect

from articles.models import Article
from tests.factories import PASSWORD, make_article, make_draft, make_user

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
SAVED = re.compile(r"^Saved \d\d:\d\d")


def sign_in(page: Page, user) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(r"/(?!accounts)"))


def opened(context: BrowserContext, user, article: Article) -> Page:
    page = context.new_page()
    sign_in(page, user)
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    return page


def headline(page: Page):
    return page.get_by_role("textbox", name="Headline")


def tldr(page: Page):
    return page.get_by_role("textbox", name="The Pulse TL;DR")


def state(page: Page):
    return page.locator(".save-state")


def test_two_editors_write_one_article_and_neither_loses_a_sentence(new_context, troubles):
    troubles.allow("409")
    article = make_article(headline="Start", body="One.\n\nTwo.\n\nThree.")
    ada = opened(new_context(), make_user(name="Ada", role="Editor"), article)
    ben = opened(new_context(), make_user(name="Ben", role="Editor"), article)
    expect(ben.locator(".presence")).to_have_text("Ada has this article open too.")

    ada.locator("#id_body").fill("One, by Ada.\n\nTwo.\n\nThree.")
    expect(state(ada)).to_have_text(SAVED)
    tldr(ben).fill("The summary, by Ben, is long enough to be read by anybody who has no more than a minute.")
    expect(state(ben)).to_have_text(re.compile("Somebody else changed this meanwhile: Story"))
    expect(ben.locator("#id_body")).to_have_value("One, by Ada.\n\nTwo.\n\nThree.")

    ada.get_by_role("button", name="Publish changes").click()
    expect(ada.locator(".messagelist")).to_contain_text("Nothing was published")
    expect(tldr(ada)).to_have_value(re.compile("by Ben"))
    assert article.live_revision().content["body"].startswith("One.")

    headline(ada).fill("Ada’s headline")
    expect(state(ada)).to_have_text(SAVED)
    headline(ben).fill("Ben’s headline")
    expect(state(ben)).to_have_text(re.compile("Not saved: Somebody else changed the same text: Headline"))
    ben.get_by_role("button", name="Save draft").click()
    expect(ben.locator(".conflict del")).to_have_text("Ada’s")
    expect(ben.locator(".conflict ins")).to_have_text("Ben’s")
    ben.get_by_label("Take what is stored").check()
    ben.get_by_role("button", name="Save draft").click()
    expect(ben.locator(".messagelist")).to_contain_text("Draft saved")
    expect(headline(ben)).to_have_value("Ada’s headline")
    ben.get_by_role("button", name="Publish changes").click()
    expect(ben.locator(".messagelist")).to_contain_text("Published.")
    live = article.live_revision()
    assert (live.headline, live.content["body"]) == ("Ada’s headline", "One, by Ada.\n\nTwo.\n\nThree.")
    assert "by Ben" in live.tldr
    ben.goto("/")
    for _ in range(40):  # his leaving is told on the way out, and she asks
        ada.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        ada.wait_for_timeout(250)
        if not ada.locator(".presence").inner_text():
            break
    expect(ada.locator(".presence")).to_be_empty()


def test_text_survives_a_lost_connection_a_crash_and_an_ended_session(new_context, troubles):
    # 403: what was on its way while somebody signed in again carries the token of before.
    troubles.allow("401|403 POST|ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ViewTransition|beforeunload")
    troubles.allow(
        "ERR_BLOCKED_BY_RESPONSE|frame-ancestors"
    )  # a preview that begins once the session is gone
    editor, article = make_user(name="Edda", role="Editor"), make_draft(headline="Start")
    context = new_context()
    page = opened(context, editor, article)
    context.set_offline(True)
    headline(page).fill("Typed under the sea")
    expect(state(page)).to_have_text(re.compile("Not saved: the connection failed"))
    page.route("**/*", lambda route: route.abort())  # as it ends, it must not see the connection come back
    page.close(run_before_unload=False)
    context.set_offline(False)

    page = context.new_page()
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    expect(headline(page)).to_have_value("Start")
    recovered = page.get_by_role("region", name="Text that was not saved")
    recovered.get_by_text("Look at it").click()
    expect(recovered).to_contain_text("Typed under the sea")
    recovered.get_by_role("button", name="Put it into the draft").click()
    expect(headline(page)).to_have_value("Typed under the sea")
    expect(recovered).to_be_hidden()

    Session.objects.all().delete()
    headline(page).fill("Typed after the session ended")
    dialog = page.get_by_role("dialog", name="You are signed out")
    dialog.get_by_label("E-mail address").fill(editor.email)
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(dialog).to_be_hidden()
    expect(state(page)).to_have_text(SAVED)
    article.refresh_from_db()
    assert article.headline == "Typed after the session ended"


def test_a_new_article_is_kept_from_its_first_words_on(page):
    sign_in(page, make_user(role="Writer"))
    page.goto("/admin/articles/article/add/")
    headline(page).fill("First words")
    expect(state(page)).to_have_text(SAVED)
    article = Article.objects.get()
    assert page.url.endswith(f"/admin/articles/article/{article.pk}/change/")
    page.locator("#impacts-group a.addlink").click()
    page.locator("#id_impacts-0-text").fill("What it could mean.")
    page.get_by_label("Market").first.check()
    expect(state(page)).to_have_text("Unsaved changes")
    expect(state(page)).to_have_text(SAVED)
    kept = article.impacts.get()
    headline(page).fill("Second words")
    expect(state(page)).to_have_text("Unsaved changes")
    expect(state(page)).to_have_text(SAVED)
    assert article.impacts.get() == kept
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Draft saved")
    assert Article.objects.get().headline == "Second words"
