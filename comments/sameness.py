"""Whether two comments say the same, whatever was changed to hide it. Pure functions, no models."""

import hashlib
import re
from collections import Counter
from functools import lru_cache

from django.conf import settings

from pulse.lookalikes import folded

LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
NEARLY = 0.75  # the share of the runs of letters that two texts have in common
RUN = 4  # letters; two texts in one language share a third of these at most
LONG_ENOUGH = 30  # letters; of shorter texts only the same is the same
REMEMBERED = 200  # texts: each is compared with every one that its author just posted


@lru_cache(maxsize=REMEMBERED)
def letters(text: str) -> str:
    """What stays when links, digits, punctuation, case, accents and borrowed letters are left out."""
    return re.sub(r"[\W\d_]", "", folded(LINK.sub(" ", text)))


def fingerprint(text: str) -> str:
    """A short name that texts share which say much the same; empty for one too short to tell.

    “I agree” is said by many. A text of PULSE_REPEAT_LETTERS letters is said by one.
    """
    said = letters(text)
    if len(said) < settings.PULSE_REPEAT_LETTERS:
        return ""
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


def is_nearly_the_same(one: str, other: str) -> bool:
    """Whether two texts differ in no more than a word or a sign here and there.

    Takes as long as the texts are, whatever they hold: it is asked while others wait for the discussion.
    """
    said, again = letters(one), letters(other)
    if min(len(said), len(again)) < LONG_ENOUGH:
        return folded(one) == folded(other)
    runs, same = _runs(said), _runs(again)
    return 2 * (runs & same).total() > NEARLY * (runs.total() + same.total())


def _runs(said: str) -> Counter[str]:
    """How often each run of letters comes in a text."""
    return Counter(said[start : start + RUN] for start in range(len(said) - RUN + 1))
