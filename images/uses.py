"""Where a picture is used, asked of the apps to the right: they subscribe when they start."""

from collections.abc import Callable

from images.models import Image

Uses = Callable[[Image], list[str]]

_subscribers: list[Uses] = []


def subscribe(uses: Uses) -> None:
    """Ask this function too; it answers with what uses a picture, in words for an editor."""
    _subscribers.append(uses)


def uses_of(image: Image) -> list[str]:
    """What uses a picture, in words for an editor."""
    return [use for subscriber in _subscribers for use in subscriber(image)]
