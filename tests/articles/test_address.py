"""Addresses: changed at once, one hop from every old one, for ever, and never given to another story."""

import datetime as dt
import itertools

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from articles import discussions, publishing
from articles.models import Article, Event, PreviousSlug
from tests.factories import make_article, make_draft, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/address/"


def move(article: Article, slug: str, client: Client | None = None):
    client = client or signed_in(make_user(role="Editor"))
    return client.post(page_of(article), {"slug": slug, "_move": "1"}, follow=True)


def hop(slug: str, **fields) -> str | int:
    """Where an address leads, or the status it answers."""
    response = Client().get(f"/articles/{slug}/", fields)
    return response["Location"] if response.status_code == 301 else response.status_code


# The address


def test_an_editor_moves_a_live_story_and_readers_are_led_there():
    article = make_article(headline="One")
    html = move(article, "two").content.decode()
    assert "Moved to /articles/two/. Whoever comes to /articles/one/ is led there." in html
    assert "/articles/one/</span> until" in html
    assert (hop("one"), hop("two")) == ("/articles/two/", 200)
    assert Event.objects.get(article=article, verb=Event.Verb.MOVED).note == "From one to two"


@pytest.mark.parametrize("way", [*itertools.permutations("abc"), "abab", "abca", "abcacb", "abcbacab"])
def test_every_old_address_leads_to_the_present_one_in_one_hop_and_never_in_a_circle(way):
    article = make_article(slug=way[0])
    client = signed_in(make_user(role="Editor"))
    for slug in way[1:]:
        move(article, slug, client)
    assert hop(way[-1]) == 200
    for old in set(way) - {way[-1]}:
        assert hop(old) == f"/articles/{way[-1]}/"
    assert PreviousSlug.objects.count() == len(set(way)) - 1


def test_a_redirect_drops_the_query_answers_head_and_minds_case():
    article = make_article(slug="one")
    move(article, "two")
    assert hop("one", utm_source="mail") == "/articles/two/"
    head = Client().head("/articles/one/")
    assert (head.status_code, head["Location"]) == (301, "/articles/two/")
    assert hop("One") == 404
    assert Client().get("/articles/one")["Location"] == "/articles/one/"


def test_an_address_a_story_has_or_had_is_never_given_to_another():
    first, second = make_article(slug="one"), make_article(slug="three")
    move(first, "two")
    for taken in ("one", "two"):
        response = move(second, taken)
        assert response.status_code == 400
        html = response.content.decode()
        assert "Error: Another story has, or had, this address. Choose another." in html
        assert f'value="{taken}"' in html  # what was typed stays
        assert "The story is at" in html
        assert "/articles/three/" in html
    publishing.unpublish(article=first, by=make_user(role="Editor"))
    assert move(second, "one").status_code == 400
    assert (hop("one"), hop("three")) == (404, 200)


def test_a_new_story_with_the_same_headline_gets_an_address_of_its_own():
    article = make_article(headline="One")
    move(article, "two")
    assert make_draft(headline="One").slug == "one-2"
    assert make_draft(headline="Two").slug == "two-2"


@pytest.mark.parametrize("slug", ["", "Größe", "two words", "two/three", "a" * 101, "two\x07"])
def test_what_is_no_address_is_refused_beside_the_field(slug):
    article = make_article(slug="one")
    response = move(article, slug)
    assert response.status_code == 400
    assert b"desk-error" in response.content
    assert (hop("one"), PreviousSlug.objects.count()) == (200, 0)


def test_two_who_take_an_address_in_the_same_moment_are_told_apart(monkeypatch):
    def taken_meanwhile(**_):
        raise IntegrityError

    monkeypatch.setattr(publishing, "change_slug", taken_meanwhile)
    response = move(make_article(slug="one"), "two")
    assert response.status_code == 400
    assert "Another story has, or had, this address." in response.content.decode()


def test_the_same_address_again_changes_nothing():
    article = make_article(slug="one")
    assert "as before" in move(article, "one").content.decode()
    assert not Event.objects.filter(verb=Event.Verb.MOVED).exists()


def test_a_draft_nobody_saw_leaves_no_address_behind():
    writer = make_user(role="Writer")
    article = make_draft(slug="one", created_by=writer)
    client = signed_in(writer)
    assert "will lead nowhere" in client.get(page_of(article)).content.decode()
    assert "Nobody was given the old one." in move(article, "two", client).content.decode()
    assert not PreviousSlug.objects.exists()
    assert make_draft(slug="one").slug == "one"


def test_a_story_that_is_off_the_site_answers_nothing_at_any_address():
    article = make_article(slug="one")
    move(article, "two")
    publishing.unpublish(article=article, by=make_user(role="Editor"))
    assert (hop("one"), hop("two")) == (404, 404)
    publishing.publish(article=article, by=make_user(role="Editor"))
    assert (hop("one"), hop("two")) == ("/articles/two/", 200)


def test_comments_reach_a_story_by_its_old_address():
    article = make_article(slug="one")
    move(article, "two")
    response = Client().post("/articles/one/comments/", {})
    assert "%2Farticles%2Ftwo%2F" in response["Location"]


# The discussion


@pytest.mark.parametrize(("policy", "shown"), [("open", True), ("closed", True), ("hidden", False)])
def test_the_discussion_changes_at_once(policy, shown):
    article = make_article(discussion="open" if policy != "open" else "closed")
    editor = make_user(role="Editor")
    response = signed_in(editor).post(
        page_of(article), {"discussion": policy, "_discussion": "1"}, follow=True
    )
    assert "The discussion is now" in response.content.decode()
    html = Client().get(article.get_absolute_url()).content.decode()
    assert ('id="discussion"' in html) == shown
    assert Event.objects.filter(verb=Event.Verb.DISCUSSION, by=editor).count() == 1


def test_an_unknown_policy_is_refused():
    article = make_article()
    response = signed_in(make_user(role="Editor")).post(
        page_of(article), {"discussion": "x", "_discussion": "1"}
    )
    assert response.status_code == 400
    assert b"Select a valid choice" in response.content
    article.refresh_from_db()
    assert article.discussion == "open"


def test_neither_button_touches_the_text_nor_what_waits_to_be_published():
    article = make_article(headline="Live")
    Article.objects.filter(pk=article.pk).update(headline="Draft")
    client = signed_in(make_user(role="Editor"))
    move(article, "two", client)
    client.post(page_of(article), {"discussion": "closed", "_discussion": "1"})
    article.refresh_from_db()
    assert (article.headline, article.slug, article.discussion) == ("Draft", "two", "closed")
    assert b"<h1>Live</h1>" in Client().get("/articles/two/").content


def test_a_form_without_a_button_changes_nothing():
    article = make_article(slug="one")
    response = signed_in(make_user(role="Editor")).post(
        page_of(article), {"slug": "two", "discussion": "closed"}
    )
    assert response.status_code == 400
    article.refresh_from_db()
    assert (article.slug, article.discussion) == ("one", "open")


# Who may


PUBLIC = {"Editor"}
DRAFT = {"Editor", "own"}


@pytest.mark.parametrize("who", ["anonymous", "reader", "Moderator", "Writer", "own", "Editor"])
@pytest.mark.parametrize("state", ["live", "scheduled", "ended", "draft"])
def test_once_readers_saw_it_the_address_is_for_editors(who, state):
    user = make_user(role={"reader": None, "own": "Writer", "anonymous": None}.get(who, who))
    editor = make_user(role="Editor")
    make = make_draft if state in {"draft", "scheduled"} else make_article
    article = make(slug="one", created_by=user if who == "own" else None)
    if state == "scheduled":
        publishing.schedule(article=article, by=editor, at=timezone.now() + dt.timedelta(hours=1))
    if state == "ended":
        publishing.unpublish(article=article, by=editor)
    client = Client() if who == "anonymous" else signed_in(user)
    statuses = {
        client.get(page_of(article)).status_code,
        client.post(page_of(article), {"slug": "two", "_move": "1"}).status_code,
    }
    article.refresh_from_db()
    if who in (DRAFT if state == "draft" else PUBLIC):
        assert (statuses, article.slug) == ({200, 302}, "two")
    else:
        assert (statuses, article.slug) == ({302 if who in {"anonymous", "reader"} else 403}, "one")


def test_a_writer_neither_sees_nor_sets_the_discussion_of_their_draft():
    writer = make_user(role="Writer")
    article = make_draft(created_by=writer)
    client = signed_in(writer)
    assert b"_discussion" not in client.get(page_of(article)).content
    response = client.post(page_of(article), {"discussion": "hidden", "_discussion": "1"})
    assert response.status_code == 403
    article.refresh_from_db()
    assert article.discussion == "open"


@pytest.mark.parametrize("role", [None, "Moderator", "Writer"])
def test_the_verbs_refuse_who_may_not(role):
    somebody, draft, live = make_user(role=role), make_draft(), make_article()
    for article in (draft, live):
        with pytest.raises(PermissionDenied):
            publishing.change_slug(article=article, slug="elsewhere", by=somebody)
        with pytest.raises(PermissionDenied):
            discussions.change_discussion(article=article, discussion="hidden", by=somebody)
