"""Places in HTML made beforehand that are filled in when it is served: the rest of a page never changes."""

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

# Nobody outside this process can write it, so no text on a page can look like a place to fill in. It is never
# stored: HTML is taken apart at its slots before that.
_MARK = secrets.token_hex(8)
_PLACES = re.compile(rf"{_MARK}-([a-z0-9.]+)-{_MARK}")

Fill = Callable[[str], str]  # what goes in, by what follows the slot's first full stop
Pieces = list[str]  # HTML, the name of a slot, HTML, the name of a slot, …, HTML


class Slot(str):
    """A place to fill in, to be printed where its value would be: `Slot("comments", 12)`."""

    def __new__(cls, kind: str, *args: object) -> "Slot":
        return super().__new__(cls, f"{_MARK}-{'.'.join([kind, *map(str, args)])}-{_MARK}")


_is_open: ContextVar[bool] = ContextVar("slots", default=False)


@contextmanager
def left_open() -> Iterator[None]:
    """While HTML is made to be kept: what is another a minute later is left open, such as “5 minutes ago”."""
    token = _is_open.set(True)
    try:
        yield
    finally:
        _is_open.reset(token)


def are_left_open() -> bool:
    """Whether HTML is being made to be kept."""
    return _is_open.get()


def taken_apart(html: str) -> Pieces:
    """HTML at its slots."""
    return _PLACES.split(html)


def put_together(pieces: Pieces, fills: Mapping[str, Fill]) -> str:
    """The HTML with everything filled in. Raises KeyError for a slot that nobody fills."""
    whole = list(pieces)
    for place in range(1, len(whole), 2):
        kind, _, rest = whole[place].partition(".")
        whole[place] = fills[kind](rest)
    return "".join(whole)
