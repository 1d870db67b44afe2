"""What a display name may be."""

import pytest
from django.core.exceptions import ValidationError

from accounts.forms import AccountNameForm
from accounts.names import tidy_display_name, validate_display_name


@pytest.mark.parametrize(
    "name", ["Ana B.", "Łukasz", "kestrel_ops", "بريا", "田中", "4711", "Nguyễn Thị", "नमिता"]
)
def test_a_name_in_any_script_is_welcome(name):
    """Letters and digits of every script, accents included."""
    validate_display_name(tidy_display_name(name))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Ana\u200bB", "invisible"),
        ("\u202eanA", "invisible"),
        ("Ana\x00", "invisible"),
        ("...", "no_letter"),
        ("ana@example.org", "address"),
        ("a" + "\u0301" * 12, "marks"),
    ],
)
def test_a_name_that_deceives_is_refused(name, code):
    """Nothing hidden, nothing empty, no address for all to see, no tower of accents."""
    with pytest.raises(ValidationError) as refusal:
        validate_display_name(name)
    assert refusal.value.code == code


def test_a_name_is_tidied_before_it_is_judged():
    """Composed, trimmed, and with single spaces, so that two spellings of one name are one."""
    assert tidy_display_name("  Ana\u00a0 \t B. ") == "Ana B."
    assert tidy_display_name("Zoe\u0308") == "Zoë"


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_a_name_has_a_length(name):
    """Empty and longer than 40 characters are refused in the form, not by the database."""
    assert not AccountNameForm({"display_name": name}).is_valid()
    assert AccountNameForm({"display_name": "x" * 40}).is_valid()
