"""Words of English brought to their stem, so that “chips” finds “chip”. Porter's algorithm of 1980.

From: M. F. Porter, “An algorithm for suffix stripping”, Program 14(3). One thing is ours: British and
American spellings of -ise and -yse come to the same stem. A stem is a key and is shown to nobody.
"""

import re
from functools import lru_cache

ISE = re.compile(r"(?<=...)([iy])s(e|ed|es|er|ers|ing|ation|ations)$")

STEP_2 = [
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"),
    ("bli", "ble"), ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"),
    ("ation", "ate"), ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"),
    ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"), ("logi", "log"),
]  # fmt: skip
STEP_3 = [
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""),
    ("ness", ""),
]  # fmt: skip
STEP_4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism",
    "ate", "iti", "ous", "ive", "ize",
)  # fmt: skip


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The stem of a word in small letters. A word of two, or with anything but a to z in it, is its own."""
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return word
    word = ISE.sub(r"\1z\2", word)
    for step in (_plural, _past, _y, _long_suffix, _shorter_suffix, _last_suffix, _end):
        word = step(word)
    return word


def _is_consonant(word: str, place: int) -> bool:
    letter = word[place]
    if letter == "y":
        return place == 0 or not _is_consonant(word, place - 1)
    return letter not in "aeiou"


def _measure(word: str) -> int:
    """How many times a vowel is followed by a consonant: Porter's m."""
    kinds = [_is_consonant(word, place) for place in range(len(word))]
    return sum(1 for before, here in zip(kinds, kinds[1:], strict=False) if here and not before)


def _has_vowel(word: str) -> bool:
    return any(not _is_consonant(word, place) for place in range(len(word)))


def _ends_double(word: str) -> bool:
    return len(word) > 1 and word[-1] == word[-2] and _is_consonant(word, len(word) - 1)


def _ends_short(word: str) -> bool:
    """Consonant, vowel, consonant that is not w, x or y: “hop”, “wil”."""
    last = len(word) - 1
    return (
        last > 1
        and _is_consonant(word, last)
        and not _is_consonant(word, last - 1)
        and _is_consonant(word, last - 2)
        and word[-1] not in "wxy"
    )


def _plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for suffix in ("ed", "ing"):
        if word.endswith(suffix) and _has_vowel(rest := word[: -len(suffix)]):
            return _mended(rest)
    return word


def _mended(rest: str) -> str:
    """What is left without -ed or -ing, made into a word again: “hopp” → “hop”, “fil” → “file”."""
    if rest.endswith(("at", "bl", "iz")):
        return rest + "e"
    if _ends_double(rest) and rest[-1] not in "lsz":
        return rest[:-1]
    return rest + "e" if _measure(rest) == 1 and _ends_short(rest) else rest


def _y(word: str) -> str:
    return word[:-1] + "i" if word.endswith("y") and _has_vowel(word[:-1]) else word


def _replaced(word: str, pairs: list[tuple[str, str]]) -> str:
    for suffix, other in pairs:
        if word.endswith(suffix):
            rest = word[: -len(suffix)]
            return rest + other if _measure(rest) > 0 else word
    return word


def _long_suffix(word: str) -> str:
    return _replaced(word, STEP_2)


def _shorter_suffix(word: str) -> str:
    return _replaced(word, STEP_3)


def _last_suffix(word: str) -> str:
    suffix = max((end for end in STEP_4 if word.endswith(end)), key=len, default="")
    rest = word[: -len(suffix)] if suffix else word
    if not suffix or _measure(rest) < 2 or (suffix == "ion" and not rest.endswith(("s", "t"))):
        return word
    return rest


def _end(word: str) -> str:
    if word.endswith("e"):
        rest = word[:-1]
        if _measure(rest) > 1 or (_measure(rest) == 1 and not _ends_short(rest)):
            word = rest
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word
