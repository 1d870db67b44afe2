"""What a display name may be. Functions of text; whose names are taken, others say.

`validate_display_name` holds for every name there is, `validate_new_name` for one that somebody chooses: who
had theirs before there was such a rule keeps it.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.exceptions import ValidationError

from pulse.characters import is_invisible
from pulse.lookalikes import shape

MAX_MARKS = 3  # accents on one letter; more of them climb over the neighbouring lines
ALPHABETS = {"LATIN", "CYRILLIC", "GREEK"}  # those with letters that pass for one another's
# Nobody but the newsroom is called one of these, as a whole or as one word of several.
OFFICES = [
    *("admin", "administrator", "administration", "editor", "editors", "editorial", "mod", "moderator"),
    *("moderators", "moderation", "newsroom", "official", "owner", "root", "staff", "support", "sysadmin"),
    *("system", "webmaster", "pulse"),
]
LONG = 9  # letters from which on a reserved word is recognised inside another one, as in “ModeratorJane”
RESERVED = "This name belongs to the newsroom, or looks as if it did. Choose another one."
MIXED = "This name mixes letters of two alphabets in one word. Write each word in one of them."

Ask = Callable[[int | None], Iterable[str]]
_asked: list[Ask] = []


def reserved_by(ask: Ask) -> None:
    """Have a function say which names belong to the newsroom, those of the user with this key aside.

    Apps to the right say so in their AppConfig. It is asked once for every name that a reader chooses.
    """
    _asked.append(ask)


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


def validate_new_name(name: str, *, user_pk: int | None = None) -> None:
    """Raise ValidationError for a name that could pass for one of the newsroom's, or means to deceive.

    One query for each app that was asked.
    """
    if any(len(_alphabets(word)) > 1 for word in name.split()):
        raise ValidationError(MIXED, code="mixed")
    if _is_office(name) or shape(name) in {shape(taken) for ask in _asked for taken in ask(user_pk)}:
        raise ValidationError(RESERVED, code="reserved")


def _is_office(name: str) -> bool:
    """Whether a name, or a word of it, looks like an office of the newsroom or like the publication."""
    offices = {shape(office) for office in OFFICES}
    names = {shape(settings.PULSE_SITE_NAME)} | {office for office in offices if len(office) >= LONG}
    whole = shape(name)
    return bool({whole, *_words(name)} & (offices | names)) or any(long in whole for long in names)


def _words(name: str) -> set[str]:
    """The shapes of a name's words: “JaneEditor_2” has jane and editor."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", apart))
    return {shape(word) for word in words} | {shape(word.strip("0123456789")) for word in words}


def _alphabets(word: str) -> set[str]:
    """Which of the alphabets that resemble one another a word has letters of."""
    letters = (unicodedata.name(letter, "") for letter in unicodedata.normalize("NFKC", word))
    return {name.partition(" ")[0] for name in letters} & ALPHABETS


def _most_marks(name: str) -> int:
    """The length of the longest run of combining marks."""
    longest = run = 0
    for character in name:
        run = run + 1 if unicodedata.combining(character) else 0
        longest = max(longest, run)
    return longest
