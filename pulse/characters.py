"""Which characters may be typed: one rule for models, forms and requests."""

import re
import unicodedata

from django.core.exceptions import ValidationError

# Every C0 and C1 control but tab, newline and carriage return, lone surrogates, and the code points that are
# no characters: what no database or no feed can carry. Of those above U+FFFF feeds carry all, and looking for
# them takes ten times as long.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def has_control_characters(text: str) -> bool:
    """Whether text holds a character that PostgreSQL, XML or UTF-8 refuses."""
    return CONTROL.search(text) is not None


def without_controls(text: str) -> str:
    """The text without control characters. Markdown can write one as `&#12;`, past every validator."""
    return CONTROL.sub("", text)


def validate_no_control_characters(text: str) -> None:
    """Raise ValidationError, saying where, if text holds a control character."""
    if found := CONTROL.search(text):
        raise ValidationError(
            "Character %(position)s is a control character (%(code)s), which cannot be published. Delete it.",
            code="control_character",
            params={"position": found.start() + 1, "code": f"U+{ord(found.group()):04X}"},
        )


def is_invisible(character: str) -> bool:
    """Whether a character shows nothing or turns the direction of what follows (zero-width, bidi marks)."""
    return unicodedata.category(character) in {"Cf", "Cc", "Cs", "Co", "Cn"}
