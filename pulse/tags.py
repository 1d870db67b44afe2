"""What a page shows, and what has changed: the two things that the rest of the site tells the page cache.

A view says which tags its page shows; a verb says which tags it changed. A tag is a short name: `article:12`.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from pulse.counters import counters, place
from pulse.models import Change, Tag
from pulse.slots import are_left_open

SITE = "site"  # navigation and footer, which every page shows
PLANNED = "planned"  # what will go live or end at some moment
NOTES = "pulse.shown"  # where a request's notes are, in its WSGI environment
ENDS = "pulse.ends"  # and the moments at which its page changes by itself

View = Callable[..., Any]
Value = TypeVar("Value")


def shows(request: HttpRequest, *tags: str) -> None:
    """Note what this page shows. A page that shows nothing is never kept."""
    request.META.setdefault(NOTES, set()).update(tags)


def ends(request: HttpRequest, moment: dt.datetime | None) -> None:
    """Note when this page changes by the clock alone; None: it does not, as far as the caller knows."""
    if moment is not None:
        request.META.setdefault(ENDS, set()).add(moment)


def reads(*names: str) -> Callable[[View], View]:
    """Name the query parameters that a view looks at; the page cache takes all others away before the view.

    Without it, the cache keeps a view's page for the bare address only.
    """

    def mark(view: View) -> View:
        view.query_names = frozenset(names)  # type: ignore[attr-defined]
        return view

    return mark


def changed(*tags: str) -> None:
    """Have every page that shows one of these made again, on every machine, once the transaction commits.

    Two INSERTs. The rows are part of the transaction, so other machines, and this one should it crash right
    after the commit, learn of the change if and only if it was made, and a part of a page that is kept with
    an earlier change of a tag is wrong from that commit on (`pulse.parts`).
    """
    if tags:
        names = sorted(set(tags))  # in one order, so that two transactions do not wait for each other
        change = Change.objects.create(tags=" ".join(names))
        Tag.objects.bulk_create(
            [Tag(name=name, change=change.pk) for name in names],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["change"],
        )
        transaction.on_commit(lambda: counters().apply(change.pk, tags))


class Remembered(Generic[Value]):
    """Something small that every page needs: read once in each process, and again after its tag changed."""

    def __init__(self, tag: str, read: Callable[[], Value]) -> None:
        self._read = read
        self._places = (place(tag),)
        self._generation = -1
        self._value: Value

    def get(self) -> Value:
        """The value. It is read each time without a page cache, and for HTML made to be kept."""
        if not settings.PAGE_CACHE or are_left_open():
            return self._read()
        generation = counters().generation  # before reading: a change meanwhile is seen the next time
        if self._generation < 0 or counters().has_changed(self._places, since=self._generation):
            self._value = self._read()
            self._generation = generation
        return self._value
