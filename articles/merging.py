"""Two people's changes of one text made into one. Pure functions; no models.

Three versions go in: the one both began from, theirs, and yours. What only one of them changed is taken;
what both changed in different ways is a clash, and somebody has to decide. Nothing typed is dropped.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

Prefer = Literal["yours", "theirs", "both"]

TEXTS = ("headline", "kicker", "dek", "tldr", "lead_alt", "section", "lead_image")
LISTS = ("topics", "authors", "terms")
BREAK = re.compile(r"\n[ \t]*\n\s*")


@dataclass(frozen=True)
class Merged:
    """One story out of two, the parts that clash, and those where theirs came in unseen."""

    content: dict[str, Any]
    clashes: frozenset[str]
    theirs_only: frozenset[str]


def merge(base: dict[str, Any], theirs: dict[str, Any], yours: dict[str, Any]) -> Merged:
    """Merge two stories. Where parts clash, `content` holds yours. Your impacts are reused, not copied."""
    content: dict[str, Any] = {}
    clashes: set[str] = set()
    for part in TEXTS:
        content[part], has_clash = _either(base.get(part, ""), theirs.get(part, ""), yours.get(part, ""))
        clashes |= {part} if has_clash else set()
    content["body"], has_clash = merge_text(base["body"], theirs["body"], yours["body"])
    clashes |= {"body"} if has_clash else set()
    for part in LISTS:
        content[part] = merge_list(base[part], theirs[part], yours[part])
    content["impacts"], has_clash = merge_impacts(base["impacts"], theirs["impacts"], yours["impacts"])
    clashes |= {"impacts"} if has_clash else set()
    unseen = {part for part in content if not _same(content[part], yours.get(part, ""))}
    return Merged(content, frozenset(clashes), frozenset(unseen))


def settle(base: dict[str, Any], theirs: dict[str, Any], merged: Merged) -> dict[str, Any]:
    """The base for the next try, once somebody was shown what clashes: there, what they send now counts."""
    settled = {**base, **{part: theirs[part] for part in merged.clashes if part != "impacts"}}
    if "impacts" in merged.clashes:
        other = _by_id(theirs["impacts"])
        settled["impacts"] = [other.get(entry["id"], entry) for entry in base["impacts"]]
    return settled


def merge_text(base: str, theirs: str, yours: str, *, prefer: Prefer = "yours") -> tuple[str, bool]:
    """One text out of two, paragraph by paragraph, and whether a paragraph was changed by both.

    `prefer` decides such paragraphs; "both" puts theirs before yours.
    """
    base, theirs, yours = (text.replace("\r\n", "\n") for text in (base, theirs, yours))
    if theirs in (base, yours):
        return yours, False
    if yours == base:
        return theirs, False
    pieces: list[str] = []
    has_clash = False
    for old, other, own in _regions(*(BREAK.split(text) for text in (base, theirs, yours))):
        chosen, is_clash = _either(old, other, own)
        if is_clash:
            has_clash = True
            chosen = {"yours": own, "theirs": other, "both": other + own}[prefer]
        pieces += chosen
    return "\n\n".join(pieces), has_clash


def merge_list(base: list[Any], theirs: list[Any], yours: list[Any]) -> list[Any]:
    """One list out of two: theirs, without what yours removed, with what yours added. Order never clashes."""
    chosen, has_clash = _either(base, theirs, yours)
    if not has_clash:
        return chosen
    removed = [entry for entry in base if entry not in yours]
    added = [entry for entry in yours if entry not in base and entry not in theirs]
    return [entry for entry in theirs if entry not in removed] + added


def merge_impacts(
    base: list[dict[str, Any]], theirs: list[dict[str, Any]], yours: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], bool]:
    """Entries of Real-World Impact by their row. One that one deleted and the other changed stays."""
    chosen, has_clash = _either(base, theirs, yours)
    if not has_clash:
        return chosen, False
    before, other, own = (_by_id(rows) for rows in (base, theirs, yours))
    merged: list[dict[str, Any]] = []
    has_clash = False
    for key in [*own, *(key for key in other if key not in own)]:
        entry, is_clash = _impact(before.get(key), other.get(key), own.get(key))
        has_clash |= is_clash
        merged += [entry] if entry else []
    return merged + [entry for entry in yours if not entry["id"]], has_clash


def _impact(
    base: dict[str, Any] | None, theirs: dict[str, Any] | None, yours: dict[str, Any] | None
) -> tuple[dict[str, Any] | None, bool]:
    entry, is_clash = _either(base, theirs, yours)
    if not is_clash:
        return entry, False
    return yours or theirs, theirs is not None and yours is not None


def _by_id(impacts: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    return {entry["id"]: entry for entry in impacts if entry["id"]}


def _either(base: Any, theirs: Any, yours: Any) -> tuple[Any, bool]:
    """The version that changed, and whether both did, differently; then yours."""
    if _same(theirs, yours) or _same(theirs, base):
        return yours, False
    if _same(yours, base):
        return theirs, False
    return yours, True


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.replace("\r\n", "\n") == other.replace("\r\n", "\n")
    return bool(one == other)


def _regions(
    base: list[str], theirs: list[str], yours: list[str]
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """The three texts cut into pieces that belong together, at the paragraphs that all three share."""
    in_theirs, in_yours = _places(base, theirs), _places(base, yours)
    i = j = k = 0
    for place in range(len(base)):
        if place not in in_theirs or place not in in_yours:
            continue
        to_j, to_k = in_theirs[place], in_yours[place]
        if (i, j, k) != (place, to_j, to_k):
            yield base[i:place], theirs[j:to_j], yours[k:to_k]
        paragraph = [base[place]]
        yield paragraph, paragraph, paragraph
        i, j, k = place + 1, to_j + 1, to_k + 1
    if (i, j, k) != (len(base), len(theirs), len(yours)):
        yield base[i:], theirs[j:], yours[k:]


def _places(base: list[str], other: list[str]) -> dict[int, int]:
    """Where each unchanged paragraph of the base stands in another version."""
    return {
        block.a + offset: block.b + offset
        for block in SequenceMatcher(None, base, other, autojunk=False).get_matching_blocks()
        for offset in range(block.size)
    }
