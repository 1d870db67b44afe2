"""Two people's texts side by side: what somebody else stored, what this form holds, and the choice."""

from dataclasses import dataclass, field
from typing import Any, cast

from articles.comparison import Run, compare_paragraphs
from articles.content import Content
from articles.merging import merge, merge_text
from articles.wording import in_words, part_names

SENTENCE = (
    "{who} changed the same text while you were writing. Nothing of yours is lost and nothing is saved yet. "
    "Choose which to keep, then save again."
)
KEEP_MINE, TAKE_THEIRS, KEEP_BOTH = "mine", "theirs", "both"


@dataclass(frozen=True)
class Difference:
    """One part that both changed: in words, with what each choice would store if it is a text."""

    part: str
    label: str
    theirs: str
    yours: str
    changes: list[list[Run]] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)


def differences(*, base: Content | None, theirs: Content, yours: Content) -> list[Difference]:
    """The parts that clash, in the order of the form; without a base every part that differs."""
    labels = part_names()
    their_words, your_words = in_words(theirs), in_words(yours)
    merged = merge(_plain(base or theirs), _plain(theirs), _plain(yours))
    found = []
    for part, label in labels.items():
        is_clash = part in merged.clashes if base else their_words[label] != your_words[label]
        if is_clash:
            found.append(
                Difference(
                    part=part,
                    label=label,
                    theirs=their_words[label],
                    yours=your_words[label],
                    changes=list(compare_paragraphs(their_words[label], your_words[label])),
                    texts=_choices(part, base, theirs, yours),
                )
            )
    return found


def chosen(content: Content, base: Content, data: Any) -> Content:
    """The typed story with the choices made on the page of two versions put in place of its parts."""
    decided = dict(content)
    for part in part_names():
        choice = data.get(f"choice-{part}", KEEP_MINE)
        if choice == TAKE_THEIRS and part != "body":
            decided[part] = cast(dict[str, Any], base).get(part, decided[part])
        elif choice != KEEP_MINE and (text := data.get(f"{choice}-{part}")) is not None:
            decided[part] = text.replace("\r\n", "\n")
    return cast(Content, decided)


def _choices(part: str, base: Content | None, theirs: Content, yours: Content) -> dict[str, str]:
    """For the story, whole texts: its other paragraphs are merged whichever of the two is kept."""
    before, other, own = (_plain(content or theirs).get(part, "") for content in (base, theirs, yours))
    if part == "body":
        return {
            KEEP_MINE: merge_text(before, other, own)[0],
            TAKE_THEIRS: merge_text(before, other, own, prefer="theirs")[0],
            KEEP_BOTH: merge_text(before, other, own, prefer="both")[0],
        }
    if part in ("dek", "tldr"):
        return {KEEP_MINE: own, TAKE_THEIRS: other, KEEP_BOTH: f"{other} {own}"}
    return {}


def _plain(content: Content) -> dict[str, Any]:
    return cast(dict[str, Any], content)
