"""Where pictures are used, asked of the apps to the right: they subscribe when they start."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from accounts.models import User
from images.files import STEM, addresses_of
from images.models import FormerFile, Image

SHOWN = 20  # uses of one picture that are named; the others are counted
NAMED = re.compile(rf"/([0-9a-f]{{{STEM}}})[-.]")  # begins with one letter, which is found fast


@dataclass(frozen=True)
class Use:
    """Something that shows a picture: in words for an editor, and where it is in the admin, or nothing."""

    label: str
    address: str = ""


@dataclass(frozen=True)
class Uses:
    """How often a picture is used, and the first of these uses."""

    count: int = 0
    shown: list[Use] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.shown)

    def __bool__(self) -> bool:
        return self.count > 0

    def __add__(self, other: "Uses") -> "Uses":
        return Uses(self.count + other.count, self.shown + other.shown)

    def __str__(self) -> str:
        """The first, and how many more."""
        labels = ", ".join(use.label for use in self.shown)
        return f"{labels}, and {self.more:,} more" if self.more else labels


class Subscriber(Protocol):
    def __call__(
        self, images: Collection[Image], *, in_history: bool, seen_by: User | None, most: int
    ) -> Mapping[int, Uses]: ...


_subscribers: list[Subscriber] = []


def subscribe(uses: Subscriber) -> None:
    """Ask this function too: what uses which of these pictures, by pk, in a constant number of queries.

    It answers with what readers see, will see, or somebody is writing; `in_history` asks for earlier versions
    as well, which might be shown or restored. At `most` so many uses of each are named, and all are counted.
    Names and addresses are for `seen_by`, who may not see every draft; None is told everything.
    """
    _subscribers.append(uses)


def uses_of_each(
    images: Collection[Image],
    *,
    in_history: bool = False,
    seen_by: User | None = None,
    most: int = SHOWN,
) -> dict[int, Uses]:
    """What uses each of these pictures, by pk; those that nothing uses are left out."""
    found: dict[int, Uses] = {}
    for subscriber in _subscribers if images else []:
        told = subscriber(images, in_history=in_history, seen_by=seen_by, most=most)
        for pk, uses in told.items():
            found[pk] = found.get(pk, Uses()) + uses
    return {pk: uses for pk, uses in found.items() if uses}


def uses_of(image: Image, *, in_history: bool = False, seen_by: User | None = None) -> Uses:
    """What uses a picture."""
    return uses_of_each([image], in_history=in_history, seen_by=seen_by).get(image.pk, Uses())


# For subscribers, which look for pictures in texts


def address_starts() -> set[str]:
    """What comes before the file's name in every address of a picture: a text without any shows none."""
    return {address.partition("?")[0].rpartition("/")[0] + "/" for address in addresses_of("a")}


def stems_of(images: Collection[Image]) -> dict[str, int]:
    """What the names of these pictures' files begin with, now or before a replacement → pk. One query."""
    stems = {image.content_hash[:STEM]: image.pk for image in images}
    pks = set(stems.values())
    for pk, content_hash in FormerFile.objects.values_list("image_id", "content_hash"):
        if pk in pks:  # asked here: all pictures at once would be too many for a query
            stems.setdefault(content_hash[:STEM], pk)
    return stems


def named_in(text: str, stems: Mapping[str, int]) -> set[int]:
    """The pks of the pictures that a text names by any address of any of their files."""
    return {stems[stem] for stem in NAMED.findall(text) if stem in stems}
