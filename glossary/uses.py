"""Where a term is used, asked of the apps to the right: they subscribe when they start."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from django.urls import reverse

from accounts.models import User
from glossary.models import Term

SHOWN = 20  # how many places of one kind are named; the others are counted


class Kind(Enum):
    """What uses a term: its name for one, its name for several, and its heading."""

    LIVE = ("live story", "live stories", "Live")
    SCHEDULED = ("scheduled story", "scheduled stories", "Scheduled")
    DRAFT = ("draft", "drafts", "In drafts")
    PAST = ("story that is no longer live", "stories that are no longer live", "No longer live")
    TERM = ("other term", "other terms", "Under “See also” of other terms")

    @property
    def heading(self) -> str:
        return self.value[2]

    def counted(self, count: int) -> str:
        return f"{count:,} {self.value[0] if count == 1 else self.value[1]}"


@dataclass(frozen=True)
class Use:
    """One place that uses a term, and where somebody goes to change it or to read it."""

    title: str
    url: str


@dataclass(frozen=True)
class Uses:
    """The places of one kind: how many there are, and the first of those that somebody may see."""

    kind: Kind
    count: int
    shown: list[Use]

    @property
    def more(self) -> int:
        return self.count - len(self.shown)


Subscriber = Callable[[Term, User], Iterable[Uses]]

_subscribers: list[Subscriber] = []


def subscribe(subscriber: Subscriber) -> None:
    """Ask this function too; it answers with what uses a term, naming only what that person may see."""
    _subscribers.append(subscriber)


def uses_of(term: Term, *, by: User) -> list[Uses]:
    """What uses a term, by kind, without kinds of which there are none. About a dozen queries."""
    found = [uses for subscriber in _subscribers for uses in subscriber(term, by)]
    return [uses for uses in [*found, _seen_from(term)] if uses.count]


def in_words(found: list[Uses]) -> str:
    """What uses a term, in one sentence."""
    stories = [uses.kind.counted(uses.count) for uses in found if uses.kind is not Kind.TERM]
    terms = [uses.kind.counted(uses.count) for uses in found if uses.kind is Kind.TERM]
    parts = [f"explained in {_listed(stories)}"] if stories else []
    parts += [f"named under “See also” by {terms[0]}"] if terms else []
    sentence = ", and ".join(parts) or "not used anywhere yet"
    return sentence[0].upper() + sentence[1:] + "."


def counted(found: list[Uses], *kinds: Kind) -> int:
    """How many places of these kinds there are."""
    return sum(uses.count for uses in found if uses.kind in kinds)


def _listed(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _seen_from(term: Term) -> Uses:
    others = term.seen_from.order_by("name")
    shown = [
        Use(other.name, reverse("admin:glossary_term_change", args=[other.pk]))
        for other in others.only("name")[:SHOWN]
    ]
    return Uses(Kind.TERM, others.count(), shown)
