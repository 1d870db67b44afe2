"""Words that somebody may have meant: a letter wrong, missing, too many, or two in the wrong order. Pure."""

from collections.abc import Iterable

SHORT = 5  # letters; up to here one slip is forgiven, and two in longer words


def near(word: str, known: Iterable[str], *, limit: int = 3) -> list[str]:
    """The known words closest to one, closest first, at most two slips away. Of equals, the one as long."""
    most = 1 if len(word) <= SHORT else 2
    scored = []
    for other in known:
        slips = distance(word, other, most=most)
        if 0 < slips <= most:
            scored.append((slips, word[:1] != other[:1], abs(len(word) - len(other)), other))
    return [other for *_, other in sorted(scored)[:limit]]


def distance(one: str, other: str, *, most: int) -> int:
    """How many slips lead from one word to another; `most` + 1 if it is more than that."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before_that, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before_that[j - 2] + 1)
            row.append(cost)
        if min(row) > most and (not before or min(before) > most):
            return most + 1
    return min(row[-1], most + 1)
