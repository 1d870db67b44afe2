"""The discussion in numbers, over a week and a month: how much is said, and how it is moderated.

A month may have a million comments, so none is read. All that were posted are counted in the index by time,
and in a small one those that readers do not see; the others they see.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Value,
    Window,
)
from django.db.models.functions import RowNumber

from accounts.models import User
from comments.models import Comment, Decision
from pulse.counting import count_each

DAYS = (7, 30)
DECIDED = [Decision.Action.APPROVE, Decision.Action.HIDE, Decision.Action.REJECT, Decision.Action.RESTORE]


@dataclass(frozen=True)
class Period:
    """The last days: comments readers see, who wrote them, and what became of all that were posted."""

    days: int
    comments: int
    readers: int
    posted: int
    rejected: int
    decided_in: dt.timedelta | None  # from posting to somebody's decision, the median; None without any

    @property
    def rejection_rate(self) -> int:
        """Of a hundred comments that were posted, how many were rejected."""
        return round(100 * self.rejected / self.posted) if self.posted else 0


def periods(now: dt.datetime) -> list[Period]:
    """The numbers of each period. Two queries: over two indexes of comments, and over the decisions."""
    starts = [now - dt.timedelta(days=days) for days in DAYS]
    stretches = [
        Comment.objects.filter(created_at__gt=start, created_at__lte=end)
        for end, start in pairwise([now, *starts])
    ]
    lists = [
        *stretches,
        *(posted.not_visible() for posted in stretches),
        *(posted.rejected() for posted in stretches),
        *(_writers_since(start) for start in starts),
    ]
    counts, each = count_each(lists), len(DAYS)
    posted, unseen, rejected, readers = (counts[at : at + each] for at in range(0, len(counts), each))
    medians = _medians_since(starts)
    return [
        Period(
            days,
            comments=sum(posted[: place + 1]) - sum(unseen[: place + 1]),
            readers=readers[place],
            posted=sum(posted[: place + 1]),
            rejected=sum(rejected[: place + 1]),
            decided_in=medians.get(place),
        )
        for place, days in enumerate(DAYS)
    ]


def _writers_since(start: dt.datetime) -> QuerySet[User]:
    """Who wrote something since a moment that readers see."""
    theirs = Comment.objects.visible().filter(author=OuterRef("pk"), created_at__gt=start)
    return User.objects.filter(Exists(theirs))


def _medians_since(starts: Sequence[dt.datetime]) -> dict[int, dt.timedelta]:
    """The time from posting to decision that half of somebody's decisions since each moment took at most, by
    its place; without those since which nobody decided. One query."""
    first, *others = (_median(start).values_list(Value(place), "took") for place, start in enumerate(starts))
    return dict(first.union(*others, all=True))


def _median(since: dt.datetime) -> QuerySet[Any]:
    """One row, or none."""
    took = ExpressionWrapper(F("created_at") - F("comment__created_at"), output_field=DurationField())
    decided = Decision.objects.filter(
        created_at__gt=since, action__in=DECIDED, by__isnull=False, comment__isnull=False
    ).order_by()
    ranked = decided.annotate(took=took, rank=Window(RowNumber(), order_by=took), number=Window(Count("*")))
    return ranked.filter(rank=(F("number") + 1) / 2)
