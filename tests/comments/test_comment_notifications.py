"""Who hears of what in a discussion, and that nobody hears of what readers cannot see."""

import pytest
from django.test import Client

from accounts.models import Notification, User
from accounts.notifications import shown
from articles import publishing
from articles.models import Article
from comments import notifications, writing
from comments.leaving import let_go
from comments.writing import post
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def told(reader: User) -> list[str]:
    """The kinds of what stands in somebody's list now."""
    rows = shown(Notification.objects.standing().filter(to=reader).order_by("pk"))
    return [row.kind for row in rows]


def test_an_answer_is_told_the_one_it_answers_with_its_words(article, first, ana, bo):
    answer = post(article=article, by=bo, body="And *the* second.", parent=first, key="2")
    row = Notification.objects.get()
    assert (row.to, row.kind, row.who) == (ana, "reply", "Bo")
    headline = article.live_revision().headline
    assert row.sentence == f"answered your comment under “{headline}”"
    assert row.excerpt == "And the second."
    assert row.path == answer.get_absolute_url()


def test_nobody_is_told_of_an_answer_to_themselves(article, first, ana):
    post(article=article, by=ana, body="Myself again.", parent=first, key="2")
    assert not Notification.objects.exists()


def test_sending_a_form_twice_tells_once(article, first, ana, bo):
    for _ in range(2):
        post(article=article, by=bo, body="Twice.", parent=first, key="2")
    assert told(ana) == ["reply"]


def test_whoever_is_named_is_told_and_whoever_is_answered_once(article, first, ana, bo):
    post(article=article, by=bo, body="Hello @Ana", key="2")
    assert told(ana) == ["mention"]
    post(article=article, by=bo, body="Hello again @Ana", parent=first, key="3")
    assert told(ana) == ["mention", "reply"]


@pytest.mark.parametrize("status", ["pending", "withheld", "rejected", "deleted"])
def test_what_readers_cannot_see_is_told_nobody(article, first, ana, bo, say, status):
    answer = say("Hidden @Ana", under=first, by=bo, status=status)
    notifications.tell(answer)
    assert told(ana) == []


def test_a_comment_that_is_shown_later_is_told_then(article, first, ana, bo, say):
    answer = say("Held.", under=first, by=bo, status="pending")
    answer.status = "visible"
    answer.save()
    notifications.follow(answer)
    assert told(ana) == ["reply"]


def test_what_its_author_deletes_is_taken_back_with_its_words(article, first, ana, bo):
    answer = post(article=article, by=bo, body="Regretted.", parent=first, key="2")
    writing.delete(comment=answer, by=bo)
    assert told(ana) == []
    assert not Notification.objects.filter(excerpt__contains="Regretted").exists()


def test_an_edit_changes_the_words_and_who_is_named(article, first, ana, bo):
    cy = make_user(name="Cy")
    post(article=article, by=cy, body="I am here too.", key="cy")
    comment = post(article=article, by=bo, body="Old words @Ana", key="2")
    writing.edit(comment=comment, by=bo, body="New words @Cy")
    assert told(ana) == []
    [row] = Notification.objects.standing().filter(to=cy)
    assert row.excerpt == "New words @Cy"
    assert not Notification.objects.filter(excerpt__contains="Old words").exists()


def test_an_answer_under_a_story_that_is_withdrawn_or_a_discussion_that_is_hidden_is_not_shown(
    article, first, ana, bo
):
    post(article=article, by=bo, body="Under the story.", parent=first, key="2")
    assert told(ana) == ["reply"]
    Article.objects.update(discussion=Article.Discussion.HIDDEN)
    assert told(ana) == []
    Article.objects.update(discussion=Article.Discussion.OPEN)
    assert told(ana) == ["reply"]
    publishing.unpublish(article=article, by=make_user(role="Editor"))
    assert told(ana) == []


def test_a_notification_leads_to_the_comment(article, first, ana, bo):
    answer = post(article=article, by=bo, body="Over here.", parent=first, key="2")
    client = Client()
    client.force_login(ana)
    page = client.get("/account/notifications/").content.decode()
    assert "Over here." in page
    path = f"/account/notifications/{Notification.objects.get().pk}/"
    assert path in page
    assert f"comment-{answer.pk}" in client.get(path, follow=True).content.decode()


def test_whoever_leaves_with_their_words_takes_them_from_the_lists_too(article, first, ana, bo):
    post(article=article, by=bo, body="Words to take along.", parent=first, key="2")
    let_go(bo, keep_comments=True)
    assert told(ana) == ["reply"]
    let_go(bo, keep_comments=False)
    assert told(ana) == []
    assert not Notification.objects.filter(excerpt__contains="Words").exists()
