"""The draft-leak walk: what is not live shows on no public surface, and what is live shows on all."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles import publishing
from articles.models import Article
from tests.factories import (
    change_headline,
    make_article,
    make_author,
    make_draft,
    make_section,
    make_term,
    make_topic,
    make_user,
)

pytestmark = [pytest.mark.once, pytest.mark.django_db]


class Newsroom:
    """One section, topic, author and term, and every public address they lead to."""

    def __init__(self) -> None:
        self.editor = make_user(role="Editor")
        self.section, self.topic, self.author, self.term = (
            make_section(),
            make_topic(),
            make_author(),
            make_term(),
        )

    def story(self, headline: str, *, draft: bool = False) -> Article:
        make = make_draft if draft else make_article
        return make(
            headline=headline, section=self.section, topics=[self.topic], authors=[self.author],
            terms=[self.term], impacts=[(["Market"], f"Impact of {headline}.")], by=self.editor,
        )  # fmt: skip

    def surfaces(self) -> list[str]:
        filed: list[Any] = [self.section, self.topic, self.author]
        return [
            "/",
            "/latest/",
            f"/archive/{timezone.localdate():%Y/%m}/",
            "/briefing/",
            *[thing.get_absolute_url() for thing in filed],
            *[f"{thing.get_absolute_url()}feeds/rss/" for thing in filed],
            "/feeds/rss/",
            "/sitemap-stories-1.xml",
            self.term.get_absolute_url(),
        ]


def where(needle: str, addresses: list[str]) -> list[str]:
    """The addresses whose page holds a text."""
    client = Client()
    found = []
    for address in addresses:
        response = client.get(address)
        assert response.status_code in {200, 404}, address  # a topic without a live story has no page
        if needle in response.content.decode():
            found.append(address)
    return found


@pytest.fixture
def newsroom() -> Newsroom:
    return Newsroom()


def test_a_live_story_shows_on_every_surface(newsroom):
    article = newsroom.story("Visible-headline")
    surfaces = newsroom.surfaces()
    assert where(f"/articles/{article.slug}/", surfaces) == surfaces
    assert Client().get(article.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn"])
def test_a_story_that_is_not_live_shows_nowhere(newsroom, state):
    article = newsroom.story("Hidden-headline", draft=state != "withdrawn")
    if state == "scheduled":
        publishing.schedule(article=article, by=newsroom.editor, at=timezone.now() + dt.timedelta(hours=1))
    if state == "withdrawn":
        publishing.unpublish(article=article, by=newsroom.editor)
    assert where("Hidden-headline", newsroom.surfaces()) == []
    assert where(article.slug, newsroom.surfaces()) == []
    for address in (article.get_absolute_url(), f"/articles/{article.slug}/print-wide.svg"):
        assert Client().get(address).status_code == 404


def test_a_change_that_is_not_published_shows_nowhere(newsroom):
    article = newsroom.story("Published-headline")
    article.tldr = "Unpublished-words in the summary."
    article.body = "Unpublished-words in the story."
    article.impacts.update(text="Unpublished-words in the impact.")
    article.save()
    change_headline(article, "Unpublished-words", by=newsroom.editor)
    addresses = [*newsroom.surfaces(), article.get_absolute_url()]
    assert where("Unpublished-words", addresses) == []
    assert where("Published-headline", [article.get_absolute_url()]) != []


def test_a_scheduled_change_shows_nowhere_before_its_time(newsroom):
    article = newsroom.story("Published-headline")
    change_headline(article, "Later-headline", by=newsroom.editor)
    publishing.schedule(article=article, by=newsroom.editor, at=timezone.now() + dt.timedelta(hours=1))
    assert where("Later-headline", [*newsroom.surfaces(), article.get_absolute_url()]) == []


def test_an_old_address_of_a_withdrawn_story_does_not_give_it_away(newsroom):
    article = newsroom.story("One")
    publishing.change_slug(article=article, slug="two", by=make_user(role="Editor"))
    assert Client().get("/articles/one/").status_code == 301
    publishing.unpublish(article=article, by=newsroom.editor)
    assert Client().get("/articles/one/").status_code == 404


def test_an_old_address_leads_to_the_present_one_in_one_hop(newsroom):
    article = newsroom.story("One")
    publishing.change_slug(article=article, slug="two", by=make_user(role="Editor"))
    publishing.change_slug(article=article, slug="three", by=make_user(role="Editor"))
    for old in ("one", "two"):
        assert Client().get(f"/articles/{old}/")["Location"] == "/articles/three/"


def test_a_draft_term_shows_in_no_story_glossary_or_sitemap():
    term = make_term(name="secret widget", is_published=False)
    article = make_article(body="The secret widget is here.", terms=[term])
    page = Client().get(article.get_absolute_url()).content.decode()
    assert term.definition not in page
    assert 'class="term"' not in page
    assert where(term.slug, ["/glossary/", "/sitemap-terms-1.xml", "/"]) == []
    assert Client().get(term.get_absolute_url()).status_code == 404


def test_previews_are_for_the_newsroom_only(newsroom):
    article = newsroom.story("Hidden-headline", draft=True)
    addresses = [
        f"/admin/articles/article/{article.pk}/preview/",
        f"/admin/articles/article/{article.pk}/revisions/1/",
        f"/admin/articles/article/{article.pk}/print-wide.svg",
        f"/admin/articles/article/{article.pk}/history/",
        f"/admin/articles/article/{article.pk}/change/",
    ]
    for address in addresses:
        anonymous = Client().get(address)
        assert anonymous.status_code == 302
        assert "/login/" in anonymous["Location"]
        for somebody in (make_user(), make_user(role="Moderator")):
            client = Client()
            client.force_login(somebody)
            response = client.get(address)
            assert response.status_code in {302, 403} or b"Hidden-headline" not in response.content
            if "preview" in address or "revisions" in address or "print" in address:
                assert response.status_code in {302, 403}
