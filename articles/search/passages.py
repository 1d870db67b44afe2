"""The passage of a story in which a query is found, with what was found to be marked. Pure functions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

from django.conf import settings

from articles.search.query import Part
from articles.search.words import Word, words

LEAD = 0.3  # of a passage: what stands before the first match
SENTENCE_ENDS = (". ", "? ", "! ", "… ")


@dataclass(frozen=True)
class Piece:
    """Some text, and whether it matches the query. The template escapes it."""

    text: str
    is_match: bool = False


@dataclass(frozen=True)
class Match:
    start: int
    end: int
    part: Part


def marked(text: str, parts: Iterable[Part]) -> list[Piece]:
    """A whole text, such as a headline, in pieces."""
    return list(_pieces(text, list(matches(text, list(parts))), 0, len(text)))


def passage(text: str, parts: Iterable[Part]) -> list[Piece]:
    """The passage of a text that holds most of the parts, the first of those that do equally well.

    A text has its paragraphs on lines of their own; a passage stays inside one. It has at most
    PULSE_SEARCH_PASSAGE_CHARS characters. Without a match it is the beginning. Only the first
    PULSE_SEARCH_READ_CHARS characters of a text are looked at.
    """
    wanted = list(parts)
    text = text[: settings.PULSE_SEARCH_READ_CHARS]
    size = settings.PULSE_SEARCH_PASSAGE_CHARS
    best = _best(list(_until_complete(text, wanted, size)), size)
    first = best[0].start if best else 0
    start, end = _bounds(text, first, size)
    pieces = list(_pieces(text, best, start, end))
    if start and text[start - 1] != "\n" and not text[:start].endswith(SENTENCE_ENDS):
        pieces.insert(0, Piece("… "))
    if end < len(text) and text[end] != "\n":
        pieces.append(Piece(" …"))
    return pieces


def matches(text: str, parts: list[Part]) -> Iterator[Match]:
    """Each place where a part stands in a text."""
    longest = max((len(part.stems) for part in parts), default=0)
    lasts = {part.stems[-1] for part in parts}
    beginnings = tuple(part.begins for part in parts if part.begins)
    found: list[Word] = []
    for word in words(text):
        found = [*found[-longest + 1 :], word] if longest > 1 else [word]
        if word.stem in lasts or (beginnings and word.folded.startswith(beginnings)):
            for part in parts:
                if part.ends_with(found):
                    yield Match(found[-len(part.stems)].start, word.end, part)


def _until_complete(text: str, parts: list[Part], size: int) -> Iterator[Match]:
    """Matches up to the first passage that holds every part: there is none better."""
    recent: list[Match] = []
    for match in matches(text, parts):
        yield match
        recent = [*_within(recent, match, size, text), match]
        if len({near.part for near in recent}) == len(parts):
            break
    rest = text.find("\n", recent[0].start if recent else 0)
    end = min(rest if rest >= 0 else len(text), recent[0].start + size if recent else 0)
    if recent and recent[-1].end < end:  # what else the same passage shows is marked as well
        offset = recent[-1].end
        for match in matches(text[offset:end], parts):
            yield Match(match.start + offset, match.end + offset, match.part)


def _best(found: list[Match], size: int) -> list[Match]:
    """The matches from the first of the best passage on."""
    best, most = 0, 0
    for place, match in enumerate(found):
        limit = match.start + size
        near = takewhile(lambda other: other.end <= limit, found[place : place + size])  # noqa: B023
        held = {other.part for other in near}
        if len(held) > most:
            best, most = place, len(held)
    return found[best:]


def _within(recent: list[Match], match: Match, size: int, text: str) -> list[Match]:
    """Those of the matches before that fit into one passage with this one."""
    return [
        before
        for before in recent
        if match.end - before.start <= size and "\n" not in text[before.end : match.start]
    ]


def _bounds(text: str, first: int, size: int) -> tuple[int, int]:
    """From where to where a passage goes that shows the match at `first`."""
    line = text.rfind("\n", 0, first) + 1
    stop = text.find("\n", first)
    stop = stop if stop >= 0 else len(text)
    if stop - line <= size:
        return line, stop
    earliest = max(line, min(first - int(size * LEAD), stop - size))
    start = _start_of_words(text, line, earliest, first)
    end = min(stop, start + size)
    if end < stop:
        cut = text.rfind(" ", start, end)
        end = cut if cut > first else end
    return start, end


def _start_of_words(text: str, line: int, earliest: int, first: int) -> int:
    """Where a sentence begins between `earliest` and the match, or else a word."""
    if earliest <= line:
        return line
    sentences = [text.find(end, earliest - 2, first) for end in SENTENCE_ENDS]
    if begun := [place for place in sentences if place >= 0]:
        return min(begun) + 2
    space = text.find(" ", earliest, first)
    return space + 1 if space >= 0 else earliest


def _pieces(text: str, found: Iterable[Match], start: int, end: int) -> Iterator[Piece]:
    done = start
    for match in sorted(found, key=lambda match: (match.start, -match.end)):
        if match.start < done or match.end > end:
            continue
        if match.start > done:
            yield Piece(text[done : match.start])
        yield Piece(text[match.start : match.end], is_match=True)
        done = match.end
    if done < end:
        yield Piece(text[done:end])
