"""Posting and answering through the pages a reader uses, and who may."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from articles import publishing
from articles.models import Article
from comments.models import Comment
from tests.comments.conftest import Say
from tests.comments.surface import JSON, form_of, page, send
from tests.factories import make_article, make_user


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
    assert '<label for="reply-body">Reply to Ada</label>' in html
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
    """Whoever is not signed in is sent to sign in, and from there to the discussion; a script is told."""
    response = send(client, article, "A thought.")
    told = send(client, article, "A thought.", headers=JSON)

    assert response.status_code == 303
    assert response["Location"] == f"/accounts/login/?next=%2Farticles%2F{article.slug}%2F%23discussion"
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


def test_post_page_is_for_posting_only(signed_in: Client, article: Article) -> None:
    """There is nothing to read at the form's address."""
    assert signed_in.get(f"/articles/{article.slug}/comments/").status_code == 405
