"""Markdown made into safe HTML: parsed, transformed as a tree, rendered, and sanitised last.

`editorial` is for what the newsroom writes, `reader` for comments. Both refuse what would take too long,
raising TextTooLong, whose message is a sentence for the writer.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from markdown_it.token import Token

from pulse import markdown, sanitiser
from pulse.blocks import arrange_headings, arrange_quotations, frame_tables
from pulse.characters import without_controls
from pulse.figures import Picture, Sizes, no_pictures, show_pictures
from pulse.highlighting import colour_code
from pulse.links import keep_good_links
from pulse.markdown import TextTooLong, refuse_long, to_html
from pulse.rhythm import paragraphs, reading_minutes, sentence_lengths, word_count, words_in

__all__ = [
    "Link",
    "Mark",
    "Picture",
    "Rendered",
    "Sizes",
    "TextTooLong",
    "editorial",
    "editorial_html",
    "plain",
    "plain_text",
    "reader",
    "reading_minutes",
    "sentence_lengths",
    "unlinked",
    "validate_editorial",
    "word_count",
]

Link = Callable[[list[Token]], set[str]]
Mark = Callable[[list[Token]], None]

LINKED = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
BLOCK_ENDS = re.compile(r"</(?:p|h[2-6]|li|td|th|tr|pre|figcaption|figure|footer|blockquote)>|<br>|<hr>")


@dataclass(frozen=True)
class Rendered:
    """A text as its page shows it, and what was counted on the way."""

    html: SafeString
    headings: list[tuple[str, str]]  # (id, text) of each h2
    paragraphs: list[list[int]]  # of each paragraph, the length of its sentences in words
    words: int
    linked: set[str]  # slugs of the terms that were linked


def editorial(source: str, *, link: Link | None = None, sizes: Sizes | None = None) -> Rendered:
    """Render what the newsroom writes. Raises TextTooLong.

    `link` gets the finished tree and adds links to it, returning the slugs of what it linked. `sizes` gives
    the sizes of a picture by its address; a picture it does not know becomes a link.
    """
    refuse_long(source, settings.PULSE_MAX_BODY_CHARS)
    tokens = markdown.EDITORIAL.parse(source)
    headings = arrange_headings(tokens)
    arrange_quotations(tokens)
    frame_tables(tokens)
    show_pictures(tokens, sizes or no_pictures)
    colour_code(tokens)
    keep_good_links(tokens)
    linked = link(tokens) if link else set()
    return Rendered(
        html=SafeString(sanitiser.EDITORIAL.clean(without_controls(to_html(markdown.EDITORIAL, tokens)))),
        headings=[(anchor, without_controls(text)) for anchor, text in headings],
        paragraphs=paragraphs(tokens),
        words=words_in(tokens),
        linked=linked,
    )


def reader(source: str, *, mark: Mark | None = None) -> SafeString:
    """Render a comment: paragraphs, emphasis, quotations, code and links. Raises TextTooLong.

    `mark` gets the finished tree and may put <b> around names in it.
    """
    refuse_long(source, settings.PULSE_MAX_COMMENT_CHARS)
    tokens = markdown.READER.parse(source)
    show_pictures(tokens, no_pictures)
    keep_good_links(tokens)
    if mark:
        mark(tokens)
    for token in tokens:
        if token.type == "paragraph_open":
            token.attrSet("dir", "auto")  # a comment may be in Arabic or Hebrew
    return SafeString(sanitiser.READER.clean(without_controls(to_html(markdown.READER, tokens))))


def unlinked(comment_html: str) -> SafeString:
    """A comment's HTML where nothing can be followed: a link is its words and the host it leads to."""

    def words_and_host(link: re.Match[str]) -> str:
        address = html.unescape(link[1])
        host = (
            address.partition(":")[2] if address.lower().startswith("mailto:") else urlsplit(address).netloc
        )
        return f"{link[2]} <code>{html.escape(host or 'this site')}</code>"

    return SafeString(sanitiser.UNLINKED.clean(LINKED.sub(words_and_host, comment_html)))


def validate_editorial(source: str) -> None:
    """Raise ValidationError, for a form, where `editorial` would raise TextTooLong."""
    try:
        refuse_long(source, settings.PULSE_MAX_BODY_CHARS)
        markdown.EDITORIAL.parse(source)
    except TextTooLong as error:
        raise ValidationError(str(error), code="text_too_long") from error


def editorial_html(source: str) -> str:
    """The HTML alone, without pictures and terms: what MARKDOWNX_MARKDOWNIFY_FUNCTION asks for."""
    return editorial(source).html


def plain(html_text: str) -> str:
    """The words of a piece of HTML on one line, without footnotes."""
    text = sanitiser.TEXT_ONLY.clean(BLOCK_ENDS.sub(r"\g<0> ", html_text))
    return " ".join(html.unescape(text).split())


def plain_text(source: str) -> str:
    """The words of a text in Markdown on one line. Raises TextTooLong."""
    return plain(editorial(source).html)
