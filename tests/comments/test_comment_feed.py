"""The feed of a discussion: what readers see of it, newest first, and nothing else."""

import datetime as dt
import json
import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import discussions, publishing
from articles.models import Article
from comments.models import Comment
from tests.factories import make_article, make_user

pytestmark = [pytest.mark.once, pytest.mark.django_db]
FORMS = ["rss", "atom", "json"]


def address(article: Article, form: str = "json") -> str:
    return f"/articles/{article.slug}/comments/feeds/{form}/"


def items(article: Article) -> list[dict]:
    response = Client().get(address(article))
    assert response.status_code == 200
    return json.loads(response.content)["items"]


def test_a_discussion_is_a_feed_newest_first(article, say):
    first, second = say("The *first* word."), say("The last word.")
    Comment.objects.filter(pk=first.pk).update(created_at=timezone.now() - dt.timedelta(hours=1))
    newest, oldest = items(article)
    assert newest["url"] == f"http://testserver/comments/{second.pk}/"
    assert oldest["content_html"].strip() == '<p dir="auto">The <em>first</em> word.</p>'
    assert oldest["summary"] == "The first word."
    assert oldest["title"] == f"Some Reader on “{article.headline}”"
    assert oldest["authors"] == [{"name": "Some Reader"}]
    assert newest["id"] != oldest["id"]


def test_the_words_a_comment_is_about_come_before_its_own(article, say):
    comment = say("Is that so?")
    Comment.objects.filter(pk=comment.pk).update(part="sentence", part_key="1f", quote="Ten < nine.")
    html = items(article)[0]["content_html"]
    assert html.index("Ten &lt; nine.</blockquote>") < html.index("Is that so?")


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_it_is_well_formed_and_kept_from_search_engines(article, say, form):
    say("<script> & ]]> \U0001f600")
    response = Client().get(address(article, form))
    assert response["X-Robots-Tag"] == "noindex"
    if form == "json":
        assert json.loads(response.content)["home_page_url"].endswith("#discussion")
    else:
        ET.fromstring(response.content)  # noqa: S314 - our own output


@pytest.mark.parametrize("status", ["pending", "withheld", "rejected", "deleted"])
def test_what_readers_do_not_see_is_in_no_form(article, say, status):
    say("Everybody-sees-this.")
    say("Nobody-sees-this.", status=status)
    for form in FORMS:
        text = Client().get(address(article, form)).content.decode()
        assert "Everybody-sees-this." in text
        assert "Nobody-sees-this." not in text


def test_a_closed_discussion_is_shown_and_a_hidden_one_is_not(article, say):
    say()
    editor = make_user(role="Editor")
    discussions.change_discussion(article=article, discussion="closed", by=editor)
    assert len(items(article)) == 1
    discussions.change_discussion(article=article, discussion="hidden", by=editor)
    assert [Client().get(address(article, form)).status_code for form in FORMS] == [404] * 3
    page = Client().get(article.get_absolute_url()).content.decode()
    assert "comments/feeds" not in page


def test_the_discussion_of_a_story_that_is_gone_is_404(article, say):
    say()
    publishing.unpublish(article=article, by=make_user(role="Editor"))
    assert Client().get(address(article)).status_code == 404


def test_an_old_address_leads_to_the_present_feed_and_gives_nothing_away(article, say):
    say()
    editor, old = make_user(role="Editor"), address(article, "atom")
    publishing.change_slug(article=article, slug="elsewhere", by=editor)
    moved = Client().get(old)
    assert (moved.status_code, moved["Location"]) == (301, "/articles/elsewhere/comments/feeds/atom/")
    publishing.unpublish(article=article, by=editor)
    assert Client().get(old).status_code == 404


def test_it_costs_two_queries_however_many_speak(article, say):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            items(article)
        return len(captured)

    say()
    few = cost()
    for _ in range(5):
        say(by=make_user())
    assert cost() == few == 2


def test_the_page_names_the_feed(article):
    page = Client().get(article.get_absolute_url()).content.decode()
    assert f'href="{address(article, "atom")}"' in page


def test_comments_of_another_story_are_not_in_it(article, say):
    say(on=make_article())
    assert items(article) == []
