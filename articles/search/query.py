"""What a reader typed, understood: words, phrases in quotation marks, and -words to leave out.

Whatever is typed is understood somehow: there are no errors, and no operators but these.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings

from articles.search.words import STOP_WORDS, Word, composed, words

QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"') | dict.fromkeys("−－", "-"))
PIECE = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<chunk>[^\s"]+))')
SHORTEST_BEGINNING = 3  # letters; with fewer, nearly everything begins like that


@dataclass(frozen=True)
class Part:
    """A word, or words that stand in a row.

    `begins`: what the last one begins with, while it is typed. `endings`: stems of words that begin like
    that, but have a shorter stem than what was typed already (“quantisat”).
    """

    stems: tuple[str, ...]
    begins: str = ""
    endings: tuple[str, ...] = ()

    def ends_with(self, found: list[Word]) -> bool:
        """Whether a text, cut into words up to here, ends with this part."""
        length = len(self.stems)
        if len(found) < length:
            return False
        if any(word.stem != key for word, key in zip(found[-length:-1], self.stems[:-1], strict=True)):
            return False
        last = found[-1]
        return last.stem == self.stems[-1] or bool(self.begins and last.folded.startswith(self.begins))


@dataclass(frozen=True)
class Query:
    """All of `wanted` are in a story that is found, and none of `unwanted`."""

    text: str = ""
    wanted: tuple[Part, ...] = ()
    unwanted: tuple[Part, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to look for. Without words to find, nothing is left out either."""
        return bool(self.wanted)

    @property
    def is_too_long(self) -> bool:
        return len(self.text) > settings.PULSE_SEARCH_MAX_CHARS

    @property
    def name(self) -> tuple[str, ...]:
        """The stems of a query that is nothing but words: what a term may be called."""
        return () if self.unwanted else tuple(key for part in self.wanted for key in part.stems)


def parse(typed: str, *, is_typing: bool = False) -> Query:
    """Understand what was typed. `is_typing`: its last word may be the beginning of one.

    Of a query that is too long only the text is given. Too common words are left away unless there are no
    others, or they stand in a phrase.
    """
    text = " ".join(composed(typed).split())
    query = Query(text)
    if query.is_too_long:
        return query
    pieces = list(_pieces(text.translate(QUOTES)))
    wanted = [part for part, is_unwanted in pieces if not is_unwanted]
    if is_typing and wanted and not pieces[-1][1] and not typed[-1:].isspace() and typed[-1:] not in '"”':
        wanted[-1] = _beginning(wanted[-1], text)
    return Query(
        text,
        wanted=tuple(dict.fromkeys(_without_common(wanted))),
        unwanted=tuple(dict.fromkeys(part for part, is_unwanted in pieces if is_unwanted)),
    )


def _pieces(text: str) -> Iterator[tuple[Part, bool]]:
    """Each part, and whether it is to be left out. Words that only a sign joins are a phrase: “GPT-4”."""
    for piece in PIECE.finditer(text):
        found = words(piece["phrase"] or piece["chunk"] or "")
        if keys := tuple(word.stem for word in found):
            yield Part(keys), bool(piece["minus"])


def _beginning(part: Part, text: str) -> Part:
    *_, last = words(text)
    return Part(part.stems, begins=last.folded) if len(last.folded) >= SHORTEST_BEGINNING else part


def _without_common(parts: Iterable[Part]) -> list[Part]:
    chosen = list(parts)
    uncommon = [part for part in chosen if len(part.stems) > 1 or part.begins or not _is_common(part)]
    return uncommon or chosen


COMMON = frozenset(word.stem for stop in STOP_WORDS for word in words(stop))


def _is_common(part: Part) -> bool:
    return part.stems[0] in COMMON
