"""What the database itself refuses, and what a stored comment looks like."""

import re
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from accounts.models import User
from articles.models import Article
from comments.models import Comment, Decision, Report
from tests.comments.conftest import Say

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt&colon;alert(1))",
    "[click](data:text/html,<script>alert(1)</script>)",
    "![picture](https://example.org/spy.png)",
    "![picture](data:image/svg+xml,<svg onload=alert(1)>)",
    '[a](https://example.org/ "onmouseover=alert(1)")',
    "<javascript:alert(1)>",
    '<https://example.org/"onclick=alert(1)>',
    "<style>body { display: none }</style>",
    "`<script>alert(1)</script>`",
    "```html onclick=alert(1)\n<script>alert(1)</script>\n```",
    "<svg><a xlink:href=javascript:alert(1)>",
    "[" * 2_000,
    "*" * 2_000,
    "![" * 1_000,
    "&#x3C;script&#x3E;alert(1)&#x3C;/script&#x3E;",
]
TAG = re.compile(r"<(/?)([a-z0-9]+)([^>]*)>", re.IGNORECASE)


@pytest.mark.parametrize("body", HOSTILE)
def test_comment_html_holds_nothing_hostile(body: str, say: Say) -> None:
    """Whatever is typed, the stored HTML holds only paragraphs, emphasis, quotes, code and tame links."""
    html = say(body).body_html

    for _, tag, attributes in TAG.findall(html):
        assert tag in {"p", "a", "em", "strong", "blockquote", "br", "code", "pre"}
        assert not re.search(r"\bon\w+=|javascript:|data:|style=", attributes, re.IGNORECASE)
        if tag == "a" and attributes:
            assert 'rel="ugc nofollow noopener"' in attributes


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "gone"},
        {"depth": 1},
        {"depth": 3},
    ],
)
def test_comment_refuses_what_makes_no_sense(fields: dict[str, Any], say: Say) -> None:
    """An unknown status, or a depth without a thread, cannot be stored."""
    comment = say()

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(**fields)


def test_comment_is_posted_once_for_a_key(article: Article, reader: User) -> None:
    """One author cannot have two comments of one key; two authors can."""
    key = str(uuid.uuid4())
    Comment.objects.create(article=article, author=reader, body="One.", key=key)

    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(article=article, author=reader, body="Two.", key=key)


def test_comment_answer_stands_in_its_thread_at_most_three_levels_deep(say: Say) -> None:
    """An answer's thread and level follow from what it answers."""
    root = say()
    first = say(under=root)
    second = say(under=first)
    third = say(under=second)

    assert [c.depth for c in (root, first, second, third)] == [0, 1, 2, 2]
    assert root.root is None
    assert {c.root for c in (first, second, third)} == {root}


def test_account_that_has_spoken_is_not_deleted(say: Say, reader: User) -> None:
    """Deleting an account must not tear comments out of a discussion."""
    say()

    with pytest.raises(models.ProtectedError):
        reader.delete()


def test_article_is_deleted_with_its_whole_discussion(say: Say, article: Article, moderator: User) -> None:
    """Deep threads, decisions and reports go with the article."""
    comment = root = say()
    for _ in range(40):
        comment = say(under=comment)
    Decision.objects.create(comment=root, by=moderator, action="hide", reason="spam")
    Report.objects.create(comment=root, by=moderator, reason="spam")

    article.revisions.all().delete()
    article.delete()

    assert not Comment.objects.exists()
    assert not Decision.objects.exists()


def test_decision_is_append_only(say: Say, moderator: User) -> None:
    """What a moderator decided can be followed by another decision, never changed or removed."""
    decision = Decision.objects.create(comment=say(), by=moderator, action="hide", reason="spam")
    decision.reason = "hate"

    with pytest.raises(TypeError):
        decision.save()
    with pytest.raises(TypeError):
        decision.delete()
    with pytest.raises(TypeError):
        Decision.objects.update(reason="hate")
    with pytest.raises(TypeError):
        Decision.objects.filter(pk=decision.pk).delete()
    assert Decision.objects.get().reason == "spam"


def test_decision_outlives_the_moderators_account(say: Say, moderator: User) -> None:
    """The log keeps what was decided when the account of whoever decided is deleted."""
    Decision.objects.create(comment=say(), by=moderator, action="hide", reason="spam")

    moderator.delete()

    assert Decision.objects.get().by is None


@pytest.mark.parametrize(
    ("action", "reason"), [("hide", ""), ("hide", "mood"), ("restore", "spam"), ("burn", "")]
)
def test_decision_names_a_rule_when_it_hides(action: str, reason: str, say: Say) -> None:
    """Hiding names a rule that we know; restoring names none."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(comment=say(), action=action, reason=reason)


def test_report_is_made_once_per_reader(say: Say, reader: User) -> None:
    """The database holds one report per reader and comment."""
    comment = say()
    Report.objects.create(comment=comment, by=reader, reason="spam")

    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(comment=comment, by=reader, reason="hate")


def test_comment_threads_are_found_by_index(say: Say) -> None:
    """The index that threads are read by exists."""
    with connection.cursor() as cursor:
        names = connection.introspection.get_constraints(cursor, Comment._meta.db_table)

    assert names["comment_threads"]["columns"] == ["article_id", "root_id", "created_at"]
