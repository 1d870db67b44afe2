"""Parts of pages made when what they show is saved, and kept in the database: reading is looking them up.

This is no cache: nothing depends on who read a page before. A part is kept with every tag it shows and with
the last change of each at the time (`pulse.tags`), and is right as long as none of them has changed since,
the clock has not passed the moment it ends at, and the site is the edition that made it. That is asked in
the query that reads the part, so one that has become wrong is never served: its page is made afresh for
whoever asks, and the worker makes the part again within seconds. Readers never write.
"""

import datetime as dt
import logging
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from pulse.edition import edition
from pulse.models import Change, Part, PartTag, Tag
from pulse.slots import Pieces, left_open, taken_apart
from pulse.tags import changed

logger = logging.getLogger(__name__)

BETWEEN = "\0"  # in no HTML: text with it is refused everywhere
TRIES = 3  # to make a part between two changes of what it shows
LATE = dt.timedelta(seconds=120)  # no transaction takes so long: see pulse.changes
ONE = 0  # the number of a part of which there is only one, such as the front page's


@dataclass(frozen=True)
class Made:
    """A part as it was just made: its HTML, perhaps with slots, and what could make it wrong."""

    html: str
    tags: Collection[str]
    ends_at: dt.datetime | None = None


@dataclass(frozen=True)
class Kept:
    """A part as it is kept."""

    pieces: Pieces
    tags: list[str]
    ends_at: dt.datetime | None


@dataclass(frozen=True)
class Kind:
    """How parts of a kind are made. An app says so when it starts."""

    make: Callable[[int], Made | None]  # None: readers no longer see what it showed
    # The numbers of which there is no such part among these, the newest first.
    missing: Callable[[QuerySet[Part]], Sequence[int] | QuerySet[Any, int]]


_kinds: dict[str, Kind] = {}


def kind(name: str, how: Kind) -> None:
    """Have parts of this name made so."""
    _kinds[name] = how


def only_one(made: QuerySet[Part]) -> list[int]:
    """What is missing of a kind of which there is one part, among these. One query."""
    return [] if made.exists() else [ONE]


# Reading


def right(name: str, of: Any, by: str, now: dt.datetime) -> QuerySet[Any, Any]:
    """The HTML of an edition's part, if that is right at a moment: a query, or a part of a larger one."""
    has_moved_on = Q(tag__change__gt=F("change")) | Q(tag__change__lt=F("change"))
    return (
        Part.objects.filter(
            Q(ends_at=None) | Q(ends_at__gt=now),
            ~Exists(PartTag.objects.filter(has_moved_on, part=OuterRef("pk"))),
            kind=name,
            of=of,
            edition=by,
        )
        .order_by()
        .values("html")
    )


def unpacked(html: bytes | memoryview) -> Kept:
    """A part from its HTML as it is in the database."""
    tags, ends_at, *pieces = zlib.decompress(html).decode().split(BETWEEN)
    return Kept(pieces, tags.split(), dt.datetime.fromisoformat(ends_at) if ends_at else None)


# Making


def make(name: str, of: int = ONE) -> bool:
    """Make a part and keep it, or forget it if readers no longer see what it showed. Whether that was done.

    Changes are looked up before what they changed is read. Should one be committed meanwhile, the part is
    kept as it was before that change, and so is known to be wrong. One that cannot be made is forgotten.
    """
    try:
        how, known = _kinds[name], set(_shown_before(name, of))
        for _ in range(TRIES):
            began, before = timezone.now(), _changes_of(known)
            with left_open():
                made = how.make(of)
            if made is None:
                _forget(name, of)
                return True
            before |= (found := _changes_of(set(made.tags) - known))
            if not _are_recent(found, began):
                _keep(name, of, made, before)
                return True
            known |= set(made.tags)
    except Exception:
        logger.exception("The part “%s %s” cannot be made. Its page is made for each reader.", name, of)
        _forget(name, of)
    return False


def _are_recent(found: dict[str, tuple[int, int]], began: dt.datetime) -> bool:
    """Whether something that turned out to be shown may have changed since the part was begun. One query."""
    last = [change for _, change in found.values() if change]
    return bool(last) and Change.objects.filter(pk__in=last, made_at__gt=began - LATE).exists()


def make_after_commit(name: str, of: int = ONE) -> None:
    """Make a part once the transaction commits. Should it fail, the worker does it; also where the static
    files that pages name are not collected yet."""
    has_files = getattr(staticfiles_storage, "hashed_files", True)
    if settings.PULSE_COMPOSE_AT_ONCE and has_files:
        transaction.on_commit(lambda: make(name, of), robust=True)


def _shown_before(name: str, of: int) -> QuerySet[PartTag, str]:
    """What the part showed when it was last made. One query."""
    return PartTag.objects.filter(part__kind=name, part__of=of).values_list("tag__name", flat=True)


def _changes_of(tags: Collection[str]) -> dict[str, tuple[int, int]]:
    """The key and the last change of each of these tags. One query, or three if some are new."""
    found = {name: (pk, change) for pk, name, change in _tags(tags)}
    new = sorted(set(tags) - set(found))
    if new:
        # Waits for a transaction that is counting its change of one of them at this moment.
        Tag.objects.bulk_create([Tag(name=name) for name in new], ignore_conflicts=True)
        found |= {name: (pk, change) for pk, name, change in _tags(new)}
    return found


def _tags(names: Collection[str]) -> QuerySet[Tag, tuple[int, str, int]]:
    return Tag.objects.filter(name__in=names).order_by().values_list("pk", "name", "change")


@transaction.atomic
def _keep(name: str, of: int, made: Made, before: dict[str, tuple[int, int]]) -> None:
    tags = sorted(set(made.tags))
    ends_at = made.ends_at.isoformat() if made.ends_at else ""
    html = BETWEEN.join([" ".join(tags), ends_at, *taken_apart(made.html.replace(BETWEEN, ""))])
    part, _ = Part.objects.update_or_create(
        kind=name,
        of=of,
        edition=edition(),
        defaults={"ends_at": made.ends_at, "html": zlib.compress(html.encode())},
    )
    part.tags.all().delete()
    PartTag.objects.bulk_create(
        PartTag(part=part, tag_id=before[tag][0], change=before[tag][1]) for tag in tags
    )


def _forget(name: str, of: int) -> None:
    Part.objects.filter(kind=name, of=of).delete()


# The worker

_settled = 0  # every part was right after this change, when the worker last looked


def tend() -> bool:
    """The worker's job: make again what has become wrong, and whether there is more. Four queries else."""
    global _settled
    now = timezone.now()
    _count_uncounted(now)
    wrong = _wrong(now)
    for name, of in wrong[: settings.PULSE_COMPOSE_BATCH]:
        make(name, of)
    if len(wrong) > settings.PULSE_COMPOSE_BATCH:
        return True
    # One with a smaller number may still be on its way: the changes of the last minutes are looked at again.
    old = Change.objects.filter(made_at__lt=now - LATE).order_by("-pk").values_list("pk", flat=True)
    _settled = max(_settled, old.first() or 0)
    return False


def _wrong(now: dt.datetime) -> list[tuple[str, int]]:
    """Parts of this edition that ended, or show what has changed since they were made, the newest first."""
    moved_on = PartTag.objects.filter(tag__change__gt=_settled).exclude(change=F("tag__change"))
    found = set(moved_on.values_list("part__kind", "part__of", "part__edition"))
    found |= set(Part.objects.filter(ends_at__lte=now).order_by().values_list("kind", "of", "edition"))
    return sorted(((name, of) for name, of, by in found if by == edition()), key=lambda part: -part[1])


def _count_uncounted(now: dt.datetime) -> None:
    """Count what a process of a release before this one changed, while an upgrade runs: it did not."""
    last: dict[str, int] = {}
    for pk, names in Change.objects.filter(made_at__gt=now - LATE).order_by("pk").values_list("pk", "tags"):
        last |= dict.fromkeys(names.split(), pk)
    if late := [name for _, name, change in _tags(last) if change < last[name]]:
        changed(*late)


def make_missing() -> bool:
    """The worker's job: make parts that this edition lacks, and whether there is more.

    When it lacks none, those of other editions are deleted, some at a time.
    """
    made = [make(name, of) for name, of in missing(limit=settings.PULSE_COMPOSE_BATCH)]
    return any(made) or _delete_others()


def missing(*, limit: int | None = None) -> list[tuple[str, int]]:
    """The parts that this edition lacks, by kind, the newest first; of each kind so many. A query each."""
    made = Part.objects.filter(edition=edition())
    return [(name, of) for name, how in _kinds.items() for of in how.missing(made.filter(kind=name))[:limit]]


def _delete_others() -> bool:
    others = Part.objects.exclude(edition=edition()).order_by().values_list("pk", flat=True)
    some = list(others[: settings.PULSE_COMPOSE_BATCH * 10])
    Part.objects.filter(pk__in=some).delete()
    return bool(some)
