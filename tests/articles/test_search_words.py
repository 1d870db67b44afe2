"""How texts and queries are cut into words, stems, parts and passages, and misspelt words mended. Pure."""

import time

import pytest

from articles.search.passages import marked, passage
from articles.search.query import Part, parse
from articles.search.spelling import distance, near
from articles.search.stemming import stem
from articles.search.words import fold, words

pytestmark = pytest.mark.once

# From the paper's own examples, step by step.
PORTER = {
    "caresses": "caress", "ponies": "poni", "cats": "cat", "feed": "feed", "agreed": "agre",
    "plastered": "plaster", "motoring": "motor", "sing": "sing", "conflated": "conflat", "sized": "size",
    "hopping": "hop", "falling": "fall", "filing": "file", "happy": "happi", "sky": "sky",
    "relational": "relat", "rational": "ration", "digitizer": "digit", "vileli": "vile",
    "vietnamization": "vietnam", "operator": "oper", "hopefulness": "hope", "sensibiliti": "sensibl",
    "triplicate": "triplic", "electrical": "electr", "goodness": "good", "revival": "reviv",
    "inference": "infer", "adoption": "adopt", "replacement": "replac", "effective": "effect",
    "rate": "rate", "cease": "ceas", "controll": "control", "roll": "roll", "oscillators": "oscil",
}  # fmt: skip


@pytest.mark.parametrize(("word", "expected"), PORTER.items())
def test_words_of_english_come_to_their_stem(word, expected):
    assert stem(word) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("chips", "chip"),
        ("memories", "memory"),
        ("quantisation", "quantization"),
        ("analysed", "analyze"),
        ("trained", "training"),
    ],
)
def test_forms_and_spellings_of_a_word_share_a_stem(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize("word", ["ai", "gpt4", "日本", "été", "x", ""])
def test_what_is_no_english_word_is_its_own_stem(word):
    assert stem(word) == word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Café", "cafe"),
        ("Łukasz", "lukasz"),
        ("Straße", "strasse"),
        ("ﬁne", "fine"),
        ("O’Brien", "obrien"),
        ("½", "12"),
        ("ИИ", "ии"),
        ("𝔞𝔟", "ab"),
    ],
)
def test_accents_and_case_are_folded(text, expected):
    assert fold(text) == expected


def test_a_word_of_any_length_stays_within_forty_bytes():
    assert len(fold("я" * 500).encode()) <= 40
    assert len(fold("ﷺ" * 200).encode()) <= 40


def test_words_stand_where_they_are_in_the_text():
    text = "The model’s café-chips, 26."
    assert [text[word.start : word.end] for word in words(text)] == ["The", "model’s", "café", "chips", "26"]
    assert [word.folded for word in words(text)] == ["the", "model", "cafe", "chips", "26"]


def test_a_query_is_words_phrases_and_what_to_leave_out():
    query = parse('memory “wall of fire” -price -"two words"')
    assert query.wanted == (Part(("memori",)), Part(("wall", "of", "fire")))
    assert query.unwanted == (Part(("price",)), Part(("two", "word")))


@pytest.mark.parametrize(
    ("typed", "stems"),
    [
        ("what is an agent", [("agent",)]),
        ("the who", [("the",), ("who",)]),
        ("GPT-4 costs", [("gpt", "4"), ("cost",)]),
        ('"open to the end', [("open", "to", "the", "end")]),
        ("same same", [("same",)]),
        ("e\u0301tude", [("etud",)]),
        ('""', []),
        ("-", []),
        ("😀 ?!", []),
    ],
)
def test_what_is_typed_is_understood_somehow(typed, stems):
    assert [part.stems for part in parse(typed).wanted] == stems


def test_the_last_word_may_be_unfinished_only_while_it_is_typed():
    assert parse("photonic mem", is_typing=True).wanted[-1].begins == "mem"
    assert parse("photonic mem ", is_typing=True).wanted[-1].begins == ""
    assert parse("photonic me", is_typing=True).wanted[-1].begins == ""
    assert parse("photonic -mem", is_typing=True).wanted[-1].begins == ""
    assert parse("photonic mem").wanted[-1].begins == ""


def test_a_query_that_is_too_long_is_not_taken_apart(settings):
    query = parse("a" * (settings.PULSE_SEARCH_MAX_CHARS + 1))
    assert query.is_too_long
    assert not query.wanted


def shown(pieces):
    return "".join(f"[{piece.text}]" if piece.is_match else piece.text for piece in pieces)


TEXT = (
    "A summary of nothing much.\n"
    + "Filler that says little. " * 20
    + "The café’s photonic memories cost a lot of money, they say. Then more of the same. "
    + "Filler that says little. " * 20
    + "\nAn outlook on prices."
)


def test_a_passage_shows_the_matches_in_whole_words_and_marks_them():
    text = shown(passage(TEXT, parse("photonic memory cafe").wanted))
    assert "The [café’s] [photonic] [memories] cost" in text
    assert text.endswith(" …")
    assert len(text) < 270


def test_a_passage_stays_in_its_paragraph_and_needs_no_dots_there():
    assert shown(passage(TEXT, parse("price").wanted)) == "An outlook on [prices]."


def test_a_phrase_is_marked_as_one_and_its_words_alone_are_not():
    text = shown(passage("Memory, photonic. A photonic memory.", parse('"photonic memory"').wanted))
    assert text == "Memory, photonic. A [photonic memory]."


def test_what_is_being_typed_is_marked_by_its_beginning():
    assert (
        shown(marked("Photonics and phones", parse("phot", is_typing=True).wanted))
        == "[Photonics] and phones"
    )


def test_without_a_match_a_passage_is_the_beginning():
    assert shown(passage(TEXT, parse("absent").wanted)) == "A summary of nothing much."
    assert passage("", parse("absent").wanted) == []


@pytest.mark.parametrize("text", ["a " * 100_000, "a\n" * 50_000, "a" * 200_000, "- " * 100_000])
def test_a_passage_of_any_text_is_short_and_found_at_once(text):
    start = time.process_time()
    pieces = passage(text, parse("a absent " + "b " * 60).wanted)
    assert time.process_time() - start < 1
    assert len("".join(piece.text for piece in pieces)) < 260


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("memroy", "memory"),
        ("infrence", "inference"),
        ("quantiisation", "quantisation"),
        ("hpotonic", "photonic"),
        ("cihp", "chip"),
        ("acelerattor", "accelerator"),
    ],
)
def test_a_slip_or_two_lead_to_the_word(typed, meant):
    known = [
        "memory",
        "memo",
        "inference",
        "quantisation",
        "photonic",
        "chip",
        "ship",
        "accelerator",
        "theory",
    ]
    assert near(typed, known)[0] == meant


def test_a_short_word_is_not_bent_into_another():
    assert near("cats", ["boat", "dogs", "at"]) == []


def test_distance_stops_counting_where_it_does_not_matter():
    assert distance("memory", "memory", most=2) == 0
    assert distance("ab", "ba", most=2) == 1
    assert distance("photonic", "something", most=2) == 3
    assert distance("short", "much longer", most=2) == 3
