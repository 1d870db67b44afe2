"""One page of a list that is never counted: which page is asked for, and what stands on it."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest

from pulse.addresses import is_number

MAX_DIGITS = 5  # a longer number is a mistake: no list of ours has a hundred thousand pages


@dataclass(frozen=True)
class Page:
    """What one page of a list holds, and whether another follows. Named like Django's own Page."""

    number: int
    object_list: list[Any]
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1


def page_number(request: HttpRequest) -> int:
    """The page that `?page=` asks for, 1 without it. Raises Http404 for what is not a page's number.

    Each page has one address, so `01` is no number here. That of the first page has no number at all: whether
    a request should be led there says `names_first_page`.
    """
    text = request.GET.get("page", "1")
    if not is_number(text, MAX_DIGITS) or text.startswith("0"):
        raise Http404("A page has a number.")
    return int(text)


def names_first_page(request: HttpRequest) -> bool:
    """Whether the address says `?page=1`, where it should say nothing."""
    return request.GET.get("page") == "1"


def page_of(rows: list[Any], *, number: int, size: int) -> Page:
    """A page made of its rows and one more, if there is one more. Raises Http404 past the end."""
    if not rows and number > 1:
        raise Http404("The list ends before this page.")
    return Page(number, rows[:size], has_next=len(rows) > size)
