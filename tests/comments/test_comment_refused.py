"""Comments that are not taken: what the page says, and that no word is lost."""

import datetime as dt
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from articles import publishing
from articles.models import Article
from comments.models import Comment
from tests.comments.conftest import Say
from tests.comments.surface import JSON, form_of, kept_text, page, send
from tests.factories import make_article, make_draft, make_user, reject

pytestmark = pytest.mark.once


def refused(
    client: Client, article: Article, body: str, status: int, sentence: str, **more: Any
) -> HttpResponse:
    """Send a comment that must be refused, with script and without, and return the page without."""
    told = send(client, article, body, headers=JSON, **more)
    response = send(client, article, body, **more)
    assert (response.status_code, told.status_code) == (status, status)
    assert sentence in told.json()["error"]  # type: ignore[attr-defined]
    assert sentence in response.content.decode()
    assert "<title>Error: your comment was not posted" in response.content.decode()
    return response


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("", "Write something before you post."),
        ("x" * 2_001, "This one has 2,001"),
        ("[" * 20_000, "This one has 20,000"),
        ("a" + chr(7), "Character 2 is a control character (U+0007)"),
        (">" * 30 + "x", "20 deep"),
    ],
)
def test_refused_words_are_kept_in_the_form(
    body: str, sentence: str, signed_in: Client, article: Article
) -> None:
    """What cannot be posted comes back in the same form, with a sentence and a fresh start."""
    response = refused(signed_in, article, body, 400, sentence)

    assert kept_text(response).replace("&gt;", ">") == body
    form_of(response.content.decode())
    assert not Comment.objects.exists()


def test_nul_in_a_comment_is_a_sentence(signed_in: Client, article: Article) -> None:
    """U+0000, which PostgreSQL cannot store, is refused before it gets there."""
    for body in ("a\x00b", "\x00"):
        assert send(signed_in, article, body).status_code == 400
    for field in ("key", "parent"):
        assert send(signed_in, article, "Fine.", **{field: "1\x00"}).status_code == 400
    assert not Comment.objects.exists()


def test_refused_markup_comes_back_as_text(signed_in: Client, article: Article) -> None:
    """Typed HTML is text in the page that gives it back."""
    response = send(signed_in, article, "</textarea><script>alert(1)</script>" + "x" * 2_000)

    assert "<script>alert" not in response.content.decode()
    assert "&lt;/textarea&gt;" in kept_text(response)


def test_suspended_reader_is_told_until_when(signed_in: Client, article: Article, reader: User) -> None:
    """A suspended reader reads, sees no form but a sentence, and is refused with the same sentence."""
    reader.suspended_until = dt.datetime(2099, 12, 4, 9, 30, tzinfo=dt.UTC)
    reader.save()
    sentence = "You cannot comment until 4 December 2099, 09:30 UTC."
    html = page(signed_in, article.get_absolute_url())

    assert sentence in html
    assert "<textarea" not in html
    assert kept_text(refused(signed_in, article, "A thought.", 403, sentence)) == "A thought."


def test_closed_discussion_is_read_and_not_written(
    client: Client, signed_in: Client, article: Article, say: Say
) -> None:
    """Closed: everything stays readable, nobody gets a form, a reply link or a prompt; posts are refused."""
    say("Said before.")
    Article.objects.update(discussion="closed")

    for somebody in (Client(), signed_in):
        html = page(somebody, article.get_absolute_url())
        assert "This discussion is closed. You can still read it." in html
        assert "Said before." in html
        for absent in ("<textarea", ">Reply<", "Sign in to join"):
            assert absent not in html
    refused(signed_in, article, "Too late.", 403, "This discussion is closed.")


def test_hidden_discussion_leaves_no_trace(signed_in: Client, article: Article, say: Say) -> None:
    """Hidden: no heading, no comments, no count, no permalinks; posts are refused."""
    comment = say("Said before.")
    Article.objects.update(discussion="hidden")

    for somebody in (Client(), signed_in):
        html = page(somebody, article.get_absolute_url())
        assert 'id="discussion"' not in html
        assert "Said before." not in html
        assert somebody.get(comment.get_absolute_url()).status_code == 404
    assert signed_in.get(f"{comment.get_absolute_url()}report/").status_code == 404
    refused(signed_in, article, "Hello?", 403, "no discussion")


def test_story_that_is_not_public_is_refused_like_one_that_never_was(signed_in: Client, say: Say) -> None:
    """A draft's address cannot be told from an empty one; a withdrawn story's reader keeps their words."""
    draft, withdrawn = make_draft(), make_article()
    comment = say(on=withdrawn)
    publishing.unpublish(article=withdrawn, by=make_user(role="Editor"))
    nothing = Article(slug="never-was")

    answers = [send(signed_in, story, "A thought.") for story in (draft, withdrawn, nothing)]

    assert [answer.status_code for answer in answers] == [404] * 3
    assert len({re.sub(r'value="\w{64}"', "", a.content.decode().replace(s.slug, "")) for a, s in
                zip(answers, (draft, withdrawn, nothing), strict=True)}) == 1  # fmt: skip
    assert kept_text(answers[0]) == "A thought."
    assert signed_in.get(comment.get_absolute_url()).status_code == 404
    assert (
        send(Client(), draft, "A thought.").status_code == send(Client(), nothing, "A thought.").status_code
    )


def test_sixth_comment_in_a_minute_is_the_last(signed_in: Client, article: Article) -> None:
    """A seventh is refused with 429 and kept."""
    for number in range(6):
        assert send(signed_in, article, f"Thought {number}.").status_code == 303

    response = refused(signed_in, article, "Thought 6.", 429, "6 comments in the last minute")

    assert kept_text(response) == "Thought 6."


def test_same_words_again_are_refused(signed_in: Client, article: Article) -> None:
    """A new form with the same words is refused with 409."""
    send(signed_in, article, "Buy now.")

    refused(signed_in, article, "Buy now.", 409, "a few minutes ago")


def test_answer_to_a_removed_comment_is_kept_as_one_of_its_own(
    signed_in: Client, article: Article, say: Say, moderator: User
) -> None:
    """If the comment was removed meanwhile, the answer comes back in a form that posts it by itself."""
    comment = say()
    reject(comment=comment, by=moderator, reason="spam")

    response = refused(signed_in, article, "I disagree.", 409, "no longer here", parent=comment.pk)

    fields = form_of(response.content.decode())
    assert "parent" not in fields
    assert send(signed_in, article, kept_text(response), **fields).status_code == 303


def test_refused_answer_stays_an_answer(signed_in: Client, article: Article, say: Say) -> None:
    """A too long answer, shortened in the form it came back in, still stands under what it answers."""
    comment = say(by=make_user(name="Ada"))
    response = send(signed_in, article, "x" * 2_001, parent=comment.pk)
    assert "Reply to Ada" in response.content.decode()

    send(signed_in, article, "Short.", **form_of(response.content.decode()))

    assert Comment.objects.get(body="Short.").parent == comment


@pytest.mark.parametrize("fields", [
    {"key": ""}, {"key": "x"}, {"key": "1" * 5_000}, {"parent": "x"}, {"parent": "999999"},
    {"parent": "9" * 40}, {"parent": "-1"}, {"parent": "1.5"},
])  # fmt: skip
def test_broken_form_is_refused_with_its_words(
    fields: dict[str, str], signed_in: Client, article: Article
) -> None:
    """Hidden fields that no form of ours holds are a clear refusal, never a crash or another comment."""
    response = send(signed_in, article, "A thought.", **fields)

    assert response.status_code == 400
    assert kept_text(response) == "A thought."
    assert not Comment.objects.exists()
