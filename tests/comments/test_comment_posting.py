"""Posting and answering through the pages a reader uses, and who may."""

import datetime as dt
import re
import uuid
from typing import Any
from unittest.mock import Mock

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles import publishing
from articles.models import Article
from comments import writing
from comments.answers import KEPT
from comments.models import Comment
from tests.comments.conftest import Say
from tests.comments.surface import JSON, form_of, kept_text, page, send
from tests.factories import PASSWORD, make_article, make_draft, make_user


def test_reader_posts_from_the_page_and_is_led_to_the_comment(signed_in: Client, article: Article) -> None:
    """The form on the page makes a comment; the answer leads to it, and it is there and counted."""
    fields = form_of(page(signed_in, article.get_absolute_url()))

    response = send(signed_in, article, "A *thought*.", **fields)

    comment = Comment.objects.get()
    assert response.status_code == 303
    assert response["Location"] == f"{article.get_absolute_url()}#comment-{comment.pk}"
    html = page(signed_in, article.get_absolute_url())
    assert "<em>thought</em>" in html
    assert 'Discussion <span class="num">1</span><span class="vh"> comment</span>' in html


def test_reader_answers_from_the_page(signed_in: Client, article: Article, say: Say) -> None:
    """A reply link opens one form under that comment, without script; what it sends stands there."""
    comment = say(by=make_user(name="Ada"))
    html = page(signed_in, article.get_absolute_url())
    link = re.search(r'href="(\?reply=\d+)#comment-\d+">Reply<span class="vh"> to Ada</span>', html)
    assert link
    html = page(signed_in, article.get_absolute_url() + link.group(1))
    fields = form_of(html, "reply")

    response = send(signed_in, article, "An answer.", **fields)

    assert fields["parent"] == str(comment.pk)
    assert '<label for="reply-body" dir="auto">Reply to Ada</label>' in html
    assert f'href="{article.get_absolute_url()}#comment-{comment.pk}">Cancel</a>' in html
    assert response.status_code == 303
    assert Comment.objects.get(parent=comment).root == comment


def test_reader_who_sends_a_form_twice_has_one_comment(signed_in: Client, article: Article) -> None:
    """A double press, a reload of the answer: one comment, and both lead to it."""
    fields = form_of(page(signed_in, article.get_absolute_url()))

    first = send(signed_in, article, "Once.", **fields)
    second = send(signed_in, article, "Once.", **fields)

    assert Comment.objects.count() == 1
    assert first["Location"] == second["Location"]


def test_reader_who_sends_a_form_again_after_deleting_the_comment_is_told(
    signed_in: Client, article: Article, reader: User
) -> None:
    """The words are in a form of their own, and post anew."""
    fields = form_of(page(signed_in, article.get_absolute_url()))
    send(signed_in, article, "Once.", **fields)
    writing.delete(comment=Comment.objects.get(), by=reader)

    again = send(signed_in, article, "Once.", **fields)

    assert again.status_code == 409
    assert kept_text(again) == "Once."
    assert send(signed_in, article, "Once.", **form_of(again.content.decode())).status_code == 303
    assert Comment.objects.filter(status="visible").count() == 1


def test_reader_who_goes_back_and_writes_something_else_loses_nothing(
    signed_in: Client, article: Article
) -> None:
    """The browser's Back brings the old form with its old key; other words in it are another comment."""
    fields = form_of(page(signed_in, article.get_absolute_url()))

    send(signed_in, article, "One thing.", **fields)
    send(signed_in, article, "Another thing.", **fields)

    assert Comment.objects.count() == 2


def test_reader_posts_to_a_storys_old_address(signed_in: Client) -> None:
    """A page that was open while the story moved still posts."""
    story = make_article()
    old = story.slug
    publishing.change_slug(article=story, slug="a-new-address", by=make_user(role="Editor"))

    response = signed_in.post(f"/articles/{old}/comments/", {"key": str(uuid.uuid4()), "body": "Still here."})

    assert response["Location"].startswith("/articles/a-new-address/#comment-")


def test_script_gets_the_comment_as_json(signed_in: Client, article: Article, reader: User) -> None:
    """A script gets the rendered comment, the new count and where it is; again for the same form."""
    fields = form_of(page(signed_in, article.get_absolute_url()))

    response = send(signed_in, article, "A thought.", headers=JSON, **fields)
    again = send(signed_in, article, "A thought.", headers=JSON, **fields)

    comment = Comment.objects.get()
    assert response.status_code == again.status_code == 201
    assert response.json() == again.json()  # type: ignore[attr-defined]
    answer = response.json()  # type: ignore[attr-defined]
    assert answer["count"] == 1
    assert answer["url"] == f"{article.get_absolute_url()}#comment-{comment.pk}"
    assert answer["html"].strip().startswith(f'<li id="comment-{comment.pk}">')
    assert "Some Reader <span>(you)</span>" in answer["html"]
    assert f'data-reply="{comment.pk}"' in answer["html"]


# Who may


@pytest.mark.parametrize("somebody", ["reader", "editor", "moderator", "writer"])
def test_everybody_with_an_account_may_post(somebody: str, client: Client, article: Article) -> None:
    """Readers and newsroom alike."""
    client.force_login(make_user(role=None if somebody == "reader" else somebody.title()))

    assert send(client, article, "A thought.").status_code == 303
    assert Comment.objects.count() == 1


def test_anonymous_is_led_to_sign_in_and_back(client: Client, article: Article) -> None:
    """Whoever is not signed in is sent to sign in, and from there back to their words; a script is told."""
    response = send(client, article, "A thought.")
    told = send(client, article, "A thought.", headers=JSON)

    assert response.status_code == 303
    assert response["Location"] == f"/accounts/login/?next=%2Farticles%2F{article.slug}%2Fcomments%2F"
    assert told.status_code == 401
    assert "Sign in" in told.json()["error"]  # type: ignore[attr-defined]
    assert not Comment.objects.exists()


def test_anonymous_links_lead_through_sign_in_to_the_discussion(
    client: Client, article: Article, say: Say
) -> None:
    """The prompt leads back to the discussion, a comment's reply link to its reply form."""
    comment = say()
    html = page(client, article.get_absolute_url())

    assert f'href="/accounts/login/?next=/articles/{article.slug}/%23discussion"' in html
    assert f'next=/articles/{article.slug}/%3Freply%3D{comment.pk}%23{comment.anchor}">Reply' in html


@pytest.mark.parametrize("headers", [None, JSON])
def test_post_needs_the_forms_token(headers: Any, article: Article, reader: User) -> None:
    """Another site cannot post in a reader's name."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)

    assert send(client, article, "A thought.", headers=headers).status_code == 403
    assert not Comment.objects.exists()


def test_forms_address_leads_to_the_discussion_when_nothing_waits_there(
    client: Client, signed_in: Client, article: Article
) -> None:
    """There is nothing to read at the form's address; under no public story it is not even there."""
    for somebody in (Client(), signed_in):
        response = somebody.get(f"/articles/{article.slug}/comments/")
        assert response["Location"] == f"{article.get_absolute_url()}#discussion"
        assert somebody.get(f"/articles/{make_draft().slug}/comments/").status_code == 404


def test_words_sent_signed_out_wait_for_their_writer(
    client: Client, article: Article, reader: User, say: Say
) -> None:
    """A session that ended costs nothing: after sign-in the form is there with its words, and posts them."""
    parent = say(by=make_user(name="Ada"))
    sent = send(client, article, "A long thought.", parent=parent.pk)
    client.post("/accounts/login/", {"login": reader.email, "password": PASSWORD})

    html = page(client, sent["Location"].partition("next=")[2].replace("%2F", "/"))

    assert "Your comment is still here" in html
    assert "Reply to Ada" in html
    assert "A long thought.</textarea>" in html
    assert send(client, article, "A long thought.", **form_of(html)).status_code == 303
    assert Comment.objects.get(body="A long thought.").parent == parent
    assert client.get(f"/articles/{article.slug}/comments/").status_code == 303


@pytest.mark.parametrize("field", ["body", "quote", "key"])
def test_no_more_waits_than_a_person_writes(field: str, article: Article, settings: Any) -> None:
    """Anybody can send it, and it is stored."""
    send(Client(), article, **{"body": "Words.", field: "x" * 100_000})
    settings.PULSE_COMMENTS_PER_NETWORK = 2
    clients = [Client() for _ in range(4)]
    for client in clients:
        send(client, article, "Words.")
    assert Session.objects.count() == 1
    assert KEPT in Session.objects.get().get_decoded()


def test_nobody_else_reads_words_that_wait(client: Client, article: Article) -> None:
    """They wait in the writer's own session, for the form they were written in."""
    send(client, article, "A long thought.")
    stranger = Client()
    stranger.force_login(make_user())

    assert "A long thought." not in page(stranger, f"/articles/{article.slug}/comments/")
    client.force_login(make_user())
    assert "A long thought." not in page(client, f"/articles/{make_article().slug}/comments/")


# Preview


def test_preview_shows_the_comment_and_keeps_the_words(signed_in: Client, article: Article) -> None:
    """A second button shows how it will look, with the words still in the form; nothing is stored."""
    response = send(signed_in, article, "A *thought*. <b>x</b>", preview="1")

    html = response.content.decode()
    assert response.status_code == 200
    assert "Preview of your comment" in html
    assert "<em>thought</em>. &lt;b&gt;x&lt;/b&gt;" in html
    assert kept_text(response) == "A *thought*. &lt;b&gt;x&lt;/b&gt;"
    assert not Comment.objects.exists()
    assert send(signed_in, article, "A *thought*.", **form_of(html)).status_code == 303


def test_preview_is_what_is_posted(signed_in: Client, article: Article, say: Say) -> None:
    """The same renderer makes both, names included."""
    say(by=make_user(name="Ada Example"))
    body = "@Ada Example > *No*, `@Ada`.\n\n> https://example.org"
    told = send(signed_in, article, body, preview="1", headers=JSON).json()  # type: ignore[attr-defined]
    send(signed_in, article, body)

    assert told == {"html": Comment.objects.get(body=body).body_html}
    assert "<b>@Ada Example</b>" in told["html"]


def test_preview_is_for_readers_with_an_account_and_paced(
    client: Client, signed_in: Client, article: Article, settings: Any
) -> None:
    """Nobody else has us render Markdown, and nobody without end."""
    settings.PULSE_PREVIEWS_PER_MINUTE = 2
    assert send(Client(), article, "x", preview="1", headers=JSON).status_code == 401
    answers = [send(signed_in, article, "x", preview="1", headers=JSON) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    page_of_it = send(signed_in, article, "kept words", preview="1")
    assert (page_of_it.status_code, kept_text(page_of_it)) == (429, "kept words")


def test_preview_of_what_takes_too_long_is_refused(signed_in: Client, article: Article) -> None:
    """The same limits as for posting."""
    response = send(signed_in, article, "[" * 20_000, preview="1")

    assert response.status_code == 400
    assert "Shorten it" in response.content.decode()


# When it does not go through


def test_a_network_may_try_so_often(signed_in: Client, article: Article, settings: Any) -> None:
    """Beyond that every try is refused with the seconds to wait, and the words are kept."""
    settings.PULSE_COMMENTS_PER_NETWORK = 1
    send(signed_in, article, "One.")
    response = send(signed_in, article, "Two.")

    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 60
    assert kept_text(response) == "Two."


def test_retry_after_is_when_the_next_comment_is_taken(
    signed_in: Client, article: Article, settings: Any
) -> None:
    """Not sooner, not later: then it is taken."""
    settings.PULSE_COMMENTS_PER_MINUTE = 2
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        for seconds in (0, 20):
            clock.move_to(start + dt.timedelta(seconds=seconds))
            send(signed_in, article, f"At {seconds}.")
        clock.move_to(start + dt.timedelta(seconds=30))
        response = send(signed_in, article, "A third.")
        assert (response.status_code, response["Retry-After"]) == (429, "30")
        clock.move_to(start + dt.timedelta(seconds=61))
        assert send(signed_in, article, "A third.").status_code == 303


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_without_time_is_a_503_that_keeps_the_words(
    error: type[Exception], signed_in: Client, article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock that nobody let go of, a deadlock, a restart: try again, in so many seconds, with your words."""
    monkeypatch.setattr(writing, "post", Mock(side_effect=error("lock timeout")))
    told = send(signed_in, article, "Kept.", headers=JSON)
    response = send(signed_in, article, "Kept.")

    assert told.status_code == response.status_code == 503
    assert told["Retry-After"] == response["Retry-After"] == "5"
    assert kept_text(response) == "Kept."
