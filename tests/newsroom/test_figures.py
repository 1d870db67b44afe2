"""The discussion in numbers on the front desk, and the words readers ask about."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments.models import Comment, Decision
from glossary import requests
from newsroom import desk
from newsroom.figures import Period, periods
from tests.factories import make_article, make_draft, make_user
from tests.newsroom.people import block, in_order

pytestmark = pytest.mark.django_db


def said(*, days: float, by=None, status: str = "visible", minutes: int | None = None, article) -> Comment:
    """A comment of some days ago; decided on so many minutes later, if it was."""
    at = timezone.now() - dt.timedelta(days=days)
    comment = Comment.objects.create(
        article=article, author=by or make_user(), body="Words.", status=status, created_at=at
    )
    if minutes is not None:
        Decision.objects.create(
            comment=comment,
            by=make_user(role="Moderator"),
            action="approve" if status == "visible" else "hide",
            reason="" if status == "visible" else "spam",
            created_at=at + dt.timedelta(minutes=minutes),
        )
    return comment


def test_comments_readers_rejections_and_time_to_decide_over_a_week_and_a_month():
    article, twice = make_article(), make_user()
    said(article=article, days=1, by=twice)
    said(article=article, days=2, by=twice, minutes=5)
    said(article=article, days=3, status="rejected", minutes=60)
    said(article=article, days=4, status="pending")
    said(article=article, days=20, minutes=7)
    said(article=article, days=40, minutes=1)  # too long ago
    automatic = said(article=article, days=1)
    Decision.objects.create(comment=automatic, by=None, check_name="links_are_few", action="approve")
    week, month = periods(timezone.now())
    assert week == Period(7, 3, 2, 5, 1, dt.timedelta(minutes=5))
    assert month == Period(30, 4, 3, 6, 1, dt.timedelta(minutes=7))
    assert (week.rejection_rate, month.rejection_rate) == (20, 17)


def test_the_lines_of_the_desk_count_what_readers_see_day_by_day():
    """Comments, and stories by when they first appeared, over four weeks; today is the last."""
    noon = timezone.localtime().replace(hour=12)
    with time_machine.travel(noon, tick=False):
        article = make_article(at=timezone.now() - dt.timedelta(days=2))
        for days in (0, 27.4, 28):
            said(article=article, days=days)
        for status in ("pending", "rejected", "deleted", "withheld"):
            said(article=article, days=0, status=status)
        make_draft()
        assert desk.comment_pulse().counts == [1, *[0] * 26, 1]
        assert desk.story_pulse().counts == [*[0] * 25, 1, 0, 0]


def test_a_quiet_discussion_has_numbers_too():
    assert periods(timezone.now()) == [Period(days, 0, 0, 0, 0, None) for days in (7, 30)]


@pytest.mark.once
def test_the_numbers_stand_on_the_desk_of_whoever_moderates(editor, moderator, writer):
    article = make_article()
    said(article=article, days=1, minutes=75)
    said(article=article, days=1, status="pending")
    for person in (editor, moderator):
        numbers = block(person.page(), "numbers")
        assert in_order(numbers, "7 days", "30 days", "<td>1</td>", "1 h 15 min", "1 waiting now")
    assert not block(writer.page(), "numbers")


@pytest.mark.once
def test_an_editor_sees_what_readers_ask_about_most_and_nobody_else_does(editor, moderator, writer):
    for word, readers in (("rack", 1), ("KV cache", 2)):
        for _ in range(readers):
            requests.ask(word=word, by=make_user())
    asked = block(editor.page(), "asked")
    assert in_order(asked, "KV cache", "2 readers", "rack", "1 reader")
    assert "/admin/glossary/termrequest/" in asked
    assert not block(moderator.page(), "asked")
    assert not block(writer.page(), "asked")


@pytest.mark.once
def test_the_numbers_read_no_whole_table():
    if connection.vendor != "postgresql":
        pytest.skip("a question to PostgreSQL")
    article, by = make_article(), make_user()
    now = timezone.now()
    hour = dt.timedelta(hours=1)
    Comment.objects.bulk_create(
        Comment(article=article, author=by, body="x", body_html="x", created_at=now - number * hour)
        for number in range(20_000)
    )
    Decision.objects.bulk_create(
        Decision(comment=comment, by=by, action="approve", created_at=comment.created_at + hour)
        for comment in Comment.objects.order_by("-created_at")[:5_000]
    )
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as captured:
        cursor.execute("ANALYZE comments_comment, comments_decision")
        periods(now)
        plan = ""
        for query in captured.captured_queries[-2:]:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan += "\n".join(row[0] for row in cursor.fetchall())
    assert "comment_by_time" in plan
    assert "comment_not_visible" in plan
    assert "Seq Scan on comments" not in plan, plan
