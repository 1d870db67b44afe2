"""Asking for a definition in a browser: with the keyboard alone, without script, and to axe's liking."""

import re

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect

from glossary import requests
from glossary.models import TermRequest
from tests.factories import make_article, make_term, make_user

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]


def sign_in(context, base_url: str, user) -> None:
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": base_url}])


def test_a_word_is_asked_about_with_the_keyboard_and_without_script(new_context, base_url):
    article = make_article(terms=[make_term(name="prefill")])
    context = new_context(java_script_enabled=False)
    sign_in(context, base_url, make_user())
    page = context.new_page()
    page.goto(article.get_absolute_url())
    page.get_by_label("Missing a term?").focus()
    page.keyboard.type("rack scale")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Ask for it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/glossary/ask/\?page="))
    page.get_by_label("Word or phrase").press("Enter")
    expect(page.get_by_text("You asked about “rack scale”.")).to_be_visible()
    assert TermRequest.objects.get().path == article.get_absolute_url()


def test_the_pages_of_define_this_are_accessible(page, base_url, troubles, assert_accessible):
    troubles.allow("400")
    article = make_article()
    make_term(name="quantisation")
    for word, readers in (("quantizations", 1), ("rack", 2)):
        for _ in range(readers):
            requests.ask(word=word, by=make_user(), path=article.get_absolute_url())
    sign_in(page.context, base_url, make_user(role="Editor"))
    page.goto(f"/glossary/ask/?word=quantisatoin&page={article.get_absolute_url()}")
    expect(page.get_by_text("Do you mean one of these?")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Word or phrase").fill("one two three four five six")
    page.get_by_role("button", name="Ask for a definition").click()
    expect(page.get_by_text("up to 5 words").first).to_be_visible()
    assert_accessible(page)
    for address in (
        "/glossary/",
        "/admin/glossary/termrequest/",
        "/admin/glossary/termrequest/answer/?asked=rack",
        f"/admin/articles/article/{article.pk}/address/",
        "/admin/",
    ):
        page.goto(address)
        assert_accessible(page)
