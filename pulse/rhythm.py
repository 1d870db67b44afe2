"""How long a text is: its words, its sentences, its paragraphs, the minutes it takes."""

import re
from collections.abc import Iterator

from markdown_it.token import Token

from pulse.blocks import inline_text

WORDS_PER_MINUTE = 230
LETTER = re.compile(r"[^\W_]")
SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+")


def word_count(text: str) -> int:
    """How many words a plain text has: runs without a space that hold a letter or a digit."""
    return sum(1 for run in text.split() if LETTER.search(run))


def reading_minutes(words: int) -> int:
    """Whole minutes that reading takes, at least one."""
    return max(1, round(words / WORDS_PER_MINUTE))


def sentence_lengths(text: str) -> list[int]:
    """How many words each sentence has."""
    return [words for sentence in SENTENCE_END.split(text) if (words := word_count(sentence))]


def paragraphs(tokens: list[Token]) -> list[list[int]]:
    """The sentence lengths of each paragraph, list item and quotation, in reading order."""
    body = list(_without_footnotes(tokens))
    lengths = [
        sentence_lengths(inline_text(inline))
        for opening, inline in zip(body, body[1:], strict=False)
        if opening.type == "paragraph_open" and opening.tag == "p"
    ]
    return [paragraph for paragraph in lengths if paragraph]


def words_in(tokens: list[Token]) -> int:
    """How many words are read: headings, tables and lists too, but no code, captions or footnotes."""
    texts = (inline_text(token) for token in _without_footnotes(tokens) if token.type == "inline")
    return sum(word_count(text) for text in texts)


def _without_footnotes(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "footnote_block_open":
            return
        yield token
