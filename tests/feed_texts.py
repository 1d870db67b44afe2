"""What a text, a date, an address and a piece of HTML must be in a feed: see `tests.valid_feeds`."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from email.utils import parsedate_to_datetime
from html.entities import html5
from html.parser import HTMLParser

Faults = Iterator[str]
Test = Callable[[str], Faults]

AHEAD = dt.timedelta(minutes=10)  # how far a clock may be fast
# Controls, and code points that are no characters: XML forbids or discourages them, HTML calls them errors.
NO_CHARACTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
ADDRESS = re.compile(
    r"(https?)://[a-z0-9-]+(?:\.[a-z0-9-]+)+(:\d+)?/(?:[\w;/?:@&=+$.\-!~*'(),#]|%[0-9A-F]{2})*", re.ASCII
)
HIDDEN_PORTS = {("http", ":80"), ("https", ":443")}
DAY = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r" \d\d:\d\d:\d\d (GMT|[+-]\d\d[03]0)"
)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)")
CLOSING_TAG = re.compile(r"</\w+>")
REFERENCE = re.compile(r"&(#?\w+)")
LOOSE_SIGN = re.compile(r"<(?!/?[a-z])|&(?!#?[A-Za-z0-9]+;)")

# What readers of feeds keep of HTML, as far as our texts have it.
VOID = {"br", "hr", "img"}
HEADINGS = {f"h{level}" for level in range(2, 7)}
INLINE = {"a", "b", "br", "code", "em", "img", "picture", "s", "span", "strong", "sup"}
BLOCKS = HEADINGS | {
    *("blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "hr", "li", "ol", "p", "pre"),
    *("section", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {"alt", "class", "dir", "height", "href", "id", "rel", "src", "start", "tabindex", "width"}
PARENTS = {
    **{"dd": {"dl"}, "dt": {"dl"}, "figcaption": {"figure"}, "li": {"ol", "ul"}, "thead": {"table"}},
    **{"tbody": {"table"}, "td": {"tr"}, "th": {"tr"}, "tr": {"tbody", "thead"}},
}
NEVER_INSIDE = {"a": {"a"}, "p": BLOCKS} | dict.fromkeys(HEADINGS, BLOCKS)


def characters(text: str) -> Faults:
    """Nothing but characters."""
    yield from (f"U+{ord(character):04X} is no character" for character in set(NO_CHARACTER.findall(text)))


def words(text: str) -> Faults:
    """Plain text that says something."""
    if not text.strip():
        yield "is blank"
    elif text != text.strip():
        yield f"{text!r} has spaces around it"
    yield from characters(text)


def plain(text: str) -> Faults:
    """Plain text where what reads as HTML would be taken for it."""
    yield from words(text)
    if found := CLOSING_TAG.search(text):
        yield f"plain text holds HTML: {found.group()}"
    if re.search(r"<\S+@\S+>", text):
        yield f"gives an e-mail address away: {text!r}"


def name(text: str) -> Faults:
    """Plain text where a reference would be taken for the character that it stands for."""
    yield from plain(text)
    for found in REFERENCE.findall(text):
        if f"{found};" in html5 or not found.isalpha():
            yield f"plain text holds HTML: &{found}"


def nothing(text: str) -> Faults:
    """No text at all, but for spaces."""
    if text.strip():
        yield f"holds {text!r}, but should be empty"


def matches(pattern: str) -> Test:
    """A text that is all as the pattern has it."""

    def test(text: str) -> Faults:
        if not re.fullmatch(pattern, text):
            yield f"{text!r} is not as {pattern}"

    return test


def whole_address(text: str) -> Faults:
    """A whole address, in the one way of writing it by which it can be compared."""
    found = ADDRESS.fullmatch(text)
    if not found:
        yield f"{text!r} is no whole address"
    elif found.groups() in HIDDEN_PORTS or "/./" in text or "/../" in text:
        yield f"{text!r} has a shorter form"


def day(text: str) -> Faults:
    """RFC 822, with four digits for the year and a zone that every reader knows."""
    if not DAY.fullmatch(text):
        yield f"{text!r} is no RFC 822 date"
        return
    then = parsedate_to_datetime(text)
    if f"{then:%a}" != text[:3]:
        yield f"{text!r} was another day of the week"
    yield from _plausible(then)


def moment(text: str) -> Faults:
    """RFC 3339."""
    if not MOMENT.fullmatch(text):
        yield f"{text!r} is no RFC 3339 date"
    else:
        yield from _plausible(_when(text))


def in_order(earlier: str, later: str) -> Faults:
    """Two moments of which the second is not before the first."""
    if MOMENT.fullmatch(earlier) and MOMENT.fullmatch(later) and _when(later) < _when(earlier):
        yield f"was changed at {later}, before it was published at {earlier}"


def _when(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))


def _plausible(then: dt.datetime) -> Faults:
    if then.year < 1990 or then > dt.datetime.now(dt.UTC) + AHEAD:
        yield f"{then} is not plausible"


def unique(what: str, values: Iterable[str | None]) -> Faults:
    """Values of which no two are the same."""
    yield from (f"{what} {value!r} is there {n} times" for value, n in Counter(values).items() if n > 1)


def html(text: str) -> Faults:
    """A piece of HTML that parses without an error, of which nothing has to be cut, with whole addresses."""
    if not text.strip():
        yield "is blank"
    yield from (f"HTML has a loose sign: {text[at.start() :][:20]!r}" for at in LOOSE_SIGN.finditer(text))
    yield from (f"HTML has no &{sign}" for sign in re.findall(r"&([A-Za-z]\w*;)", text) if sign not in html5)
    piece = _Piece()
    piece.feed(text)
    piece.close()
    yield from piece.faults
    yield from (f"<{tag}> is not closed" for tag in piece.open)


class _Piece(HTMLParser):
    """Reads a piece of HTML, and notes what is wrong with its tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.faults += [*_place(tag, self.open), *_attributes(tag, attrs)]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open[-1:] == [tag]:
            self.open.pop()
        else:
            self.faults.append(f"</{tag}> closes nothing")


def _place(tag: str, outer: list[str]) -> Faults:
    if tag not in INLINE | BLOCKS:
        yield f"<{tag}> is not safe in a feed"
    if tag in PARENTS and not PARENTS[tag] & set(outer[-1:]):
        yield f"<{tag}> stands in {outer[-1:]}"
    yield from (f"<{tag}> stands in <{around}>" for around in outer if tag in NEVER_INSIDE.get(around, ()))


def _attributes(tag: str, attrs: list[tuple[str, str | None]]) -> Faults:
    for attribute, value in attrs:
        if attribute not in ATTRIBUTES:
            yield f"<{tag} {attribute}> is not safe in a feed"
        if attribute in {"href", "src"} and not re.match(r"https?://[^/?#]|mailto:", value or ""):
            yield f"<{tag} {attribute}={value!r}> is no whole address"
    yield from unique(f"attribute of <{tag}>", (attribute for attribute, _ in attrs))
    if tag == "img" and not {"alt", "src"} <= dict(attrs).keys():
        yield "<img> lacks its source or its description"
