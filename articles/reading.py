"""What stands in a story, read from its Markdown as written: headings, pictures, links, words, terms."""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings
from markdown_it.token import Token

from glossary.linking import LinkableTerm, linker
from pulse.blocks import arrange_headings, inline_text
from pulse.markdown import EDITORIAL, refuse_long


@dataclass(frozen=True)
class Heading:
    """A heading with the level it was written with, and its line in the source."""

    level: int
    text: str
    line: str


@dataclass(frozen=True)
class Shown:
    """A picture that a story shows: its address and its alternative text."""

    address: str
    alt: str


@dataclass(frozen=True)
class Reading:
    """A story taken apart."""

    tokens: list[Token]
    headings: list[Heading]
    pictures: list[Shown]
    links: list[str]
    anchors: set[str]  # the ids of its headings and footnotes
    text: str  # its words, a block a line, without code


def read(body: str) -> Reading:
    """Take a story apart. Raises TextTooLong."""
    refuse_long(body, settings.PULSE_MAX_BODY_CHARS)
    tokens = EDITORIAL.parse(body)
    headings = list(_headings(tokens, body.splitlines()))
    arrange_headings(tokens)  # gives them their ids
    children = [child for token in tokens for child in token.children or []]
    return Reading(
        tokens=tokens,
        headings=headings,
        pictures=[
            Shown(str(child.attrGet("src") or ""), " ".join(inline_text(child).split()))
            for child in children
            if child.type == "image"
        ],
        links=[str(child.attrGet("href") or "") for child in children if child.type == "link_open"],
        anchors={str(token.attrGet("id")) for token in tokens if token.attrGet("id")} | _notes(children),
        text="\n".join(_prose(token) for token in tokens if token.type == "inline"),
    )


def mentioned(tokens: list[Token], terms: Iterable[LinkableTerm]) -> list[str]:
    """The slugs of the terms that a story’s paragraphs mention, in order of appearance, as linking does."""
    terms = list(terms)
    slugs = {f"#{term.anchor}": term.slug for term in terms}
    copies = [copy.copy(token) for token in tokens]  # linking gives each token new children
    linker(terms)(copies)
    children = (child for token in copies if token.type == "inline" for child in token.children or [])
    return [
        slugs[str(child.attrGet("href"))]
        for child in children
        if child.type == "link_open" and child.attrGet("class") == "term"
    ]


def mentioned_in(texts: Iterable[str], terms: Iterable[LinkableTerm]) -> set[str]:
    """The slugs of the terms that stand anywhere in these texts."""
    inlines = [Token("inline", "", 0, children=[Token("text", "", 0, content=text)]) for text in texts]
    return set(mentioned(inlines, terms))


def _prose(inline: Token) -> str:
    return "".join(
        child.content if child.type == "text" else " "
        for child in inline.children or []
        if child.type in {"text", "softbreak", "hardbreak"}
    )


def _headings(tokens: list[Token], lines: list[str]) -> Iterator[Heading]:
    for opening, inline in zip(tokens, tokens[1:], strict=False):
        if opening.type == "heading_open" and inline.children:
            line = lines[opening.map[0]] if opening.map else ""
            yield Heading(int(opening.tag[1]), inline_text(inline).strip(), line)


def _notes(children: Iterable[Token]) -> set[str]:
    numbers = {child.meta["id"] + 1 for child in children if child.type == "footnote_ref"}
    return {f"{kind}-{number}" for number in numbers for kind in ("fn", "fnref")}
