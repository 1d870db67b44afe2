"""Who hears of a changed term. Apps to the right of the glossary subscribe when they start."""

from typing import Protocol

from glossary.models import Term


class Subscriber(Protocol):
    def __call__(self, term: Term, *, matching_changed: bool) -> None: ...


_subscribers: list[Subscriber] = []


def subscribe(subscriber: Subscriber) -> None:
    """Call this function after every change of a term that was committed."""
    _subscribers.append(subscriber)


def term_changed(term: Term, *, matching_changed: bool) -> None:
    """Tell every subscriber. `matching_changed`: its name, slug, aliases or status is another than before.

    Of a deleted term subscribers get a copy, which still has its pk.
    """
    for subscriber in _subscribers:
        subscriber(term, matching_changed=matching_changed)
