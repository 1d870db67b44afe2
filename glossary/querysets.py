"""Which terms the public may see, and which questions about words wait for an answer."""

from typing import Any, Self

from django.db import models
from django.db.models import Count, Max, Min, OuterRef, Subquery


class TermQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        """The terms readers may see; a draft term is shown nowhere in public."""
        return self.filter(status="published")


class TermRequestQuerySet(models.QuerySet[Any]):
    def waiting(self) -> Self:
        """Neither answered nor dismissed."""
        return self.filter(answered_at=None, dismissed_at=None)

    def dismissed(self) -> Self:
        """Those of which an editor decided that they get no definition."""
        return self.exclude(dismissed_at=None)

    def by_word(self) -> models.QuerySet[Any, dict[str, Any]]:
        """One row a word, asked for by most first: `folded`, `word` as it was last written, `asked` (how many
        readers), `first_at`, `last_at`, and `draft`, the key of the term being written."""
        same = self.filter(folded=OuterRef("folded"))
        return (
            self.order_by()
            .values("folded")
            .annotate(
                word=Subquery(same.order_by("-pk").values("word")[:1]),
                asked=Count("pk"),
                first_at=Min("created_at"),
                last_at=Max("created_at"),
                draft=Max("term"),
            )
            .order_by("-asked", "first_at", "folded")
        )
