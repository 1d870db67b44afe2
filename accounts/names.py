"""What a display name may be. Pure functions; no models."""

import re
import unicodedata

from django.core.exceptions import ValidationError

from pulse.characters import is_invisible

MAX_MARKS = 3  # accents on one letter; more of them climb over the neighbouring lines


def tidy_display_name(name: str) -> str:
    """The name composed (NFC), without white space around it and with single spaces inside."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", name)).strip()


def validate_display_name(name: str) -> None:
    """Raise ValidationError for a name that shows nothing, hides characters or looks like an address."""
    if any(is_invisible(character) for character in name):
        raise ValidationError("This name contains invisible characters. Type it again.", code="invisible")
    if not any(unicodedata.category(character)[0] in "LN" for character in name):
        raise ValidationError("A name needs at least one letter or digit.", code="no_letter")
    if "@" in name:
        raise ValidationError(
            "Choose a name that is not an email address: it is shown to everyone.", code="address"
        )
    if _most_marks(name) > MAX_MARKS:
        raise ValidationError("This name piles up too many accents. Use fewer.", code="marks")


def _most_marks(name: str) -> int:
    """The length of the longest run of combining marks."""
    longest = run = 0
    for character in name:
        run = run + 1 if unicodedata.combining(character) else 0
        longest = max(longest, run)
    return longest
