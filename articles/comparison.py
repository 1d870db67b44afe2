"""What changed between two versions of a story, part by part, in words. Pure functions; no models."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

WORDS = re.compile(r"\s+|[^\s]+")
SENTENCES = re.compile(r"(?<=[.!?])(?=\s)")
MAX_WORDS = 400  # of a sentence compared word by word; a longer one is shown as gone and come
SAME, REMOVED, ADDED = "same", "removed", "added"


@dataclass(frozen=True)
class Run:
    """Words that stayed, went or came, with their spaces."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """One part of a story that differs: its name and, paragraph by paragraph, its runs."""

    part: str
    paragraphs: list[list[Run]]


def impact_in_words(
    lenses: Iterable[object], text: str, horizon_on: object, confidence: str, test: str, **_: object
) -> str:
    """One entry of Real-World Impact on one line, so that any change in it can be seen."""
    horizon = f"By {horizon_on}" if horizon_on else ""
    parts = [
        " · ".join(str(lens) for lens in lenses),
        text.replace("\r\n", "\n").strip(),
        horizon,
        confidence,
        test,
    ]
    return ". ".join(part for part in parts if part)


def compare(before: dict[str, str], after: dict[str, str]) -> list[Change]:
    """The parts that differ, in the order of `after`. Texts are compared by paragraph, then by word within.

    Words alone over a whole story take two hundred times as long and find the same.
    """
    return [
        Change(part, list(compare_paragraphs(before.get(part, ""), text)))
        for part, text in after.items()
        if before.get(part, "") != text
    ]


def compare_paragraphs(before: str, after: str) -> Iterator[list[Run]]:
    """Paragraphs of both texts, each as runs; one that was changed shows its words."""
    old, new = _paragraphs(before), _paragraphs(after)
    for tag, i, j, k, m in _opcodes(old, new):
        if tag == "equal":
            yield from ([Run(SAME, text)] for text in old[i:j])
            continue
        pairs = min(j - i, m - k)
        for offset in range(pairs):
            yield compare_words(old[i + offset], new[k + offset])
        yield from ([Run(REMOVED, text)] for text in old[i + pairs : j])
        yield from ([Run(ADDED, text)] for text in new[k + pairs : m])


def compare_words(before: str, after: str) -> list[Run]:
    """Two versions of a paragraph as runs of words. A long one is compared by sentence first, or it would
    take seconds."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    if len(old) + len(new) <= 2 * MAX_WORDS:
        return _runs(old, new)
    before_by_sentence, after_by_sentence = SENTENCES.split(before), SENTENCES.split(after)
    if len(before_by_sentence) == len(after_by_sentence) == 1:
        return [Run(REMOVED, before), Run(ADDED, after)]
    runs: list[Run] = []
    for tag, i, j, k, m in _opcodes(before_by_sentence, after_by_sentence):
        gone, come = "".join(before_by_sentence[i:j]), "".join(after_by_sentence[k:m])
        if tag == "equal":
            runs.append(Run(SAME, gone))
        elif len(gone) + len(come) < len(before) + len(after):
            runs += compare_words(gone, come)
        else:
            runs += [Run(REMOVED, gone), Run(ADDED, come)]
    return [run for run in runs if run.text]


def _runs(old: Sequence[str], new: Sequence[str]) -> list[Run]:
    runs: list[Run] = []
    for tag, i, j, k, m in _opcodes(old, new):
        if tag == "equal":
            runs.append(Run(SAME, "".join(old[i:j])))
            continue
        runs += [Run(REMOVED, "".join(old[i:j]))] if i < j else []
        runs += [Run(ADDED, "".join(new[k:m]))] if k < m else []
    return runs


def _opcodes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"\n{2,}", text.replace("\r\n", "\n").strip()) if part]
