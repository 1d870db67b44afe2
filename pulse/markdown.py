"""The two Markdown parsers, what each understands, and what neither takes on.

Both are CommonMark without HTML. A parser keeps nothing of a text between two calls, so threads share it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

from pulse.figures import render_caption, render_picture
from pulse.highlighting import render_code


class TextTooLong(ValueError):  # noqa: N818 - a refusal, not a fault
    """A text longer, deeper or more intricate than we render. str() is a sentence for whoever wrote it."""


# Within these the slowest text we could think of takes under a second; a long story has a tenth as many.
MAX_COUNTS = {
    "\n": (10_000, "lines"),
    "\r": (10_000, "lines"),
    "[<": (5_000, "opening brackets"),
    "|": (5_000, "vertical bars"),
    "*_~`\\&\"'": (20_000, "asterisks, underscores, quotation marks and other signs of formatting"),
}
MAX_BLOCKS = 30_000  # tokens before inline parsing: a paragraph is three, so is a table cell
MAX_QUOTES = 500  # straight quotation marks in one paragraph, since finding pairs takes their square
MAX_NESTING: int = settings.PULSE_MAX_NESTING
NESTING = {"blockquote", "bullet_list", "ordered_list", "footnote_reference"}


def refuse_long(source: str, max_characters: int) -> None:
    """Raise TextTooLong for a text that is too long, or too dense, to be worth parsing."""
    if len(source) > max_characters:
        raise TextTooLong(
            f"This is {len(source):,} characters long. Shorten it to {max_characters:,} or fewer."
        )
    for characters, (limit, name) in MAX_COUNTS.items():
        if sum(map(source.count, characters)) > limit:
            raise TextTooLong(f"This has more than {limit:,} {name}. Divide it, or use fewer.")


def _refuse_intricate(state: StateCore) -> None:
    """The limits that show only once the blocks are known, before the text inside them is parsed."""
    if len(state.tokens) > MAX_BLOCKS:
        raise TextTooLong("This has too many paragraphs, list items or table cells. Divide it.")
    depth = 0
    for token in state.tokens:
        if token.type == "inline" and token.content.count('"') + token.content.count("'") > MAX_QUOTES:
            raise TextTooLong(f"One paragraph has more than {MAX_QUOTES} quotation marks. Divide it.")
        if token.type.rpartition("_")[0] in NESTING:
            depth += token.nesting
            if depth > MAX_NESTING:
                raise TextTooLong(
                    f"Lists and quotations may stand {MAX_NESTING} deep inside one another."
                    " Bring some of them up a level."
                )


RenderToken = Callable[[Token], str]


def _rule(render: RenderToken) -> Callable[..., str]:
    """A renderer's rule for one token that needs nothing but the token."""

    def rule(
        self: RendererProtocol, tokens: Sequence[Token], position: int, options: OptionsDict, env: EnvType
    ) -> str:
        return render(tokens[position])

    return rule


# Footnotes: numbers without brackets, ids of ours, and links that say where they lead.


def _mark(token: Token) -> str:
    """Which footnote, and which of its places in the text: “2”, and “2-1” for the second place."""
    place = token.meta.get("subId", 0)
    return f"{token.meta['id'] + 1}" + (f"-{place}" if place > 0 else "")


def _footnote_reference(token: Token) -> str:
    number = token.meta["id"] + 1
    return (
        f'<sup class="footnote-ref"><a href="#fn-{number}" id="fnref-{_mark(token)}"'
        f' aria-label="Footnote {number}">{number}</a></sup>'
    )


def _footnotes_open(token: Token) -> str:
    return '<section class="footnotes" aria-label="Footnotes">\n<ol>\n'


def _footnotes_close(token: Token) -> str:
    return "</ol>\n</section>\n"


def _footnote_open(token: Token) -> str:
    return f'<li id="fn-{_mark(token)}">'


def _footnote_back(token: Token) -> str:
    mark = _mark(token)
    label = f"Back to reference {mark}"
    return f' <a class="footnote-backref" href="#fnref-{mark}" aria-label="{label}">\u21a9\ufe0e</a>'


RENDERED: dict[str, RenderToken] = {
    "caption": render_caption,
    "code_block": render_code,
    "fence": render_code,
    "footnote_anchor": _footnote_back,
    "footnote_block_close": _footnotes_close,
    "footnote_block_open": _footnotes_open,
    "footnote_open": _footnote_open,
    "footnote_ref": _footnote_reference,
    "picture": render_picture,
}


def _parser(**options: Any) -> MarkdownIt:
    # A list is two levels deep for the parser, which leaves out what is deeper than it allows. It must
    # allow more than we do, so that we refuse such a text instead of losing a part of it.
    max_nesting = 2 * MAX_NESTING + 4
    common = {"html": False, "xhtmlOut": False, "typographer": True, "maxNesting": max_nesting}
    parser = MarkdownIt("commonmark", common | options).use(footnote_plugin, inline=False)
    parser.core.ruler.after("block", "refuse_intricate", _refuse_intricate)
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # pulse.links and the sanitiser judge
    for name, render in RENDERED.items():
        parser.add_render_rule(name, _rule(render))
    return parser


EDITORIAL = _parser().enable(["table", "strikethrough", "replacements", "smartquotes"])

# What comments do without is left as it was typed: a heading's #, a list's -.
NOT_IN_COMMENTS = ["heading", "lheading", "hr", "list", "code", "reference", "footnote_def", "footnote_ref"]
READER = _parser(breaks=True).enable("smartquotes").disable(NOT_IN_COMMENTS)

# Rules are compiled at their first use, which two threads must not do at once.
for _shared in (EDITORIAL, READER):
    _shared.render("| a |\n|---|\n\n> *a*")


def to_html(parser: MarkdownIt, tokens: list[Token]) -> str:
    """Render a tree. The result is not safe until it has been sanitised."""
    return str(parser.renderer.render(tokens, parser.options, {}))
