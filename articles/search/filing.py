"""What a search may be narrowed to: a section, a topic, an author, a year; and how the index spells them.

In the index each is one word, such as `filedsection3`, so that the database narrows a search as it looks for
the words, before it counts or ranks anything.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Literal

from django.utils import timezone

from articles.models import Author, Revision, Section, Topic

Kind = Literal["section", "topic", "author", "year"]
KINDS: tuple[Kind, ...] = ("section", "topic", "author", "year")
FILED = re.compile(rf"filed({'|'.join(KINDS)})(\d+)")


@dataclass(frozen=True)
class Chosen:
    """What a search is narrowed to, by key; a year by its number."""

    section: int | None = None
    topic: int | None = None
    author: int | None = None
    year: int | None = None

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) is not None for field in fields(self))

    @property
    def words(self) -> list[str]:
        """The words of the index that all have to be there."""
        chosen = ((kind, getattr(self, kind)) for kind in KINDS)
        return [_word(kind, key) for kind, key in chosen if key is not None]


def filed_words(
    revision: Revision, section: Section, topics: Iterable[Topic], authors: Iterable[Author]
) -> str:
    """How the index spells what a story is filed under."""
    year = timezone.localtime(revision.first_published_at).year
    return " ".join(
        [
            _word("section", section.pk),
            *(_word("topic", topic.pk) for topic in topics),
            *(_word("author", author.pk) for author in authors),
            _word("year", year),
        ]
    )


def count_filed(filed: Iterable[str]) -> Counter[tuple[str, int]]:
    """How many of these stories are filed under each (kind, key)."""
    return Counter(pair for words in filed for pair in _pairs(words))


def _pairs(words: str) -> Iterator[tuple[str, int]]:
    return ((kind, int(key)) for kind, key in FILED.findall(words))


def _word(kind: Kind, key: int) -> str:
    return f"filed{kind}{key}"
