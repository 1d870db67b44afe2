"""What the worker does for the database itself."""

import pytest
from django.db import connection

from articles.models import Article
from comments.models import Comment
from pulse.upkeep import look_at_tables
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


def test_sqlite_knows_the_short_way_to_what_a_reader_has_waiting() -> None:
    """Of a busy reader's comments those under one story, and not all that they ever wrote."""
    articles, reader = [make_article() for _ in range(3)], make_user()
    rows = [Comment(article=articles[n % 3], author=reader, body=f"No. {n}") for n in range(600)]
    quiet = make_article()
    Comment.objects.bulk_create(
        [*rows, Comment(article=quiet, author=reader, body="Here.", status="pending")]
    )
    look_at_tables()

    if connection.vendor == "sqlite":
        assert "comment_counts" in _plan(quiet, reader.pk)


def _plan(article: Article, reader: int) -> str:
    waiting = Comment.objects.filter(article=article, author=reader, status__in=["pending", "withheld"])
    return waiting.order_by("created_at", "pk").explain()
