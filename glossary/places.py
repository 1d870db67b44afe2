"""What the page is called on which a reader asks about a word: asked of the app to the right, which knows."""

from collections.abc import Callable

_ask: list[Callable[[str], str]] = []


def subscribe(name_of_page: Callable[[str], str]) -> None:
    """Ask this function what the page at a path is called; it answers with an empty text if it knows none."""
    _ask.append(name_of_page)


def name_of(path: str) -> str:
    """What readers see the page at a path under; empty for one where nobody can ask. A query or two."""
    return next((name for ask in _ask if (name := ask(path))), "")
