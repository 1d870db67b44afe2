"""The discussion in numbers, over a week and a month: how much is said, and how it is moderated."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Q, Subquery, Window
from django.db.models.functions import RowNumber

from comments.models import Comment, Decision

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
    """The numbers of each period. One query, over the comments and decisions of the longest."""
    asked: dict[str, Any] = {}
    medians: dict[str, Any] = {}
    for days in DAYS:
        since = now - dt.timedelta(days=days)
        within = Q(created_at__gt=since)
        seen = within & Q(status=Comment.Status.VISIBLE)
        asked |= {
            f"comments_{days}": Count("pk", filter=seen),
            f"readers_{days}": Count("author", filter=seen, distinct=True),
            f"posted_{days}": Count("pk", filter=within),
            f"rejected_{days}": Count("pk", filter=within & Q(status=Comment.Status.REJECTED)),
            f"decided_in_{days}": Max(f"median_{days}"),
        }
        medians[f"median_{days}"] = Subquery(_median(since), output_field=DurationField())
    longest = Comment.objects.filter(created_at__gt=now - dt.timedelta(days=max(DAYS))).order_by()
    found = longest.annotate(**medians).aggregate(**asked)
    return [
        Period(days, **{name: found[f"{name}_{days}"] for name in Period.__annotations__ if name != "days"})
        for days in DAYS
    ]


def _median(since: dt.datetime) -> Any:
    """The time from posting to decision that half of somebody's decisions since a moment took at most."""
    took = ExpressionWrapper(F("created_at") - F("comment__created_at"), output_field=DurationField())
    decided = Decision.objects.filter(
        created_at__gt=since, action__in=DECIDED, by__isnull=False, comment__isnull=False
    ).order_by()
    ranked = decided.annotate(took=took, rank=Window(RowNumber(), order_by=took), number=Window(Count("*")))
    return ranked.filter(rank=(F("number") + 1) / 2).values("took")[:1]
