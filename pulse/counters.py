"""When each tag last changed, in memory that all processes of this machine share.

A file mapped into memory holds one number for each tag, of which there are a fixed number of places: two tags
that share one cost a page made again for nothing, and no more. A change counts the generation up by one and
writes it into the places of its tags. A page remembers the generation it was begun in; it is out of date if
one of its tags has a later one. Reading asks nobody: no lock, no socket, no system call.
"""

import fcntl
import logging
import mmap
import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

GENERATION = 0  # the place of a number that is no tag's
APPLIED, APPLIED_PLACES = 64, 256  # the last changes that were applied, by their number
TAGS, TAG_PLACES = 1_024, 65_536
WORD = 8  # bytes
ALONE = -1  # in place of a file: memory of this process
SIZE = (TAGS + TAG_PLACES) * WORD


class Counters:
    """The numbers in the map at a path; without a path, or if it cannot be written, of this process alone."""

    def __init__(self, path: Path | None) -> None:
        self._writing = threading.Lock()
        self._file = _opened(path) if path else ALONE
        memory = mmap.mmap(self._file, SIZE)
        self._words = memoryview(memory).cast("Q")

    @property
    def generation(self) -> int:
        """How many changes there have been."""
        return self._words[GENERATION]

    def has_changed(self, places: Iterable[int], *, since: int) -> bool:
        """Whether one of these places has changed after a generation."""
        words = self._words
        return any(words[place] > since for place in places)

    def has_applied(self, number: int) -> bool:
        """Whether this machine has counted a change already, of the last few hundred."""
        return self._words[APPLIED + number % APPLIED_PLACES] == number

    def apply(self, number: int, tags: Iterable[str]) -> None:
        """Count a change of these tags, and that its number was."""
        with self._alone():
            self._words[APPLIED + number % APPLIED_PLACES] = number
            self._count(tags)

    def ring(self, tag: str) -> None:
        """Count a change that no page shows and no other machine hears of: a bell for this machine."""
        with self._alone():
            self._count([tag])

    def _count(self, tags: Iterable[str]) -> None:
        generation = self._words[GENERATION] + 1
        for tag in tags:
            self._words[place(tag)] = generation
        self._words[GENERATION] = generation  # last: whoever sees it sees the places too

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While nobody else writes: no other thread, and no other process."""
        with self._writing:
            if self._file != ALONE:
                fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                if self._file != ALONE:
                    fcntl.flock(self._file, fcntl.LOCK_UN)


def place(tag: str) -> int:
    """A tag's place in the map, the same in every process."""
    return TAGS + int.from_bytes(blake2b(tag.encode(), digest_size=4).digest()) % TAG_PLACES


def _opened(path: Path) -> int:
    """The map's file at its full size, open for as long as the process lives."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.truncate(file, SIZE)
    except OSError as error:
        logger.warning("%s cannot be written. Changes reach this process a moment later: %s", path, error)
        return ALONE
    return file


@cache
def counters() -> Counters:
    """The map of this machine, opened once in each process."""
    return Counters(settings.DATA_DIR / "changes.map")
