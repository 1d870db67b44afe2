"""Whether two comments say the same, whatever was changed to hide it. Pure functions, no models."""

import hashlib
import re
from difflib import SequenceMatcher

from django.conf import settings

from pulse.lookalikes import folded

LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
NEARLY = 0.9  # the share of two texts that is alike in both
LONG_ENOUGH = 30  # letters; of shorter texts only the same is the same


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
    """Whether two texts differ in no more than a word or a sign here and there."""
    if folded(one) == folded(other):
        return True
    said, again = letters(one), letters(other)
    if min(len(said), len(again)) < LONG_ENOUGH:
        return False
    matcher = SequenceMatcher(None, said, again, autojunk=False)
    return matcher.real_quick_ratio() > NEARLY and matcher.quick_ratio() > NEARLY and matcher.ratio() > NEARLY
