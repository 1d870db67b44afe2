"""The newsroom's bar: on every page of the admin, with what somebody may open, and where they are."""

import re

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.factories import make_draft
from tests.newsroom.people import Person

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LINK = re.compile(r'<a href="([^"]+)"(?: aria-current="(\w+)")?>([^<]+)</a>')


def bar(page: str) -> dict[str, str]:
    """What the bar says → how far it is where we are: page, true or nothing."""
    found = re.search(r'<nav class="newsroom-bar".*?</nav>', page, re.DOTALL)
    return {label: current for _, current, label in LINK.findall(found[0])} if found else {}


def current(page: str) -> dict[str, str]:
    return {label: how for label, how in bar(page).items() if how}


def places(*labels: str) -> set[str]:
    """These, without the calendar while there is none."""
    try:
        reverse("admin:articles_article_calendar")
    except NoReverseMatch:
        return set(labels) - {"Calendar"}
    return set(labels)


def test_each_role_is_led_to_what_it_may_open(writer, editor, moderator):
    written = places("Front desk", "Articles", "Calendar", "Pictures", "Glossary", "New article")
    assert set(bar(writer.page())) == written
    assert set(bar(editor.page())) == written | {"Discussion"}
    assert set(bar(moderator.page())) == {"Front desk", "Discussion"}


def test_somebody_without_a_role_is_led_nowhere_else():
    assert set(bar(Person(None).page())) == {"Front desk"}


def test_the_bar_marks_where_we_are(editor):
    draft = make_draft()
    wanted = {
        "/admin/": ("Front desk", "page"),
        "/admin/articles/article/": ("Articles", "page"),
        f"/admin/articles/article/{draft.pk}/change/": ("Articles", "true"),
        f"/admin/articles/article/{draft.pk}/history/": ("Articles", "true"),
        "/admin/articles/article/add/": ("New article", "page"),
        "/admin/glossary/term/add/": ("Glossary", "true"),
        "/admin/images/image/": ("Pictures", "page"),
        "/admin/comments/desk/": ("Discussion", "page"),
        "/admin/comments/comment/": ("Discussion", "true"),
        "/admin/comments/report/": ("Discussion", "true"),
    }
    assert {address: current(editor.page(address)) for address in wanted} == {
        address: {label: how} for address, (label, how) in wanted.items()
    }
    assert current(editor.page("/admin/articles/section/")) == {}


def test_the_bar_is_on_every_page_and_djangos_sidebar_on_none(editor):
    for address in ("/admin/articles/", "/admin/articles/topic/", "/admin/glossary/term/"):
        page = editor.page(address)
        assert bar(page), address
        assert "nav-sidebar" not in page


def test_a_window_that_pops_up_has_no_bar(editor):
    assert not bar(editor.page("/admin/articles/topic/add/?_popup=1"))


def test_who_has_left_sees_no_bar(editor):
    page = editor.client.post("/admin/logout/", follow=True).content.decode()
    assert not bar(page)
    assert not bar(Client().get("/admin/", follow=True).content.decode())
