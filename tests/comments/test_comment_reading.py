"""Finding comments again, reporting them, and a reader's own list."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.template import Context, Template
from django.test import Client

from accounts.models import User
from articles import publishing
from articles.models import Article
from comments.models import Comment, Report
from tests.comments.conftest import Say
from tests.comments.surface import page
from tests.factories import change_headline, make_article, make_user, reject


def test_permalink_leads_to_the_right_page(client: Client, say: Say, article: Article, settings: Any) -> None:
    """Wherever a comment stands, its permalink leads to a page on which it is."""
    settings.PULSE_COMMENTS_PER_PAGE, settings.PULSE_MAX_REPLIES_SHOWN = 3, 4
    roots = [say() for _ in range(5)]
    answers = [say(under=roots[1]) for _ in range(10)]
    answers.append(say(under=answers[0]))

    for comment in [*roots, *answers]:
        response = client.get(comment.get_absolute_url())
        assert response.status_code == 302
        path, _, anchor = response["Location"].partition("#")
        assert anchor == comment.anchor
        assert f'<li id="{anchor}">' in page(client, path)
    assert (
        client.get(roots[0].get_absolute_url())["Location"]
        == f"{article.get_absolute_url()}#{roots[0].anchor}"
    )
    assert "?comments=2#" in client.get(roots[4].get_absolute_url())["Location"]
    assert client.get("/comments/999999/").status_code == 404


# Reports


def test_reader_reports_a_comment_once(signed_in: Client, say: Say, reader: User) -> None:
    """The page asks for the rule; reporting again is thanked and changes nothing."""
    comment = say("Buy now.", by=make_user(name="Seller"))
    address = f"{comment.get_absolute_url()}report/"
    html = page(signed_in, address)
    assert "Buy now." in html

    for reason in ("spam", "hate"):
        response = signed_in.post(address, {"reason": reason})
        assert "Thank you. A moderator will read this comment." in response.content.decode()

    assert list(Report.objects.values_list("by", "reason")) == [(reader.pk, "spam")]


@pytest.mark.parametrize("reason", ["", "x", "\x07"])
def test_report_needs_a_reason(reason: str, signed_in: Client, say: Say) -> None:
    """Without a known reason the page asks again."""
    comment = say(by=make_user())

    response = signed_in.post(f"{comment.get_absolute_url()}report/", {"reason": reason})

    assert response.status_code == 400
    assert "Error: " in response.content.decode()
    assert not Report.objects.exists()


def test_report_of_oneself_is_refused(signed_in: Client, say: Say, reader: User) -> None:
    """One's own comment has no Report button, and its form is refused."""
    comment = say(by=reader)

    assert "Report" not in page(signed_in, comment.article.get_absolute_url())
    response = signed_in.post(f"{comment.get_absolute_url()}report/", {"reason": "spam"})
    assert response.status_code == 403
    assert not Report.objects.exists()


def test_report_is_for_signed_in_readers(client: Client, say: Say) -> None:
    """Anybody else is led to sign in and back to the report."""
    address = f"{say().get_absolute_url()}report/"

    for response in (client.get(address), client.post(address, {"reason": "spam"})):
        assert response.status_code == 303
        assert response["Location"] == f"/accounts/login/?{urlencode({'next': address})}"
    assert not Report.objects.exists()


# One's own


def own(reader: User) -> str:
    return Template("{% load comments %}{% own_comments reader %}").render(Context({"reader": reader}))


def test_own_comments_show_what_became_of_each(
    say: Say, reader: User, article: Article, moderator: User, django_assert_num_queries: Any
) -> None:
    """A reader's own list: the visible with links, the rest with what became of it and why. Two queries."""
    visible, waiting, removed = say("Visible."), say("Waiting.", status="pending"), say("Removed.")
    reject(comment=removed, by=moderator, reason="spam")
    say("Taken back.", status="deleted")
    say("Somebody else’s.", by=make_user())
    change_headline(article, "Not public yet")
    with django_assert_num_queries(2):
        html = own(reader)

    assert f'<a href="{visible.get_absolute_url()}">Visible.</a>' in html
    assert "Waiting for review" in html
    assert "Removed by a moderator" in html
    for absent in (
        waiting.get_absolute_url(),
        removed.get_absolute_url(),
        "Taken back",
        "else’s",
        "Not public yet",
    ):
        assert absent not in html
    assert "You have not commented yet." in own(make_user())


def test_own_comments_do_not_lead_to_what_is_not_public(say: Say, reader: User) -> None:
    """Under a withdrawn story the words are listed, without its headline and without a link to it."""
    story = make_article(headline="Withdrawn headline")
    say("I was here.", on=story)
    publishing.unpublish(article=story, by=make_user(role="Editor"))
    html = own(reader)

    assert "I was here." in html
    assert "a story that is no longer published" in html
    assert re.findall(r'<a [^>]*href="([^"]*)', html) == [f"/comments/{Comment.objects.get().pk}/delete/"]
    assert "Withdrawn headline" not in html
