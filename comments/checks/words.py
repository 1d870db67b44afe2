"""Words the newsroom does not want: found however they are spelt, and never inside other words."""

import re
from functools import lru_cache

from comments.rulings import Attempt, Ruling
from pulse.lookalikes import folded

# Digits and signs that stand for a letter. Only in a word that has a letter left: 455 is a number.
SIGNS = {
    "a": "4@",
    "b": "8",
    "e": "3€",
    "g": "9",
    "i": "1!|",
    "l": "1|",
    "o": "0",
    "s": "5$",
    "t": "7+",
    "z": "2",
}
TUCKED = r"[*_~'’\-·•^+]{0,2}"  # between letters of a word; a full stop or a space there ends the word
APART = r"[\W_]{1,3}"  # between letters that all stand apart
BEFORE, AFTER = r"(?<![^\W_])", r"(?![^\W_])"
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)
MAX_QUOTED = 60


def words_are_allowed(attempt: Attempt) -> Ruling | None:
    word = find(attempt.rules.banned_words, attempt.words)
    if not word:
        return None
    sentence = f"It was not published: our rules do not allow “{word}”. You can say it in other words."
    return Ruling("rejected", reason="attacks", sentence=sentence)


def words_are_unsuspicious(attempt: Attempt) -> Ruling | None:
    word = find(attempt.rules.suspect_words, attempt.words)
    if not word:
        return None
    return Ruling(is_flagged=True, sentence=f"A moderator will look at it, because it says “{word}”.")


def find(listed: str, text: str) -> str:
    """The first of the listed words or phrases that a text uses, as the text has it; empty if none."""
    pattern = compiled(listed)
    if pattern is None:
        return ""
    for found in pattern.finditer(folded(text)):
        if any(character.isalpha() for character in found[0]):
            return found[0][:MAX_QUOTED].strip()
    return ""


@lru_cache(maxsize=8)
def compiled(listed: str) -> re.Pattern[str] | None:
    """One pattern for a list with a word or phrase a line, or None for an empty one.

    The words are tried by their first letter: a thousand of them cost a comment a few milliseconds.
    """
    by_first: dict[str, list[str]] = {}
    for line in listed.splitlines():
        if words := [word for word in folded(line).split() if re.search(r"\w", word)]:
            by_first.setdefault(words[0][0], []).append(_phrase(words))
    groups = [f"(?={_letter(first)})(?:{'|'.join(sorted(set(found)))})" for first, found in by_first.items()]
    return re.compile("|".join(groups)) if groups else None


def _phrase(words: list[str]) -> str:
    together = r"[\W_]+".join(_runs(word, TUCKED) for word in words)
    apart = r"[\W_]+".join(_runs(word, APART) for word in words)
    spelt = together if max(map(len, words)) == 1 else f"(?:{together}|{apart})"
    first, last = words[0][0], words[-1][-1]
    return f"{_edge(first, BEFORE)}{spelt}{_edge(last, AFTER)}"


def _runs(word: str, between: str) -> str:
    """A word letter by letter. One may be drawn out, to three or more: “baddd” is “bad”, “good” not “god”."""
    runs = [match[0] for match in re.finditer(r"(.)\1*", word)]
    if between == APART:
        return between.join(_letter(letter) for letter in word)
    return between.join(
        f"{_letter(run[0])}{{{len(run)},}}" if len(run) > 1 else f"(?:{_letter(run)}{{3,}}|{_letter(run)})"
        for run in runs
    )


def _letter(letter: str) -> str:
    signs = SIGNS.get(letter, "")
    return f"[{re.escape(letter + signs)}]" if signs else re.escape(letter)


def _edge(letter: str, edge: str) -> str:
    """Nothing where the script writes no spaces, or the listed word itself begins or ends with a sign."""
    return edge if re.match(r"\w", letter) and not UNSPACED.match(letter) else ""
