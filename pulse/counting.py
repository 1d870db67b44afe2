"""Many numbers in one query: how many rows each of some lists has."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet, Value

AT_ONCE = 400  # lists counted in one query; SQLite takes 500


def count_each(lists: Sequence[QuerySet[Any]]) -> list[int]:
    """The number of rows in each of these lists. One query for each 400 of them; it reads what they do."""
    found: dict[int, int] = {}
    for start in range(0, len(lists), AT_ONCE):
        first, *others = (
            rows.order_by().values(place=Value(place)).annotate(number=Count("*"))
            for place, rows in enumerate(lists[start : start + AT_ONCE], start=start)
        )
        found |= {row["place"]: row["number"] for row in first.union(*others, all=True)}
    return [found.get(place, 0) for place in range(len(lists))]
