"""Copying an article: a new draft with the same text, and nothing else of the first one."""

import pytest
from django.test import Client

from articles.content import snapshot
from articles.models import Article, Event
from tests.factories import make_article, make_draft, make_term, make_topic, make_user

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def duplicate_of(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/duplicate/"


def test_a_copy_is_a_new_draft_with_the_same_text_and_none_of_the_history():
    editor = make_user(role="Editor")
    article = make_article(
        headline="Once more",
        terms=[make_term()],
        topics=[make_topic()],
        impacts=[(["Market"], "It matters.")],
    )
    response = signed_in(editor).post(duplicate_of(article), follow=True)
    copied = Article.objects.latest("pk")
    assert response.redirect_chain == [(f"/admin/articles/article/{copied.pk}/change/", 302)]
    assert "This is a copy of “Once more”" in response.content.decode()
    assert (copied.slug, copied.status, copied.created_by) == ("once-more-2", "draft", editor)
    assert copied.revisions.count() == 1
    assert copied.live_revision() is None
    first, second = dict(snapshot(article)), dict(snapshot(copied))
    assert first.pop("impacts") != second.pop("impacts")  # rows of its own
    assert first == second
    assert copied.impacts.get().text == article.impacts.get().text
    assert Event.objects.filter(article=copied, verb=Event.Verb.DUPLICATED, by=editor).count() == 1
    assert Client().get(copied.get_absolute_url()).status_code == 404


def test_the_first_article_stays_as_it_was():
    article = make_article(impacts=[(["Market"], "It matters.")])
    before = Article.objects.values().get(pk=article.pk), snapshot(article)
    signed_in(make_user(role="Editor")).post(duplicate_of(article))
    assert (Article.objects.values().get(pk=article.pk), snapshot(article)) == before


def test_an_untitled_draft_can_be_copied():
    article = make_draft(headline=" ", tldr="", body="")
    article.headline = ""
    article.save()
    signed_in(make_user(role="Editor")).post(duplicate_of(article))
    assert Article.objects.latest("pk").slug.startswith("untitled-")


def test_a_writer_copies_their_own_article_into_one_of_their_own():
    writer = make_user(role="Writer")
    article = make_draft(created_by=writer)
    client = signed_in(writer)
    assert client.post(duplicate_of(article), follow=True).status_code == 200
    assert Article.objects.latest("pk").created_by == writer


@pytest.mark.parametrize("who", ["anonymous", "reader", "Moderator", "Writer"])
def test_nobody_copies_what_they_may_not_edit(who):
    article = make_article()
    role = None if who in {"anonymous", "reader"} else who
    client = Client() if who == "anonymous" else signed_in(make_user(role=role))
    response = client.post(duplicate_of(article))
    if role is None:
        assert "/login/" in response["Location"]
    else:
        assert response.status_code == 403
    assert Article.objects.count() == 1


def test_who_may_not_start_articles_may_not_copy_one():
    writer = make_user(role="Writer")
    article = make_draft(created_by=writer)
    writer.groups.get().permissions.filter(codename="add_article").get().group_set.clear()
    assert signed_in(writer).post(duplicate_of(article)).status_code == 403
    assert Article.objects.count() == 1


def test_looking_copies_nothing():
    article = make_article()
    assert signed_in(make_user(role="Editor")).get(duplicate_of(article)).status_code == 405
    assert Article.objects.count() == 1
