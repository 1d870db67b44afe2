"""Numbers of all there is, such as how many stories each month has. Counting looks at everything, so the
numbers are kept among the parts of pages (`pulse.parts`): reading is one query, however large the archive."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable

from django.utils import timezone

from pulse import parts
from pulse.changes import plans
from pulse.edition import edition
from pulse.moments import next_midnight
from pulse.parts import Made
from pulse.prepared import Prepared

_KEPT = Prepared(lambda name, by, now: parts.right(name, parts.ONE, by, now), str, str, dt.datetime)

Row = tuple[int, ...]  # what was counted, by its numbers, and how many


class Tally:
    """Rows of numbers under a name; right until one of these tags changes, and if `daily` until midnight."""

    def __init__(
        self, name: str, tags: set[str], count: Callable[[], list[Row]], *, daily: bool = False
    ) -> None:
        self.name, self._tags, self._count, self._daily = name, tags, count, daily

    def register(self) -> None:
        """Have the worker keep them; called when the site starts."""
        parts.kind(self.name, parts.Kind(make=self._make, missing=parts.only_one))

    def rows(self) -> list[Row]:
        """One query, and those of counting where none are kept."""
        kept = _KEPT.rows(self.name, edition(), timezone.now())
        if not kept:
            return self._counted()
        return [tuple(row) for row in json.loads(parts.unpacked(kept[0][0]).pieces[0])]

    def _counted(self) -> list[Row]:
        return [row for row in self._count() if row[-1]]

    def _make(self, of: int) -> Made:
        now = timezone.now()
        ends = [plans.next_planned(self._tags, after=now), next_midnight(now) if self._daily else None]
        return Made(json.dumps(self._counted()), self._tags, min(filter(None, ends), default=None))


class Monthly(Tally):
    """Numbers by month: each row is a month, as 202812, and how many."""

    def by_year(self) -> dict[int, list[int]]:
        """The twelve numbers of each year that has any, the last year first. The queries of `rows`."""
        years: dict[int, list[int]] = defaultdict(lambda: [0] * 12)
        for month, number in sorted(self.rows(), reverse=True):
            years[month // 100][month % 100 - 1] = number
        return dict(years)
