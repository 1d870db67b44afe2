"""Who hears of a changed picture. Apps to the right of the pictures subscribe when they start."""

from collections.abc import Callable

from images.models import Image

Subscriber = Callable[[Image], None]

_subscribers: list[Subscriber] = []


def subscribe(subscriber: Subscriber) -> None:
    """Call this function when a picture's file is replaced, in the same transaction."""
    _subscribers.append(subscriber)


def picture_replaced(image: Image) -> None:
    """Tell every subscriber that a picture has a new file: what shows it has to be rendered again."""
    for subscriber in _subscribers:
        subscriber(image)
