"""A text cut into the words that are searched for: the same for stories, queries and both databases.

A database is only ever handed stems: small letters and digits, without accents, with spaces between.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from articles.search.stemming import stem

WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
POSSESSIVE = re.compile(r"['’ʼ]s$")
MAX_BYTES = 40  # of one word, so that 16,000 of them fit into what PostgreSQL allows a text (1 MB)
# Letters that do not come apart into a letter and an accent.
LIKE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n"}
)

# Too common to look for on their own; in a phrase they count.
STOP_WORDS = frozenset(
    """
    a about after all also an and any are as at be because been but by can could did do does for from had has
    have he her his how i if in into is it its me my no nor not of on or our she should so such than that the
    their them then there these they this to up us was we were what when where which who why will with would
    you your
    """.split()  # noqa: SIM905 - readable as it is
)


class Word(NamedTuple):
    """A word of a text: where it stands, and what it is looked up by."""

    start: int
    end: int
    folded: str
    stem: str


def composed(text: str) -> str:
    """A text with each accent joined to its letter, so that an accent never cuts a word in two."""
    return unicodedata.normalize("NFC", text)


def words(text: str) -> Iterator[Word]:
    """The words of a composed text, in order."""
    for found in WORD.finditer(text):
        folded, key = _keys(found.group())
        if folded:
            yield Word(found.start(), found.end(), folded, key)


def keys(text: str) -> Iterator[tuple[str, str]]:
    """What the words of a composed text are looked up by, folded and as stems: `words` in half the time."""
    return (found for found in map(_keys, WORD.findall(text)) if found[0])


@lru_cache(maxsize=65_536)
def _keys(word: str) -> tuple[str, str]:
    folded = fold(POSSESSIVE.sub("", word))
    return folded, stem(folded)


def fold(word: str) -> str:
    """One word in small letters, without accents and apostrophes. Of a very long one, the beginning."""
    decomposed = unicodedata.normalize("NFKD", word.casefold().translate(LIKE))
    folded = "".join(character for character in decomposed.casefold() if character.isalnum())
    return folded.encode()[:MAX_BYTES].decode(errors="ignore")
