"""What every decision of a moderator goes through: rows locked in one order, the record, what follows.

Articles are locked before comments, each by their numbers, and nothing is written before all are: so neither
two moderators nor a moderator and posting readers ever wait for each other in a circle.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from accounts.models import User
from articles.models import Article
from comments import notifications
from comments.counting import recount
from comments.models import Comment, Decision, Report
from comments.rulings import Refused
from pulse.addresses import is_number

MODERATE = "comments.moderate_comment"
Status, Action, Outcome = Comment.Status, Decision.Action, Report.Outcome
# Somebody read the text and let it stand.
STOOD_BY = [Action.APPROVE, Action.RESTORE, Action.PICK, Action.PIN]


@dataclass(frozen=True)
class Seen:
    """A comment as somebody saw it when they decided: its text, and where it stood."""

    comment: int
    text_number: int
    status: str = ""  # empty: whatever it was

    @classmethod
    def of(cls, comment: Comment) -> "Seen":
        return cls(comment.pk, comment.text_number, comment.status)

    @classmethod
    def parse(cls, text: str) -> "Seen":
        """From a form's “12.1.pending”. Raises Refused."""
        number, _, rest = text.partition(".")
        text_number, _, status = rest.partition(".")
        if not (is_number(number) and is_number(text_number)):
            raise Refused("This form was incomplete. Load the desk again.", 400)
        return cls(int(number), int(text_number), status)

    def __str__(self) -> str:
        return f"{self.comment}.{self.text_number}.{self.status}"

    def require_still(self, comment: Comment) -> None:
        """Raise Refused if the comment has changed since it was seen."""
        if comment.status == Status.DELETED:
            raise Refused(
                "Its author has deleted this comment meanwhile. There is nothing left to decide.", 409
            )
        if comment.text_number != self.text_number:
            raise Refused("Its author changed this comment after you opened it. Read it again.", 409)
        if self.status and comment.status != self.status:
            became = comment.get_status_display().lower()
            raise Refused(f"Somebody decided on this comment before you: it is now {became}.", 409)


@dataclass
class Sitting:
    """Comments taken in hand together: locked, decided on one by one, and counted once at the end."""

    by: User
    comments: dict[int, Comment]
    articles: dict[int, Article]
    batch: UUID = field(default_factory=uuid4)
    at: dt.datetime = field(default_factory=timezone.now)
    moved: set[int] = field(default_factory=set)  # articles whose number of visible comments may differ

    def move(self, comment: Comment, *, to: str) -> None:
        """Give a comment another status. What is not visible is neither picked nor pinned."""
        self.moved.add(comment.article_id)
        comment.status, comment.flagged_at = to, None
        if to != Status.VISIBLE:
            comment.picked_at = comment.pinned_at = None
        self.store(comment, "status", "flagged_at", "picked_at", "pinned_at")
        notifications.follow(comment)

    def store(self, comment: Comment, *fields: str) -> None:
        """Store some columns, without rendering the text anew."""
        values: dict[str, Any] = {name: getattr(comment, name) for name in fields}
        Comment.objects.filter(pk=comment.pk).update(**values)
        self.moved.add(comment.article_id)

    def record(self, action: Decision.Action, *, comment: Comment | None = None, **facts: Any) -> Decision:
        """Write down what was decided, and tell whom it concerns."""
        if comment is not None:
            facts = {"text_number": comment.text_number, "status_after": comment.status, **facts}
        made = Decision.objects.create(
            action=action, comment=comment, by=self.by, batch=self.batch, created_at=self.at, **facts
        )
        notifications.decided(made)
        return made

    def resolve(self, comment: Comment, outcome: str) -> None:
        """Say what came of a comment's open reports, and tell those who made them."""
        if reports := list(comment.reports.filter(resolved_at=None).select_related("by")):
            comment.reports.filter(resolved_at=None).update(outcome=outcome, resolved_at=self.at)
            notifications.reports_settled(
                reports, comment=comment, outcome=outcome, by=self.by, batch=self.batch
            )

    def close(self) -> None:
        """Count the articles anew whose comments moved."""
        for key in sorted(self.moved):
            recount(self.articles[key])


def sit(by: User, comments: Iterable[int]) -> Sitting:
    """Lock these comments and their articles. Raises PermissionDenied. Inside a transaction. Two queries."""
    require_moderator(by)
    wait_no_longer()
    keys = sorted(set(comments))
    theirs = Comment.objects.filter(pk__in=keys).order_by().values("article")
    articles = Article.objects.select_for_update().filter(pk__in=theirs).order_by("pk").in_bulk()
    rows = Comment.objects.select_for_update(of=["self"], no_key=True).filter(pk__in=keys).order_by("pk")
    found = {comment.pk: comment for comment in rows.select_related("author")}
    for comment in found.values():
        comment.article = articles[comment.article_id]  # the locked one, and no query more
    return Sitting(by, found, articles)


def wait_no_longer() -> None:
    """Fail with OperationalError, to be tried again, rather than wait for a row longer than SQLite would."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            told = f"{settings.PULSE_LOCK_SECONDS}s"
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [told])


def require_moderator(by: User) -> None:
    """Raise PermissionDenied unless this person may decide on comments."""
    if not by.has_perm(MODERATE):
        raise PermissionDenied("Only a moderator may decide on comments.")
