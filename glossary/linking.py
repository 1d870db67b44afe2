"""Finding the first mention of each term in a text and linking it to the term's definition.

Works on the tree of a text (see `pulse.text.editorial`) and on anything with names; knows no models.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from markdown_it.token import Token

WORD = re.compile(r"[^\W_]+")
# Characters that readers take for the same, one for one, so that places in the text stay what they are.
# Inside a name a hyphen is as good as a space: “chain of thought” is found in “chain-of-thought prompting”.
SAME = str.maketrans({"’": "'", "\n": " ", "\u00a0": " ", "-": " ", "\u2010": " ", "\u2011": " "})
HYPHENS = "-\u2010\u2011"
SKIPPED = {"heading", "blockquote"}  # blocks in which nothing is linked


class LinkableTerm(Protocol):
    """What linking needs to know of a term."""

    @property
    def slug(self) -> str: ...

    @property
    def names(self) -> list[str]:
        """Every spelling a text may use."""

    @property
    def anchor(self) -> str:
        """The id, on the page, of the term's definition."""


@dataclass(frozen=True)
class Form:
    """One spelling to look for, such as a plural."""

    text: str
    is_exact: bool  # case counts: “RAG” is a term and “rag” is not
    slug: str
    anchor: str


def linker(terms: Iterable[LinkableTerm]) -> Callable[[list[Token]], set[str]]:
    """A transform that links the first mention of each term in a tree, and returns the slugs it linked.

    Where several terms begin, the longest is meant. Of two terms with the same name the first given has it.
    Nothing is linked in headings, quotations, links, code and pictures. Its time does not depend on how many
    terms there are.
    """
    forms = _forms_by_first_word(terms)

    def link(tokens: list[Token]) -> set[str]:
        linked: set[str] = set()
        for inline in _open_to_links(tokens):
            inline.children = list(_linked_children(inline.children or [], forms, linked))
        return linked

    return link


# Names


def _forms_by_first_word(terms: Iterable[LinkableTerm]) -> dict[str, list[Form]]:
    """Each spelling under its first word in lower case, the longest first."""
    forms: dict[str, list[Form]] = defaultdict(list)
    for term in terms:
        for name in term.names:
            spelling = " ".join(name.translate(SAME).split())
            for text in _with_plurals(spelling):
                if first := WORD.match(text):
                    is_exact = _is_acronym(name)
                    form = Form(text if is_exact else text.lower(), is_exact, term.slug, term.anchor)
                    forms[first.group().lower()].append(form)
    for same_start in forms.values():
        same_start.sort(key=lambda form: -len(form.text))
    return forms


def _with_plurals(name: str) -> Iterator[str]:
    yield name
    if name[-1:].isalpha():
        yield name + "s"
        yield name + "es"
        if name[-1] in "yY":
            yield name[:-1] + "ies"


def _is_acronym(name: str) -> bool:
    """Whether a name is one word in capitals (HBM, R1), or with several of them (MoE, RLHF)."""
    capitals = sum(character.isupper() for character in name)
    return len(name.split()) == 1 and (capitals > 1 or (capitals == 1 and name.isupper() and len(name) > 1))


# The tree


def _open_to_links(tokens: list[Token]) -> Iterator[Token]:
    """The inline tokens outside headings and quotations."""
    depth = 0
    for token in tokens:
        if token.type.rpartition("_")[0] in SKIPPED:
            depth += token.nesting
        elif token.type == "inline" and not depth:
            yield token


def _linked_children(
    children: list[Token], forms: dict[str, list[Form]], linked: set[str]
) -> Iterator[Token]:
    """The children of a paragraph with its first mentions linked; a name may run across a line's end."""
    in_links = 0
    for is_text, run in groupby(children, key=lambda child: child.type in {"text", "softbreak"}):
        if is_text and not in_links:
            text = "".join("\n" if child.type == "softbreak" else child.content for child in run)
            yield from _linked_text(text, forms, linked)
        else:
            for child in run:
                in_links += child.nesting if child.type in {"link_open", "link_close"} else 0
                yield child


def _linked_text(text: str, forms: dict[str, list[Form]], linked: set[str]) -> Iterator[Token]:
    done = 0
    for start, end, form in _mentions(text, forms):
        if form.slug in linked:
            continue
        linked.add(form.slug)
        yield from _as_tokens(text[done:start])
        yield Token("link_open", "a", 1, attrs={"class": "term", "href": f"#{form.anchor}"})
        yield from _as_tokens(text[start:end])
        yield Token("link_close", "a", -1)
        done = end
    yield from _as_tokens(text[done:])


def _as_tokens(text: str) -> Iterator[Token]:
    for number, line in enumerate(text.split("\n")):
        if number:
            yield Token("softbreak", "br", 0)
        if line:
            yield Token("text", "", 0, content=line)


# The text


def _mentions(text: str, forms: dict[str, list[Form]]) -> Iterator[tuple[int, int, Form]]:
    """Each mention of a term: where it starts, where it ends, and the form it has. None overlap."""
    same = text.translate(SAME)
    end = 0
    for word in WORD.finditer(same):
        start = word.start()
        if start < end or not _begins_word(text, start):
            continue
        for form in forms.get(word.group().lower(), ()):
            found = same[start : start + len(form.text)]
            if form.text == (found if form.is_exact else found.lower()):
                stop = start + len(form.text)
                if _ends_word(text, stop):
                    end = stop
                    yield start, end, form
                    break


def _begins_word(text: str, start: int) -> bool:
    """Whether a word starts here. “non-inference” does not mention inference."""
    return start == 0 or not (text[start - 1].isalnum() or text[start - 1] in HYPHENS + "_@#")


def _ends_word(text: str, end: int) -> bool:
    """Whether the word ends here. Neither “inference-time” nor “agent.com” mentions the term in it."""
    after, following = text[end : end + 1], text[end + 1 : end + 2]
    if after in {*HYPHENS, "."}:
        return not following.isalnum()
    return not (after.isalnum() or after == "_")
