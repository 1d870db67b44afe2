"""Headings, tables and quotations of a text, arranged as our pages need them."""

from collections import Counter
from collections.abc import Iterator

from django.utils.text import slugify
from markdown_it.token import Token

ALIGNMENTS = {"text-align:right": "align-right", "text-align:center": "align-center"}
DASH = "— "


def inline_text(inline: Token) -> str:
    """What an inline token reads, without markup, pictures and footnote marks."""
    return "".join(_texts(inline.children or []))


def _texts(children: list[Token]) -> Iterator[str]:
    for child in children:
        if child.type in {"text", "code_inline"}:
            yield child.content
        elif child.type in {"softbreak", "hardbreak"}:
            yield " "


# Headings


def arrange_headings(tokens: list[Token]) -> list[tuple[str, str]]:
    """Let headings begin at h2 and skip no level; give h2 and h3 ids; return (id, text) of each h2.

    An id begins with “h-”, so it is never one that the page uses. An empty heading is left out.
    """
    headings: list[tuple[str, str]] = []
    above: list[int] = []  # the levels, as written, of the headings that the present one stands under
    ids = _HeadingIds()
    for opening, inline, closing in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if opening.type != "heading_open":
            continue
        if not inline.children:
            opening.hidden = closing.hidden = True
            continue
        written = int(opening.tag[1])
        while above and above[-1] >= written:
            above.pop()
        above.append(written)
        level = min(1 + len(above), 6)
        opening.tag = closing.tag = f"h{level}"
        if level <= 3:
            text = inline_text(inline).strip()
            opening.attrSet("id", ids.take(text))
            if level == 2:
                headings.append((str(opening.attrGet("id")), text))
    return headings


class _HeadingIds:
    """Ids made of headings' texts, each given once."""

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.repeats: Counter[str] = Counter()

    def take(self, text: str) -> str:
        base = "h-" + (slugify(text, allow_unicode=True)[:60].strip("-") or "section")
        candidate = base
        while candidate in self.taken:
            self.repeats[base] += 1
            candidate = f"{base}-{self.repeats[base] + 1}"
        self.taken.add(candidate)
        return candidate


# Tables


def frame_tables(tokens: list[Token]) -> None:
    """Put each table in a region that can be scrolled by keyboard, and align cells by class."""
    framed: list[Token] = []
    number = 0
    for position, token in enumerate(tokens):
        if token.type == "table_open":
            number += 1
            framed.append(_region(f"Table {number}" if number > 1 else "Table"))
        elif token.type in {"th_open", "td_open"}:
            _align(token)
            if token.type == "th_open" and not tokens[position + 1].children:
                token.tag = tokens[position + 2].tag = "td"  # an empty corner heads nothing
        framed.append(token)
        if token.type == "table_close":
            framed.append(Token("region_close", "div", -1, block=True))
    tokens[:] = framed


def _region(label: str) -> Token:
    attrs: dict[str, str | int | float] = {
        "class": "table",
        "role": "region",
        "tabindex": "0",
        "aria-label": label,
    }
    return Token("region_open", "div", 1, attrs=attrs, block=True)


def _align(cell: Token) -> None:
    style = str(cell.attrs.pop("style", ""))
    if style in ALIGNMENTS:
        cell.attrSet("class", ALIGNMENTS[style])


# Quotations


def arrange_quotations(tokens: list[Token]) -> None:
    """Set quotations as our pages do: who said it in a footer, and no marks around the whole."""
    starts: list[int] = []
    for position, token in enumerate(tokens):
        if token.type == "blockquote_open":
            starts.append(position + 1)
        elif token.type == "blockquote_close":
            _arrange_quotation(tokens[starts.pop() : position])


def _arrange_quotation(inside: list[Token]) -> None:
    if len(inside) > 3 and inside[-1].type == "paragraph_close" and _drop_dash(inside[-2]):
        inside[-3].tag = inside[-1].tag = "footer"
        inside = inside[:-3]
    if len(inside) == 3 and inside[0].type == "paragraph_open":
        _drop_marks(inside[1])


def _drop_dash(inline: Token) -> bool:
    """Take away the dash that a paragraph begins with; whether there was one."""
    first = inline.children[0] if inline.children else None
    if first is None or first.type != "text" or not first.content.startswith(DASH):
        return False
    first.content = first.content.removeprefix(DASH).lstrip()
    return True


def _drop_marks(inline: Token) -> None:
    """Take away quotation marks around a whole paragraph: the page sets its own before every quotation."""
    text = inline_text(inline)
    if text.startswith("“") and text.endswith("”") and text.count("“") == text.count("”") == 1:
        edges = [child for child in inline.children or [] if child.content]
        if edges[0].type == edges[-1].type == "text":
            edges[0].content = edges[0].content.removeprefix("“")
            edges[-1].content = edges[-1].content.removesuffix("”")
