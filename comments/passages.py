"""The passages of a story that comments are about: beside its last word each says how many there are."""

import html
import re
from bisect import bisect_left
from functools import lru_cache

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from comments.parts import StoryPart
from pulse.text import BLOCK_ENDS

PIECES = re.compile(r'<(?:[^">]|"[^"]*")*>|&#?\w+;|\s+|[^<&\s]+|.')  # a tag, an entity, a space, a word
LINKS = re.compile(r"<a\b.*?</a>", re.DOTALL)
UNREAD = re.compile(r"<(/?)(?:section|sup)\b")  # footnotes and their numbers, as in `pulse.text.plain`


@lru_cache(maxsize=settings.PULSE_MARKED_STORIES_KEPT)
def with_counts(body_html: SafeString, passages: tuple[StoryPart, ...], page: str) -> SafeString:
    """A story's HTML with a link behind every passage that still stands in it. No query.

    The links have no text of their own, so what readers select and copy is the story's words alone. One that
    would stand within another link stands behind that. Kept under all that it shows: a long story takes
    14 ms, and the page of every signed-in reader asks.
    """
    text = _Text(body_html)
    marks = [(text.place_after(passage.words), _mark(passage, page)) for passage in passages]
    whole: str = body_html
    for place, mark in sorted(marks, reverse=True):
        if place:
            whole = whole[:place] + mark + whole[place:]
    return mark_safe(whole)  # noqa: S308 - the sanitiser's output, and links that format_html made


def _mark(passage: StoryPart, page: str) -> SafeString:
    number = f"{passage.number:,}"
    return format_html(
        '<a class="on-passage" id="{}" rel="nofollow" href="{}?about={}#discussion" aria-label="{}"'
        ' data-number="{}"></a>',
        passage.id_in_story,
        page,
        passage.address,
        f"{number} comment{'' if passage.number == 1 else 's'} on this passage",
        number,
    )


class _Text:
    """The words of a piece of sanitised HTML as `pulse.text.plain` has them, and where in it they end."""

    def __init__(self, source: str) -> None:
        self._links = [found.span() for found in LINKS.finditer(source)]
        self._stops: list[int] = []  # where each word ends in the text,
        self._places: list[int] = []  # and where in the HTML
        words: list[str] = []
        length, unread, is_apart = 0, 0, False
        for piece in PIECES.finditer(source):
            found = piece[0]
            if bound := UNREAD.match(found):
                unread += -1 if bound[1] else 1
            if found.isspace() or BLOCK_ENDS.fullmatch(found):
                is_apart = True
            elif not unread and not found.startswith("<"):
                word = html.unescape(found)
                if word.isspace():
                    is_apart = True
                    continue
                words.append(f" {word}" if is_apart and words else word)
                length, is_apart = length + len(words[-1]), False
                self._stops.append(length)
                self._places.append(piece.end())
        self._whole = "".join(words)

    def place_after(self, words: str) -> int:
        """Where in the HTML these words have ended, outside of links; 0 if the text has them not."""
        start = self._whole.find(words) if words else -1
        if start < 0:
            return 0
        end = start + len(words)
        number = bisect_left(self._stops, end)
        place = self._places[number] - (self._stops[number] - end)
        return next((after for before, after in self._links if before < place < after), place)
