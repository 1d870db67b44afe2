"""How many there are of something, month by month. Counting looks at every one there is, so the numbers are
kept among the parts of pages (`pulse.parts`), and reading them is one query however large the archive."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable

from django.utils import timezone

from pulse import parts
from pulse.changes import plans
from pulse.edition import edition
from pulse.parts import Made
from pulse.prepared import Prepared

_KEPT = Prepared(lambda name, by, now: parts.right(name, parts.ONE, by, now), str, str, dt.datetime)


class Monthly:
    """Numbers by month, each month as 202812, under a name; right until one of these tags changes."""

    def __init__(self, name: str, tags: set[str], count: Callable[[], dict[int, int]]) -> None:
        self.name, self._tags, self._count = name, tags, count

    def register(self) -> None:
        """Have the worker keep them; called when the site starts."""
        parts.kind(self.name, parts.Kind(make=self._make, missing=parts.only_one))

    def by_year(self) -> dict[int, list[int]]:
        """The twelve numbers of each year that has any, the last year first. One query, and those of counting
        where none are kept."""
        kept = _KEPT.rows(self.name, edition(), timezone.now())
        counted = json.loads(parts.unpacked(kept[0][0]).pieces[0]) if kept else self._count().items()
        years: dict[int, list[int]] = defaultdict(lambda: [0] * 12)
        for month, number in sorted(counted, reverse=True):
            years[month // 100][month % 100 - 1] = number
        return dict(years)

    def _make(self, of: int) -> Made:
        ends_at = plans.next_planned(self._tags, after=timezone.now())
        return Made(json.dumps(list(self._count().items())), self._tags, ends_at)
