"""A spam service of the newsroom's: asked outside the transaction, never waited for, and never in charge."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from accounts.models import User
from articles.models import Article
from comments import spam, writing
from comments.models import Decision
from comments.spam import Message
from tests.comments.test_comment_moderation import post
from tests.factories import make_article, make_user

pytestmark = pytest.mark.once

asked: list[tuple[Message, bool]] = []


def ask(message: Message) -> str:
    asked.append((message, connection.in_atomic_block))
    return "spam" if "pills" in message.body else "unsure" if "perhaps" in message.body else "ham"


def fail(message: Message) -> str:
    asked.append((message, False))
    raise OSError("No route to host.")


def talk_nonsense(message: Message) -> str:
    asked.append((message, False))
    return "who knows"


def sleep(message: Message) -> str:
    time.sleep(0.4)
    return "spam"


@pytest.fixture(autouse=True)
def service(settings: Any) -> Iterator[Any]:
    asked.clear()
    spam._rests_until = 0.0
    settings.SPAM_SERVICE = f"{__name__}.ask"
    yield settings
    spam._rests_until = 0.0


@pytest.mark.parametrize(
    ("body", "status"),
    [("Buy pills.", "withheld"), ("It is perhaps so.", "pending"), ("A thought.", "visible")],
)
def test_what_it_thinks_is_heard(body: str, status: str, article: Article, reader: User) -> None:
    """It can hold a comment, and the record says so; a moderator decides."""
    assert post(article, reader, body).status == status
    assert Decision.objects.filter(check_name="service_finds_no_spam").count() == (status != "visible")


def test_edits_are_asked_about_too(article: Article, reader: User) -> None:
    """Spammers add the link by editing."""
    comment = post(article, reader, "Harmless.")
    writing.edit(comment=comment, by=reader, body="Buy pills.")
    comment.refresh_from_db()
    assert comment.status == "withheld"
    assert [message.is_edit for message, _ in asked] == [False, True]


def test_it_learns_no_address_and_is_not_asked_about_staff(article: Article, reader: User) -> None:
    """Nothing that it does not need."""
    post(article, reader)
    post(article, make_user(role="Writer"), "Another.")
    ((message, _),) = asked
    assert message.author_name == reader.display_name
    assert reader.email not in repr(message)


@pytest.mark.parametrize("name", ["fail", "talk_nonsense", "no_such_function"])
def test_one_that_is_broken_changes_nothing_and_is_left_alone(
    name: str, service: Any, article: Article, reader: User, caplog: Any
) -> None:
    """Comments are taken as if there were none; the log says it once, and nobody asks again for a while."""
    service.SPAM_SERVICE = f"{__name__}.{name}"
    assert post(article, reader, "Buy pills.").is_visible
    assert post(article, reader, "Buy more pills.").is_visible
    assert len(asked) <= 1
    assert len(caplog.records) == 1


def test_one_that_is_slow_is_not_waited_for(service: Any, article: Article, reader: User) -> None:
    """A reader waits for nobody else's machine."""
    service.SPAM_SERVICE, service.PULSE_SPAM_TIMEOUT = f"{__name__}.sleep", 0.05
    assert post(article, reader, "Buy pills.").is_visible
    begun = time.monotonic()
    assert post(article, reader, "Something else.").is_visible
    assert time.monotonic() - begun < 0.35


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_it_is_asked_before_the_transaction_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """While it thinks, no row is locked."""
    article, reader, seen = make_article(), make_user(), []

    def here(message: Message) -> str:
        seen.append(connection.in_atomic_block)
        return "ham"

    monkeypatch.setattr(spam, "ask", here)
    comment = post(article, reader)
    writing.edit(comment=comment, by=reader, body="Something else.")
    assert seen == [False, False]
