"""The checks of terms and acronyms: what the story mentions and nothing explains, and what it never uses."""

import pytest

from articles.acronyms import acronyms, explained
from articles.reading import mentioned, read
from tests.articles.test_checks import codes, found, only
from tests.factories import TLDR, make_term

# Acronyms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A GPU and two GPUs, an HBM3E; CPU/TPU.", ["GPU", "HBM3E", "CPU"]),
        ("GPT-4 beats GPT-3", ["GPT"]),
        ("Rule XIV, chapter II, a CV", ["CV"]),
        ("H100 R1 A I. McDONALD aGPU ABCDEFG @HBM #HBM https://x.example/API_ABC AT&T", []),
        ("(LLM), “MoE”", ["LLM"]),
    ],
)
def test_acronyms_are_words_of_capitals(text, expected):
    assert acronyms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A graphics processing unit (GPU) is fast. The GPU.", True),
        ("Graphics processing units (GPUs).", True),
        ("The GPU (graphics processing unit).", True),
        ("A GPU is fast (very).", False),
        ("A GPU (fast).", False),
        ("(GPU)", False),
    ],
)
def test_an_acronym_is_explained_when_it_is_written_out_once(text, expected):
    assert ("GPU" in explained(text)) is expected


@pytest.mark.django_db
def test_an_acronym_nobody_explains_offers_a_new_term():
    check = only("The QKV is large.")
    assert (check.code, check.severity, check.part) == ("acronym", "advice", "body")
    assert (check.fix.kind, check.fix.value) == ("new_term", "QKV")
    assert only(tldr=f"{TLDR} QKV").part == "tldr"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", ["The EU and the CEO.", "A `QKV` in code.", "A key cache (QKV) and its QKV."]
)
def test_acronyms_that_need_no_explaining_are_left_alone(body):
    assert codes(body) == []


@pytest.mark.django_db
def test_an_acronym_of_the_briefing_is_known():
    term = make_term(name="KV cache", aliases=["QKV"])
    assert codes("The QKV here.", terms=[term.pk]) == []


@pytest.mark.django_db
def test_an_acronym_that_stands_only_in_a_heading_is_taken_from_the_glossary():
    term = make_term(name="QKV")
    check = only("## The QKV\n\nText.")
    assert (check.code, check.fix.kind, check.fix.value) == ("acronym", "add_term", str(term.pk))


# Terms


@pytest.mark.django_db
def test_terms_the_story_mentions_are_offered_in_their_order_with_aliases_and_plurals():
    cache = make_term(name="KV cache")
    prefill = make_term(name="prefill", aliases=["first pass"])
    draft = make_term(name="decode", is_published=False)
    make_term(name="unmentioned")
    checks_found = found("Then the first pass, and decode. Many KV caches.")
    assert [check.code for check in checks_found] == ["term_lacking"] * 3
    assert [check.fix.value for check in checks_found] == [str(t.pk) for t in (prefill, draft, cache)]
    assert "as a draft term" in checks_found[1].sentence
    assert "as a draft term" not in checks_found[0].sentence


@pytest.mark.django_db
def test_a_term_is_offered_once_even_if_it_is_an_acronym():
    make_term(name="QKV")
    assert codes("The QKV. The QKV again.") == ["term_lacking"]


@pytest.mark.django_db
def test_reading_a_story_for_its_terms_leaves_it_as_it_was():
    term, reading = make_term(name="prefill"), read("Prefill.")
    assert mentioned(reading.tokens, [term]) == mentioned(reading.tokens, [term]) == [term.slug]


@pytest.mark.django_db
def test_the_longest_term_is_meant():
    long = make_term(name="KV cache")
    make_term(name="cache")
    assert [check.fix.value for check in found("A KV cache.")] == [str(long.pk)]


@pytest.mark.django_db
def test_briefing_terms_the_story_never_uses_are_advice_in_the_order_of_the_form():
    used, second, first = make_term(name="prefill"), make_term(name="zebra"), make_term(name="apple")
    checks_found = found("Prefill first.", terms=[first.pk, used.pk, second.pk])
    assert [check.code for check in checks_found] == ["term_unused"] * 2
    assert [(check.fix.kind, check.fix.text) for check in checks_found] == [
        ("remove_term", "apple"), ("remove_term", "zebra"),
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["## Prefill\n\nText.", "> Prefill", "[prefill](/)", "Prefills"])
def test_a_briefing_term_is_used_wherever_it_stands(body):
    assert codes(body, terms=[make_term(name="prefill").pk]) == []


@pytest.mark.django_db
def test_a_draft_term_in_the_briefing_is_pointed_out():
    term = make_term(name="prefill", is_published=False)
    assert codes("Prefill.", terms=[term.pk]) == ["term_draft"]
