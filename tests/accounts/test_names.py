"""What a display name may be."""

from http import HTTPStatus

import pytest
from django.core.exceptions import ValidationError

from accounts.forms import AccountNameForm
from accounts.names import tidy_display_name, validate_display_name, validate_new_name
from tests.factories import make_author, make_user


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


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_a_name_has_a_length(name):
    """Empty and longer than 40 characters are refused in the form, not by the database."""
    assert not AccountNameForm({"display_name": name}).is_valid()
    assert AccountNameForm({"display_name": "x" * 40}).is_valid()


# ---- A name that somebody chooses


@pytest.fixture
def newsroom():
    """A member of the newsroom, and an author without an account."""
    make_author(name="Ines Roca")
    return make_user(name="Jonas Weil", role="Editor")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "The Pulse",
        "the_pu1se",
        "PulseTeam Thе Pulse",  # a Cyrillic е
        "Moderator",
        "ＭＯＤＥＲＡＴＯＲ",
        "M o d e r a t o r",
        "ModeratorJane",
        "Jane, editor",
        "Jane_Editor2",
        "4dmin",
        "Admin",
        "ΑDΜΙΝ",
        "Αdmín 1",
        "Pulse Support",
        "Jonas Weil",
        "jonas  weiI",  # a capital I
        "Jοnas Weil",  # a Greek ο
        "Ínes.Roca",
        "InesRoca",
    ],
)
def test_nobody_signs_up_as_somebody_of_the_newsroom(client, newsroom, name):
    """Neither as an office nor as one of its people, however it is spelt; what was typed stays."""
    fields = {"display_name": name, "email": "ana@example.org", "password1": "a short sentence works"}
    page = client.post("/accounts/signup/", fields)
    assert page.status_code == HTTPStatus.OK
    assert page.context["form"].errors.as_data()["display_name"][0].code in {"reserved", "mixed"}
    assert page.context["form"]["display_name"].value() == name


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "Badminton fan",
        "The Impulse",
        "Modest Ana",
        "Jonas",
        "Weil",
        "Ана Модестова",
        "Αθηνά",
        "Ana Анна",
        "Edith",
    ],
)
def test_a_name_that_merely_resembles_is_welcome(newsroom, name):
    """Words count as words, and an alphabet is nobody's fault."""
    validate_new_name(name)


@pytest.mark.django_db
def test_a_word_of_two_alphabets_is_refused():
    """It can only mean to look like another word."""
    with pytest.raises(ValidationError) as refusal:
        validate_new_name("Мaria")
    assert refusal.value.code == "mixed"


@pytest.mark.django_db
def test_a_reader_cannot_become_a_colleague_but_keeps_the_name_they_had(newsroom):
    """The rule is for names that are chosen; the newsroom's own people have theirs."""
    reader = make_user(name="Moderator Max")
    assert AccountNameForm({"display_name": "Moderator Max"}, instance=reader).is_valid()
    assert not AccountNameForm({"display_name": "Moderator Maxi"}, instance=reader).is_valid()
    assert not AccountNameForm({"display_name": "Ines Roca"}, instance=reader).is_valid()
    assert AccountNameForm({"display_name": "Jonas Weil, editor"}, instance=newsroom).is_valid()


@pytest.mark.django_db
def test_an_author_without_a_desk_has_their_own_name():
    """A guest with a byline and an account may comment under it."""
    guest = make_user(name="Guest")
    make_author(name="Ines Roca", user=guest)
    assert AccountNameForm({"display_name": "Ines Roca"}, instance=guest).is_valid()
    assert not AccountNameForm({"display_name": "Ines Roca"}, instance=make_user()).is_valid()
