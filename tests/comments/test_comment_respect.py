"""Respect: who may give it, once each, and that its number is exact."""

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User
from articles import publishing
from articles.models import Article
from comments import writing
from comments.models import Comment, Respect
from comments.pipeline import Refused
from tests.at_once import at_once
from tests.comments.conftest import Say
from tests.comments.surface import JSON, page
from tests.factories import make_article, make_user


def give(client: Client, comment: Comment, given: str = "1", **more: Any) -> HttpResponse:
    return client.post(f"/comments/{comment.pk}/respect/", {"given": given}, **more)  # type: ignore[return-value]


def number(comment: Comment) -> int:
    """How many give it, as stored; it must be as many as there are rows."""
    comment.refresh_from_db()
    assert comment.respect_count == comment.respects.count()
    return comment.respect_count


def test_reader_gives_respect_and_takes_it_back(signed_in: Client, article: Article, say: Say) -> None:
    """A button, pressed or not, with the number; it leads back to the comment."""
    comment = say(by=make_user(name="Ada"))
    html = page(signed_in, article.get_absolute_url())
    assert f'formaction="/comments/{comment.pk}/respect/" name="given" value="1" aria-pressed="false"' in html

    response = give(signed_in, comment)

    assert response.status_code == 303
    assert response["Location"] == f"{article.get_absolute_url()}#{comment.anchor}"
    assert number(comment) == 1
    html = page(signed_in, article.get_absolute_url())
    assert f'formaction="/comments/{comment.pk}/respect/" name="given" value="0" aria-pressed="true"' in html
    give(signed_in, comment, "0")
    assert number(comment) == 0


def test_respect_counts_once_per_reader(signed_in: Client, say: Say) -> None:
    """Pressing twice, or again because the answer was lost, is once; so is taking back."""
    comment = say(by=make_user())
    writing.respect(comment=comment, by=make_user())
    told = [give(signed_in, comment, headers=JSON).json() for _ in range(2)]  # type: ignore[attr-defined]
    assert told == [{"count": 2, "given": True}] * 2
    told = [give(signed_in, comment, "0", headers=JSON).json() for _ in range(2)]  # type: ignore[attr-defined]
    assert told == [{"count": 1, "given": False}] * 2
    assert number(comment) == 1


def test_everybody_sees_the_number_and_nobody_whose_it_is(
    signed_in: Client, article: Article, say: Say
) -> None:
    """Signed out there is the number with a way to sign in, the same for all; no cookie, and no button."""
    comment = say(by=make_user())
    give(signed_in, comment)
    answer = Client().get(article.get_absolute_url())
    html = answer.content.decode()

    assert '<span class="num">1</span></a>' in html
    assert f'/accounts/login/?next=/articles/{article.slug}/%23{comment.anchor}">Respect' in html
    assert "aria-pressed" not in html.partition('id="discussion"')[2].partition("</section>")[0]
    assert not answer.cookies
    assert "public" in answer["Cache-Control"]


def test_own_comment_shows_its_respect_and_takes_none(signed_in: Client, article: Article, say: Say) -> None:
    """One's own has the number without a button, and the verb refuses."""
    comment = say()
    writing.respect(comment=comment, by=make_user())
    assert give(signed_in, comment, headers=JSON).status_code == 403
    html = page(signed_in, article.get_absolute_url())

    assert 'Respect <span class="num">1</span>' in html
    assert f"/comments/{comment.pk}/respect/" not in html
    assert number(comment) == 1


def test_no_respect_where_nobody_may_comment(article: Article, say: Say) -> None:
    """Not when closed or hidden, not under a withdrawn story, not by somebody suspended, not what is gone."""
    comment, somebody = say(by=make_user()), make_user()
    suspended = make_user()
    suspended.suspended_until = timezone.now() + dt.timedelta(days=1)
    with pytest.raises(Refused, match="cannot comment until"):
        writing.respect(comment=comment, by=suspended)
    for discussion in ("closed", "hidden"):
        Article.objects.filter(pk=article.pk).update(discussion=discussion)
        with pytest.raises(Refused):
            writing.respect(comment=comment, by=somebody)
    Article.objects.filter(pk=article.pk).update(discussion="open")
    for status in ("pending", "withheld", "rejected", "deleted"):
        with pytest.raises(Refused, match="no longer here"):
            writing.respect(comment=say(status=status, by=make_user()), by=somebody)
    withdrawn = say(on=make_article(), by=make_user())
    publishing.unpublish(article=withdrawn.article, by=make_user(role="Editor"))
    with pytest.raises(Refused, match="no longer here"):
        writing.respect(comment=withdrawn, by=somebody)
    assert not Respect.objects.exists()


def test_refused_respect_is_said_on_the_page(signed_in: Client, article: Article, say: Say) -> None:
    """Without script the sentence stands on the page one is led back to."""
    comment = say(by=make_user())
    Article.objects.update(discussion="closed")

    response = give(signed_in, comment)

    assert response.status_code == 303
    assert "This discussion is closed." in page(signed_in, response["Location"].partition("#")[0])


def test_respect_needs_an_account_and_a_whole_form(signed_in: Client, say: Say, settings: Any) -> None:
    """Signed out to sign-in; nothing but 0 and 1; for what is there; and not without end."""
    comment = say(by=make_user())
    assert "/accounts/login/" in give(Client(), comment)["Location"]
    assert give(Client(), comment, headers=JSON).status_code == 401
    for nonsense in ("", "2", "x"):
        assert give(signed_in, comment, nonsense, headers=JSON).status_code == 400
    assert signed_in.get(f"/comments/{comment.pk}/respect/").status_code == 405
    assert give(signed_in, say(status="rejected")).status_code == 404
    settings.PULSE_RESPECTS_PER_MINUTE = 1
    refused = give(signed_in, comment, headers=JSON)
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60


def test_respect_needs_the_forms_token(say: Say, reader: User) -> None:
    """Another site cannot give it in a reader's name."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)

    assert give(client, say(by=make_user())).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_respect_is_exact_when_many_press_at_the_same_moment() -> None:
    """Eight readers give, take back and give again at once, one of them twice: as many as there are."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; the race needs PostgreSQL")
    article, readers = make_article(), [make_user() for _ in range(8)]
    comment = Comment.objects.create(article=article, author=make_user(), body="Well said.")

    def press(by: User) -> None:
        for given in (True, False, True):
            writing.respect(comment=comment, by=by, given=given)

    at_once(*[partial(press, by) for by in [*readers, readers[0]]])

    assert number(comment) in {7, 8}  # the one who pressed twice may have taken back last
    assert Respect.objects.filter(by__in=readers[1:]).count() == 7


@pytest.mark.django_db(transaction=True)
def test_answering_and_respecting_do_not_wait_for_each_other() -> None:
    """One reader answers a comment in one window and respects it in another: no deadlock, both done."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; the race needs PostgreSQL")
    article, reader = make_article(), make_user()
    comment = Comment.objects.create(article=article, author=make_user(), body="Well said.")

    def answer() -> None:
        for turn in range(5):
            body = f"{turn} comes to mind."
            writing.post(article=article, by=reader, body=body, parent=comment, key=str(turn))

    def press() -> None:
        for turn in range(5):
            writing.respect(comment=comment, by=reader, given=turn % 2 == 0)

    at_once(answer, press)

    assert comment.replies.count() == 5
    assert number(comment) == 1
