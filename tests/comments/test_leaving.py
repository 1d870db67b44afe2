"""A reader leaves: comments stay without a name or lose their words, threads stay whole, counts exact."""

import datetime as dt
import json
import zipfile

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts import deletion
from accounts.export import export
from accounts.models import Notification, User
from comments.models import Comment, EarlierText, Report
from comments.moderation.undoing import undo
from comments.pipeline import Refused
from comments.reporting import report
from comments.writing import post, respect
from tests.factories import approve, make_article, make_user, reject

pytestmark = pytest.mark.django_db
A_DAY = dt.timedelta(hours=24, minutes=1)


@pytest.fixture
def thread():
    """Rita writes, Jon answers her, Rita answers him."""
    article, rita, jon = make_article(), make_user(name="Rita"), make_user(name="Jon")
    first = post(article=article, by=rita, body="Ritas first words.", key="1")
    answer = post(article=article, by=jon, body="Jons answer.", key="2", parent=first)
    last = post(article=article, by=rita, body="Ritas last words.", key="3", parent=answer)
    EarlierText.objects.create(comment=first, number=1, body="Ritas earlier words.")
    return article, rita, jon, first, answer, last


def leave(user: User, *, keep_comments: bool) -> None:
    deletion.plan(user=user, keep_comments=keep_comments)
    with time_machine.travel(timezone.now() + A_DAY):
        deletion.delete_due()


def test_comments_stay_without_a_name(thread):
    """Whoever reads the thread finds every word and no Rita."""
    article, rita, *_ = thread
    leave(rita, keep_comments=True)
    page = Client().get(article.get_absolute_url()).content.decode()
    assert "Ritas first words." in page
    assert "Former reader" in page
    assert ">Rita<" not in page
    article.refresh_from_db()
    assert article.comment_count == 3
    assert not EarlierText.objects.exists()


def test_comments_are_removed_and_threads_stay_whole(thread):
    """Their words are nowhere any more; an answer still stands under the place of what it answers."""
    article, rita, *_ = thread
    leave(rita, keep_comments=False)
    page = Client().get(article.get_absolute_url()).content.decode()
    assert "Ritas" not in page
    assert "Jons answer." in page
    article.refresh_from_db()
    assert article.comment_count == 1
    assert set(Comment.objects.filter(author=rita).values_list("status", "body")) == {("deleted", "")}
    assert not EarlierText.objects.exists()


def test_what_a_moderator_removed_goes_on_saying_so(thread):
    """Leaving is no way to look better."""
    article, rita, _, first, *_ = thread
    reject(comment=first, by=make_user(role="Moderator"), reason="spam")
    leave(rita, keep_comments=False)
    first.refresh_from_db()
    assert (first.status, first.body) == ("rejected", "")
    assert first.decisions.exists()


def test_an_export_tells_of_its_owner_and_of_nobody_else(thread):
    """Comments with earlier texts, reports, respect, decisions without who decided."""
    article, rita, jon, first, answer, _ = thread
    moderator = make_user(name="Mod Moritz", role="Moderator")
    respect(comment=answer, by=rita)
    report(comment=answer, by=rita, reason="spam")
    report(comment=first, by=jon, reason="hate")
    reject(comment=first, by=moderator, reason="spam")
    with export(rita) as file, zipfile.ZipFile(file) as archive:
        text = archive.read("pulse-data.json").decode()
        page = archive.read("pulse-data.html").decode()
    data = json.loads(text)
    assert [row["text"] for row in data["comments"]] == ["Ritas first words.", "Ritas last words."]
    assert data["comments"][0]["earlier_texts"][0]["text"] == "Ritas earlier words."
    assert len(data["respect given"]) == len(data["reports"]) == 1
    assert data["decisions on your comments"][-1]["reason"]
    for other in ("Jon", "Mod Moritz", moderator.email, jon.email):
        assert other not in text
        assert other not in page
    assert Report.objects.count() == 2


def test_words_that_left_with_their_author_are_not_shown_again_empty(thread):
    article, rita, _, first, *_ = thread
    moderator = make_user(role="Moderator")
    reject(comment=first, by=moderator, reason="spam")
    leave(rita, keep_comments=False)
    first.refresh_from_db()
    with pytest.raises(Refused, match="taken the words along"):
        approve(comment=first, by=moderator)
    with pytest.raises(Refused, match="changed since"):
        undo(by=moderator)
    first.refresh_from_db()
    assert first.status == "rejected"


def test_a_request_under_way_posts_nothing_for_an_account_that_is_gone(thread):
    article, rita, *_ = thread
    leave(rita, keep_comments=True)
    with pytest.raises(Refused, match="This account is closed"):
        post(article=article, by=rita, body="Still on its way.", key="4")


def test_whoever_is_gone_is_told_nothing(thread):
    article, rita, jon, first, *_ = thread
    leave(rita, keep_comments=True)
    post(article=article, by=jon, body="An answer.", key="9", parent=first)
    assert not Notification.objects.filter(to=rita).exists()
