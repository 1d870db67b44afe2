"""Pictures in a text: each becomes a <picture> with its sizes, and a <figure> if it stands alone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pulse.blocks import inline_text
from pulse.links import is_link

# How wide a picture is drawn within the text's measure: see .prose in static/css.
DRAWN_WIDTH = "(min-width: 46rem) 43rem, 100vw"

# Captions are plain text with typographic quotes and dashes; nothing else in them is Markdown.
CAPTION = MarkdownIt("zero", {"typographer": True}).enable(["replacements", "smartquotes"])


@dataclass(frozen=True)
class Picture:
    """A picture's file, its size in pixels, and for each format (MIME type) a srcset, best format first."""

    src: str
    width: int
    height: int
    sources: Sequence[tuple[str, str]] = ()


Sizes = Callable[[str], Picture | None]


def no_pictures(address: str) -> None:
    """The `sizes` of a text whose pictures are not known: each becomes a link."""


def show_pictures(tokens: list[Token], sizes: Sizes) -> None:
    """Put in the pictures that `sizes` knows, and links in place of the others."""
    for position, token in enumerate(tokens):
        if token.type != "inline" or not token.children:
            continue
        is_alone = len(token.children) == 1
        token.children = list(_shown(token.children, sizes))
        if is_alone and token.children and token.children[0].type == "picture":
            _frame(token, before=tokens[position - 1], after=tokens[position + 1])


def _shown(children: list[Token], sizes: Sizes) -> Iterator[Token]:
    open_links = 0
    for child in children:
        open_links += child.nesting if child.type in {"link_open", "link_close"} else 0
        if child.type != "image":
            yield child
            continue
        address, alt = str(child.attrGet("src") or ""), " ".join(inline_text(child).split())
        if picture := sizes(address):
            meta = {"picture": picture, "alt": alt, "caption": str(child.attrGet("title") or "")}
            yield Token("picture", "picture", 0, meta=meta)
        else:
            yield from _described(address, alt, linked=is_link(address) and not open_links)


def _described(address: str, alt: str, *, linked: bool) -> Iterator[Token]:
    """A picture that is not shown: its alternative text, linked to where the picture is."""
    text = Token("text", "", 0, content=alt or ("Picture" if linked else ""))
    if not linked:
        yield text
        return
    yield Token("link_open", "a", 1, attrs={"href": address})
    yield text
    yield Token("link_close", "a", -1)


def _frame(inline: Token, *, before: Token, after: Token) -> None:
    """Make the paragraph around a picture a figure, with the picture's title as its caption."""
    if before.type != "paragraph_open" or after.type != "paragraph_close":
        return
    for token in (before, after):
        token.tag, token.hidden = "figure", False
    picture = (inline.children or [])[0]
    if caption := picture.meta["caption"].strip():
        inline.children = [picture, Token("caption", "figcaption", 0, content=caption)]


def render_picture(token: Token) -> str:
    """The HTML of a picture token."""
    picture: Picture = token.meta["picture"]
    return format_html(
        '<picture>{}<img src="{}" alt="{}" width="{}" height="{}" loading="lazy" decoding="async"></picture>',
        format_html_join(
            "",
            '<source type="{}" srcset="{}" sizes="{}">',
            ((kind, srcset, DRAWN_WIDTH) for kind, srcset in picture.sources),
        ),
        picture.src,
        token.meta["alt"],
        picture.width,
        picture.height,
    )


def render_caption(token: Token) -> str:
    """The HTML of a caption token: escaped by the Markdown renderer, as text."""
    return f"<figcaption>{CAPTION.renderInline(token.content)}</figcaption>"
