"""Which terms the public may see."""

from typing import Any, Self

from django.db import models


class TermQuerySet(models.QuerySet[Any]):
    def published(self) -> Self:
        """The terms readers may see; a draft term is shown nowhere in public."""
        return self.filter(status="published")
