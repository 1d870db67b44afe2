"""What the readers of the demo publication say, think of it, and report."""

import datetime as dt
import random
from typing import Any

from accounts.models import User
from articles.models import Article
from comments import reporting
from comments.counting import recount
from comments.models import Comment, Respect
from comments.moderation import picking


class Talk:
    """The discussion of one story while it is loaded."""

    def __init__(
        self,
        article: Article,
        *,
        by: User,
        people: dict[str, User],
        published_at: dt.datetime,
        now: dt.datetime,
    ) -> None:
        self._article = article
        self._editor = by
        self._people = people
        self._published_at = published_at
        self._now = now
        self._chance = random.Random(article.slug)  # noqa: S311 - the same respect at every load

    def add(self, entries: list[dict[str, Any]]) -> None:
        """Comments with their answers, and what became of them."""
        for entry in entries:
            self._comment(entry, parent=None)
        recount(self._article)

    def _comment(self, entry: dict[str, Any], *, parent: Comment | None) -> None:
        said_at = self._published_at + dt.timedelta(hours=entry["hours_after"])
        comment = Comment.objects.create(
            article=self._article,
            author=self._people[entry["by"]],
            parent=parent,
            body=entry["text"],
            status=entry.get("status", Comment.Status.VISIBLE),
            part=entry.get("part", ""),
            quote=entry.get("quote", ""),
            created_at=min(said_at, self._now),
        )
        self._respect(comment, entry.get("respect", 0))
        if entry.get("is_pick"):
            picking.pick(comment=comment, by=self._editor, text_number=1)
        for reported in entry.get("reports", []):
            by = self._people[reported["by"]]
            reporting.report(comment=comment, by=by, reason=reported["reason"], note=reported["note"])
        for reply in entry.get("replies", []):
            self._comment(reply, parent=comment)

    def _respect(self, comment: Comment, number: int) -> None:
        others = [person for person in self._people.values() if person != comment.author]
        given = self._chance.sample(others, number)
        Respect.objects.bulk_create(Respect(comment=comment, by=person) for person in given)
        Comment.objects.filter(pk=comment.pk).update(respect_count=number)
