"""Whether a name that somebody is about to give a new term is taken, or close to one there is. No models."""

import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Protocol, TypeVar

ALIKE = 0.85  # of 1, by difflib: “quantisation” and “quantization” are alike, “training” and “trading” not
SHOWN = 5
SPACES = str.maketrans(dict.fromkeys("-\u2010\u2011\u2013_/", " "))


class Named(Protocol):
    @property
    def names(self) -> list[str]:
        """Every spelling of a term."""


T = TypeVar("T", bound=Named)


def taken(name: str, terms: Iterable[T]) -> T | None:
    """The term that has this very name or alias, whatever the case."""
    wanted = " ".join(name.split()).casefold()
    return next((term for term in terms if wanted in (other.casefold() for other in term.names)), None)


def near(name: str, terms: Iterable[T]) -> list[T]:
    """The terms with a name close to this one, closest first: plurals, hyphens, a letter, initials."""
    wanted = folded(name)
    if not wanted:
        return []
    scored = [(max(_likeness(wanted, other) for other in term.names), term) for term in terms]
    close = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: -pair[0])
    return [term for _, term in close[:SHOWN]]


def _likeness(wanted: str, other: str) -> float:
    """From 0 to 1. Names of which one is the other's initials are the same thing."""
    found = folded(other)
    if wanted == found or _initials(wanted) == found or wanted == _initials(found):
        return 1.0
    matcher = SequenceMatcher(None, wanted, found, autojunk=False)
    is_hopeless = matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE
    return 0.0 if is_hopeless else matcher.ratio()


def folded(name: str) -> str:
    """A name without case, accents, hyphens and the plural of its last word: the same for every spelling."""
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    words = plain.casefold().translate(SPACES).split()
    if words and len(words[-1]) > 3:
        words[-1] = _singular(words[-1])
    return " ".join(words)


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in words) if len(words) > 1 else ""
