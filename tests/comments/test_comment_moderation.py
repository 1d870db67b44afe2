"""The verbs: who may, what follows, and that the count is what readers can count."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.models import User
from articles import publishing
from articles.models import Article
from comments import writing
from comments.models import Comment
from comments.pipeline import Refused
from tests.at_once import at_once
from tests.comments.conftest import Say
from tests.factories import make_article, make_draft, make_user


def post(article: Article, by: User, body: str = "A thought.", **more: object) -> Comment:
    return writing.post(article=article, by=by, body=body, **{"key": str(uuid.uuid4()), **more})  # type: ignore[arg-type]


def is_counted_exactly(article: Article) -> bool:
    article.refresh_from_db()
    return article.comment_count == Comment.objects.visible().filter(article=article).count()


def test_post_adds_a_visible_comment_and_counts_it(article: Article, reader: User) -> None:
    """A posted comment is there at once, tidied and rendered, and counted."""
    comment = post(article, reader, "  One *thought*.\r\nIn two lines. \n")

    assert comment.is_visible
    assert comment.body == "One *thought*.\nIn two lines."
    assert "<em>thought</em>" in comment.body_html
    assert is_counted_exactly(article)
    assert article.comment_count == 1


def test_post_returns_the_first_comment_for_the_same_key(article: Article, reader: User) -> None:
    """Sending again is not an error and not a second comment."""
    key = str(uuid.uuid4())

    first = post(article, reader, key=key)
    again = post(article, reader, key=key)

    assert again == first
    assert Comment.objects.count() == 1


def test_post_takes_the_same_key_from_two_readers(article: Article, reader: User) -> None:
    """A key belongs to its author: nobody can take another's comment, or block it."""
    key = str(uuid.uuid4())

    post(article, reader, key=key)
    post(article, make_user(), key=key)

    assert Comment.objects.count() == 2


def test_post_is_refused_under_what_is_not_public(reader: User) -> None:
    """Drafts, scheduled and withdrawn stories take no comments."""
    editor = make_user(role="Editor")
    draft, scheduled, withdrawn = make_draft(), make_draft(), make_article()
    publishing.publish(article=scheduled, by=editor, at=timezone.now() + dt.timedelta(hours=1))
    publishing.unpublish(article=withdrawn, by=editor)

    for story in (draft, scheduled, withdrawn):
        with pytest.raises(Refused):
            post(story, reader)
    assert not Comment.objects.exists()


def test_post_is_refused_to_a_suspended_reader_whatever_the_session_knows(
    article: Article, reader: User
) -> None:
    """Suspension is read anew: a session that began before it changes nothing. It ends by itself."""
    User.objects.filter(pk=reader.pk).update(suspended_until=timezone.now() + dt.timedelta(days=1))

    with pytest.raises(Refused, match="cannot comment until"):
        post(article, reader)
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)):
        assert post(article, reader).is_visible


def test_post_is_refused_after_too_many_in_a_minute(article: Article, reader: User) -> None:
    """Six a minute, under whatever stories; a minute later it goes on."""
    for number in range(6):
        post(make_article() if number % 2 else article, reader, f"Thought {number}.")

    with pytest.raises(Refused) as refused:
        post(article, reader, "One too many.")

    assert refused.value.status == 429
    post(article, make_user(), "Somebody else.")
    with time_machine.travel(timezone.now() + dt.timedelta(seconds=61)):
        post(article, reader, "One too many.")


def test_post_is_refused_for_the_same_words_again(article: Article, reader: User) -> None:
    """The same words within minutes are a mistake or spam, even under another story."""
    post(article, reader, "Buy now.")

    with pytest.raises(Refused) as refused:
        post(make_article(), reader, "Buy now. ")

    assert refused.value.status == 409


@pytest.mark.parametrize("status", ["pending", "withheld", "rejected", "deleted"])
def test_post_does_not_answer_what_is_not_visible(
    status: str, say: Say, article: Article, reader: User
) -> None:
    """Nobody answers a comment that readers do not see."""
    with pytest.raises(Refused, match="no longer here"):
        post(article, reader, parent=say(status=status))


def test_post_does_not_answer_under_another_story(say: Say, reader: User) -> None:
    """An answer belongs to the story of what it answers."""
    elsewhere = say(on=make_article())

    with pytest.raises(Refused, match="no longer here"):
        post(make_article(), reader, parent=elsewhere)


@pytest.mark.django_db(transaction=True)
def test_post_makes_one_comment_of_two_at_the_same_moment() -> None:
    """Two threads that post one key at once both get the same comment."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; the race needs PostgreSQL")
    article, reader, key = make_article(), make_user(), str(uuid.uuid4())
    got = at_once(*[lambda: post(article, reader, key=key).pk] * 2)

    assert len(got) == 2
    assert len(set(got)) == 1
    assert Comment.objects.count() == 1
    assert is_counted_exactly(article)


@pytest.mark.django_db(transaction=True)
def test_post_counts_exactly_when_two_post_at_the_same_moment() -> None:
    """Two readers who post at once are both counted."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; the race needs PostgreSQL")
    article, readers = make_article(), [make_user(), make_user()]
    got = at_once(*[lambda: post(article, readers.pop()).pk] * 2)

    assert len(set(got)) == 2
    assert is_counted_exactly(article)
    assert article.comment_count == 2
