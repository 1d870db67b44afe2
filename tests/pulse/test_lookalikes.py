"""What looks alike is alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulse.lookalikes import folded, shape


@pytest.mark.parametrize(
    "disguised",
    [
        "ADMIN",
        "ádmîn",
        "аdmіn",  # Cyrillic а and і
        "ΑDΜΙΝ",  # Greek capitals
        "αdμιν",
        "Ａｄｍｉｎ",  # full width
        "𝓐𝔡𝕞𝒊𝗇",  # mathematical
        "Ⓐⓓⓜⓘⓝ",
        "🅰🅳🅼🅸🅽",
        "🇦🇩🇲🇮🇳",
        "ᴀᴅᴍɪɴ",  # small capitals
        "a\u0336d\u0336m\u0336i\u0336n\u0336",  # struck through
        "a\u20ddd\u20e3min",  # a circle and a key drawn around
        "ad\u200bm\u200di\u2060n",
        "ad\u00admin\ufeff",
        "a\u034fdm\u115fin\ufe0f",
        "\u202eadmin\u202c",
        " \u2800admin\u3164 ",
    ],
)
def test_what_looks_like_a_word_folds_to_it(disguised):
    """Case, accents, borrowed letters and what shows nothing make no difference."""
    assert folded(disguised) == "admin"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Straße  nach\tŁódź", "strasse nach lodz"),
        ("Ærø, 2 km!", "aero, 2 km!"),
        ("نَعَم", "نعم"),  # the points go, the letters stay
        ("नमस्ते", "नमस्ते"),  # vowel signs are letters, not accents
        ("がぎ 田中 한국", "がぎ 田中 한국"),
        ("", ""),
    ],
)
def test_words_and_other_scripts_stay(text, expected):
    """Spaces, digits and punctuation are kept, and scripts that resemble no Latin letter keep their marks."""
    assert folded(text) == expected


@given(st.text(max_size=60))
def test_folding_again_changes_nothing(text):
    """Whatever is folded stays as it is, whoever folds it once more."""
    assert folded(folded(text)) == folded(text)


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll"]), max_size=30))
def test_a_word_in_capitals_folds_like_the_word(text):
    """Case makes no difference in any script that has one."""
    assert folded(text.lower()) == folded(text)


@pytest.mark.parametrize(
    "name", ["the_pu1se", "The PuIse", "T h e  P.u.l.s.e!", "The-Pul5e", "ThePulse", "7he Pul$e", "Тhе Рulsе"]
)
def test_names_that_look_alike_at_a_glance_have_one_shape(name):
    """Digits for letters, I for l, and what stands between letters deceive nobody."""
    assert shape(name) == shape("The Pulse")


def test_two_letters_that_look_like_one_have_its_shape():
    """As in “Adrnin”."""
    assert shape("Adrnin") == shape("Admin")
    assert shape("Vvriter") == shape("Writer")


@pytest.mark.parametrize("name", ["The Impulse", "Pulse", "Ana", "田中", "--"])
def test_other_names_keep_a_shape_of_their_own(name):
    """A name that merely resembles is another name."""
    assert shape(name) != shape("The Pulse")
