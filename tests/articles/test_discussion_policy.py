"""Who may write under a story, and until when: what editors choose, and what the clock does by itself."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from articles import discussions
from articles.editing import NotPublishable
from articles.models import Article, Event
from articles.rendering import STORY
from comments import house, writing
from comments.models import Comment
from comments.pipeline import Refused
from comments.reporting import report
from pulse import parts
from pulse.models import Part
from pulse.tags import ENDS
from tests.articles.forms import change_url, signed_in, stored_form
from tests.factories import make_article, make_draft, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]

DAY = dt.timedelta(days=1)
FORM = 'id="comment"'
CLOSED = "This discussion is closed."
ALL_OPEN = {"discussion": "open", "closes": "", "closes_at": "", "moderation": "", "_discussion": "1"}


def days_ago(days: float) -> Article:
    return make_article(at=timezone.now() - days * DAY)


def close_after(days: int | None) -> None:
    rules = house.read()
    rules.close_after_days = days
    house.change_rules(rules=rules, by=make_user(is_superuser=True))


def say(article: Article, **fields: Any) -> Comment:
    said: Any = {"by": make_user(), "body": "Words of mine.", "key": str(timezone.now().timestamp())} | fields
    return writing.post(article=article, **said)


def page(article: Article, client: Client | None = None) -> str:
    return (client or Client()).get(article.get_absolute_url()).content.decode()


def reader() -> Client:
    client = Client()
    client.force_login(make_user())
    return client


def is_open(article: Article) -> bool:
    """Whether a reader finds the form, a stranger the way to it, and a comment is taken: all or none."""
    article.refresh_from_db()
    try:
        say(article)
        is_taken = True
    except Refused:
        is_taken = False
    html = page(article)
    answers = {FORM in page(article, reader()), "Sign in to join" in html, is_taken}
    assert len(answers) == 1
    return answers.pop()


def change(article: Article, client: Client | None = None, **typed: Any) -> Any:
    """Press the button on the page for the address and the discussion."""
    address = f"/admin/articles/article/{article.pk}/address/"
    return (client or signed_in()).post(address, ALL_OPEN | typed, follow=True)


# What the policies allow


def test_where_nobody_writes_for_now_respect_still_counts():
    article = make_article()
    comment = say(article)
    change(article, discussion="read_only")
    assert "takes no comments for now" in page(article)
    assert not is_open(article)
    assert writing.respect(comment=comment, by=make_user()) == 1
    admirer = reader()
    assert f'formaction="/comments/{comment.pk}/respect/"' in page(article, admirer)
    admirer.post(f"/comments/{comment.pk}/respect/", {"given": 1})
    assert 'aria-pressed="true"' in page(article, admirer)
    change(article, discussion="closed")
    assert "formaction" not in page(article, admirer)


def test_in_a_closed_discussion_nothing_changes_but_deletion_and_reports():
    article, author = make_article(), make_user()
    comment = say(article, by=author)
    change(article, discussion="closed")
    assert CLOSED in page(article)
    assert not is_open(article)
    with pytest.raises(Refused, match="closed"):
        writing.respect(comment=comment, by=make_user())
    with pytest.raises(Refused, match="closed"):
        writing.edit(comment=comment, by=author, body="Other words.")
    report(comment=comment, by=make_user(), reason="spam")
    assert writing.delete(comment=comment, by=author)


@pytest.mark.parametrize(("mode", "status"), [("before", "pending"), ("after", "visible")])
def test_a_story_is_moderated_its_own_way(mode, status):
    article = make_article()
    change(article, moderation=mode)
    article.refresh_from_db()
    assert say(article).status == status


@pytest.mark.once
def test_where_no_comments_are_taken_at_all_there_is_no_form():
    article, other = make_article(), make_article()
    change(article, moderation="off")
    assert not is_open(article)
    assert is_open(other)
    rules = house.read()
    rules.mode = "off"
    house.change_rules(rules=rules, by=make_user(is_superuser=True))
    assert not is_open(other)
    change(other, moderation="after")
    assert is_open(other)


# The clock


def test_a_discussion_closes_after_the_houses_days():
    young, old = days_ago(6.99), days_ago(7.01)
    assert is_open(old)
    close_after(7)
    assert (is_open(young), is_open(old)) == (True, False)
    assert CLOSED in page(old)
    with pytest.raises(Refused, match="closed"):
        writing.respect(comment=old.comments.get(), by=make_user())
    close_after(None)
    assert is_open(old)


def test_a_story_may_close_at_a_time_of_its_own():
    close_after(7)
    article = days_ago(1)
    later = timezone.now() + 30 * DAY
    change(article, closes="at", closes_at=f"{later:%Y-%m-%dT%H:%M}")
    Article.objects.filter(pk=article.pk).update(discussion_closes_at=timezone.now() + DAY)
    assert is_open(article)
    Article.objects.filter(pk=article.pk).update(discussion_closes_at=timezone.now() - DAY)
    assert not is_open(article)


def test_what_is_opened_by_hand_stays_open():
    close_after(7)
    article = days_ago(30)
    client = signed_in()
    address = f"/admin/articles/article/{article.pk}/address/"
    assert "It closed by itself on" in client.get(address).content.decode()
    response = change(article, client)  # the form said “closed”, so this opens it
    assert "The discussion is now: Open." in response.content.decode()
    assert is_open(article)
    assert "It closed by itself" not in client.get(address).content.decode()


def test_changing_something_else_leaves_the_clock_alone():
    close_after(7)
    article = days_ago(1)
    change(article, moderation="before")
    article.refresh_from_db()
    assert (article.discussion_closes, article.moderation) == ("", "before")
    change(article, closes="never", moderation="before")
    change(article, discussion="read_only", closes="never")
    change(article, closes="")  # back to the house's rules, in words
    article.refresh_from_db()
    assert (article.discussion, article.discussion_closes) == ("open", "")


@pytest.mark.parametrize("policy", ["closed", "hidden"])
def test_what_is_over_or_hidden_does_not_change_by_the_clock(policy):
    close_after(7)
    article = make_article(discussion=policy, at=timezone.now() - 30 * DAY)
    assert discussions.policy_of(article, timezone.now() - 30 * DAY, days=7) == policy
    assert discussions.closes_at(article, timezone.now(), days=7) is None


@time_machine.travel("2026-11-20 12:00:00+00:00", tick=False)  # far from midnight, when every page ends
def test_the_page_is_made_again_at_the_closing_moment_with_no_worker():
    """Both the page that is kept with the story and one made for whoever asks say when they end."""
    close_after(1)
    soon = dt.timedelta(seconds=30)
    by_the_house, by_itself, by_hand = days_ago(1 - 1 / 24), make_article(), days_ago(1 - 1 / 24)
    planned: Any = {"closes": "at", "closes_at": timezone.now() + soon}
    discussions.change_discussion(article=by_itself, discussion="open", by=editor(), **planned)
    discussions.change_discussion(article=by_hand, discussion="closed", by=editor())
    for article, moment in (
        (by_the_house, first_seen(by_the_house) + DAY), (by_itself, timezone.now() + soon), (by_hand, None)
    ):  # fmt: skip
        address = article.get_absolute_url()
        assert moment in moments(address) or moment is None, "made for whoever asks"
        assert moments(f"{address}comments/new/?after=0") == ({moment} if moment else set())
        parts.make(STORY, article.live_revision().pk)
        if moment:
            assert moments(address) == {moment}, "kept"
            assert Part.objects.get(kind=STORY, of=article.live_revision().pk).ends_at == moment
        else:
            assert min(moments(address)) > timezone.now() + 30 * DAY, "its birthday"


def moments(address: str) -> set[dt.datetime]:
    """The moments at which a page says that it changes by the clock."""
    response = Client().get(address)
    assert response.status_code == 200
    return set(response.wsgi_request.META.get(ENDS, ()))


def first_seen(article: Article) -> dt.datetime:
    return article.live_revision().first_published_at


def editor():
    return make_user(role="Editor")


# The settings


@pytest.mark.once
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"closes": "at"}, "Choose a day and a time."),
        ({"closes": "at", "closes_at": "2020-01-01T10:00"}, "This time has passed."),
        ({"closes": "at", "closes_at": "soon"}, "Give the day and the time in full"),
        ({"closes": "x"}, "Select a valid choice"),
        ({"moderation": "x"}, "Select a valid choice"),
    ],
)
def test_a_closing_that_cannot_be_is_refused_beside_its_field(typed, sentence):
    article = make_article()
    response = change(article, **typed)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    article.refresh_from_db()
    assert (article.discussion_closes, article.moderation) == ("", "")


@pytest.mark.once
def test_the_record_says_what_was_changed():
    article = make_article()
    change(article, closes="at", closes_at="2030-01-02T10:00", moderation="before")
    note = Event.objects.get(article=article, verb=Event.Verb.DISCUSSION).note
    assert note == (
        "Open. It closes on 2 January 2030, 10:00 UTC. A comment appears: After a moderator has read it"
    )
    change(article, closes="at", closes_at="2030-01-02T10:00", moderation="before")  # nothing new
    assert Event.objects.filter(article=article, verb=Event.Verb.DISCUSSION).count() == 1


@pytest.mark.once
def test_the_page_says_what_the_house_rules_mean_for_the_story():
    article = make_article(at=dt.datetime(2026, 11, 1, 10, tzinfo=dt.UTC))
    address, client = f"/admin/articles/article/{article.pk}/address/", signed_in()
    assert "As the house rules say: it stays open" in client.get(address).content.decode()
    close_after(14)
    assert "14 days after publication: on 15 November 2026, 10:00 UTC" in client.get(address).content.decode()


@pytest.mark.once
def test_an_editor_sets_the_policy_of_a_draft_in_its_form():
    article = make_draft()
    client = signed_in()
    assert "When the discussion closes" not in client.get(change_url(article)).content.decode()
    later = {"discussion_closes": "at", "discussion_closes_at": "2030-01-02T10:00", "moderation": "first"}
    client.post(change_url(article), stored_form(article, **later, _continue="1"))
    article.refresh_from_db()
    assert (article.discussion_closes, article.moderation) == ("at", "first")
    assert article.discussion_closes_at == dt.datetime(2030, 1, 2, 10, tzinfo=dt.UTC)
    back = {"discussion_closes": "", "discussion_closes_at": "2030-01-02T10:00"}
    client.post(change_url(article), stored_form(article, **back, _continue="1"))
    article.refresh_from_db()
    assert (article.discussion_closes, article.discussion_closes_at) == ("", None)


@pytest.mark.once
@pytest.mark.parametrize("moment", ["", "2020-01-01T10:00"])
def test_the_form_of_a_draft_refuses_a_closing_that_cannot_be(moment):
    article = make_draft()
    typed = {"discussion_closes": "at", "discussion_closes_at": moment, "moderation": ""}
    response = signed_in().post(change_url(article), stored_form(article, **typed, _continue="1"))
    assert ("This time has passed." if moment else "Choose a day and a time.") in response.content.decode()
    article.refresh_from_db()
    assert article.discussion_closes == ""


@pytest.mark.once
def test_a_writer_finds_no_policy_in_the_form_and_sets_none():
    writer = make_user(role="Writer")
    article, client = make_draft(created_by=writer), Client()
    client.force_login(writer)
    assert b"discussion_closes" not in client.get(change_url(article)).content.split(b"<form")[-1]
    client.post(change_url(article), stored_form(article, moderation="off", _continue="1"))
    article.refresh_from_db()
    assert article.moderation == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"discussion": "x"},
        {"discussion_closes": "x"},
        {"moderation": "x"},
        {"discussion_closes": "at"},
        {"discussion_closes_at": dt.datetime(2030, 1, 1, tzinfo=dt.UTC)},
    ],
)
def test_the_database_knows_no_other_policy(wrong):
    article = make_draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Article.objects.filter(pk=article.pk).update(**wrong)


def test_the_verb_refuses_a_moment_that_has_passed():
    with pytest.raises(NotPublishable):
        discussions.change_discussion(
            article=make_article(), discussion="open", closes="at", closes_at=timezone.now(), by=editor()
        )
