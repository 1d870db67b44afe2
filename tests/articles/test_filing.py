"""Sections, topics, authors and lenses: what editors may do with them, and what that does to stories."""

import pytest
from django.test import Client

from articles.models import Lens
from tests.factories import change_headline, make_article, make_author, make_user

pytestmark = pytest.mark.django_db


def client_of(**fields) -> Client:
    client = Client()
    client.force_login(make_user(**fields))
    return client


def test_a_deleted_lens_leaves_no_name_on_stored_stories(django_capture_on_commit_callbacks):
    article = make_article(impacts=[(["Market", "Society"], "More.")])
    lens = Lens.objects.get(name="Market")
    with django_capture_on_commit_callbacks(execute=True):
        client_of(is_staff=True, is_superuser=True).post(
            f"/admin/articles/lens/{lens.pk}/delete/", {"post": "yes"}
        )
    page = Client().get(article.get_absolute_url()).content.decode()
    assert "Society" in page
    assert "Market" not in page


def test_a_renamed_lens_reaches_a_story_whose_draft_has_dropped_it(django_capture_on_commit_callbacks):
    article = make_article(impacts=[(["Market"], "More.")])
    article.impacts.all().delete()
    change_headline(article, "Without an impact")
    lens = Lens.objects.get(name="Market")
    with django_capture_on_commit_callbacks(execute=True):
        client_of(role="Editor").post(
            f"/admin/articles/lens/{lens.pk}/change/", {"name": "Money", "slug": "money", "position": 0}
        )
    assert "Money" in Client().get(article.get_absolute_url()).content.decode()


def test_an_editor_changes_a_byline_without_seeing_accounts():
    author = make_author(name="Ada Example")
    html = client_of(role="Editor").get(f"/admin/articles/author/{author.pk}/change/").content.decode()
    assert 'name="name"' in html
    assert 'name="user"' not in html


def test_the_sitemaps_index_names_the_sites_own_host(settings):
    settings.ALLOWED_HOSTS = ["other.example"]
    html = Client().get("/sitemap.xml", headers={"host": "other.example"}).content.decode()
    assert "http://testserver/sitemap-pages.xml" in html
    assert "other.example" not in html


def test_a_moderator_sees_the_headline_that_readers_see():
    from comments.writing import post

    article = make_article(headline="As published")
    post(article=article, by=make_user(), body="First.", key="1")
    change_headline(article, "Under embargo")
    html = client_of(role="Moderator").get("/admin/comments/comment/").content.decode()
    assert "As published" in html
    assert "Under embargo" not in html
