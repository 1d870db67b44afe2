"""Two people's changes put together: nothing that was typed is dropped, and a clash is always seen."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.merging import merge, merge_list, merge_text, settle

pytestmark = pytest.mark.once

PARAGRAPHS = st.lists(st.sampled_from(["One.", "Two.", "Three.", "Four.", "Five."]), max_size=6).map(
    "\n\n".join
)


def story(**parts):
    empty = dict.fromkeys(
        ("headline", "kicker", "dek", "tldr", "lead_alt", "section", "lead_image", "body"), ""
    )
    return {**empty, "topics": [], "authors": [], "terms": [], "impacts": [], **parts}


def impact(pk, text):
    return {"id": pk, "lenses": [1], "text": text, "horizon_on": None, "confidence": "", "test": ""}


def test_changes_in_different_paragraphs_are_kept_together():
    merged, has_clash = merge_text("A.\n\nB.\n\nC.", "A, theirs.\n\nB.\n\nC.", "A.\n\nB.\n\nC, yours.")
    assert (merged, has_clash) == ("A, theirs.\n\nB.\n\nC, yours.", False)


def test_the_same_change_by_both_is_no_clash():
    assert merge_text("A.", "A, new.", "A, new.") == ("A, new.", False)


def test_a_paragraph_changed_by_both_is_a_clash_and_the_rest_is_merged():
    base, theirs, yours = "A.\n\nB.\n\nC.", "A, theirs.\n\nB.\n\nC, theirs.", "A, yours.\n\nB.\n\nC."
    assert merge_text(base, theirs, yours) == ("A, yours.\n\nB.\n\nC, theirs.", True)
    assert merge_text(base, theirs, yours, prefer="theirs") == ("A, theirs.\n\nB.\n\nC, theirs.", True)
    assert merge_text(base, theirs, yours, prefer="both") == (
        "A, theirs.\n\nA, yours.\n\nB.\n\nC, theirs.",
        True,
    )


def test_a_paragraph_deleted_by_one_and_changed_by_the_other_is_a_clash():
    assert merge_text("A.\n\nB.\n\nC.", "A.\n\nC.", "A.\n\nB, yours.\n\nC.")[1]


def test_two_paragraphs_added_at_the_same_place_are_a_clash():
    assert merge_text("A.", "A.\n\nTheirs.", "A.\n\nYours.")[1]


def test_line_ends_of_a_browser_are_no_change():
    assert merge_text("A.\n\nB.", "A.\n\nB, theirs.", "A.\r\n\r\nB.") == ("A.\n\nB, theirs.", False)


@given(base=PARAGRAPHS, theirs=PARAGRAPHS, yours=PARAGRAPHS)
@settings(max_examples=150, deadline=None)
def test_without_a_clash_every_paragraph_somebody_added_is_there(base, theirs, yours):
    merged, has_clash = merge_text(base, theirs, yours)
    there, began = merged.split("\n\n"), base.split("\n\n")
    for version in (theirs, yours) if not has_clash else (yours,):
        assert all(paragraph in there for paragraph in version.split("\n\n") if paragraph not in began)


@given(base=PARAGRAPHS, other=PARAGRAPHS)
@settings(max_examples=100, deadline=None)
def test_what_only_one_changed_is_taken_as_it_is(base, other):
    assert merge_text(base, base, other) == (other, False)
    assert merge_text(base, other, base) == (other, False)


def test_lists_keep_what_either_added_and_lose_what_either_removed():
    assert merge_list([1, 2, 3], [1, 3, 4], [2, 3, 5]) == [3, 4, 5]


def test_an_impact_deleted_by_one_and_changed_by_the_other_stays():
    base = story(impacts=[impact(1, "Old.")])
    gone, changed = story(), story(impacts=[impact(1, "New.")])
    for theirs, yours in ((gone, changed), (changed, gone)):
        merged = merge(base, theirs, yours)
        assert [entry["text"] for entry in merged.content["impacts"]] == ["New."]
        assert not merged.clashes


def test_impacts_added_by_both_are_both_there():
    merged = merge(story(), story(impacts=[impact(7, "Theirs.")]), story(impacts=[impact(None, "Yours.")]))
    assert [entry["text"] for entry in merged.content["impacts"]] == ["Theirs.", "Yours."]


def test_after_a_clash_was_shown_yours_counts_and_the_rest_of_theirs_stays():
    base = story(impacts=[impact(1, "Old."), impact(2, "Other.")], headline="Old")
    theirs = story(
        impacts=[impact(1, "Theirs."), impact(2, "Other."), impact(3, "Added.")], headline="Theirs"
    )
    yours = story(impacts=[impact(1, "Yours."), impact(2, "Other.")], headline="Yours")
    first = merge(base, theirs, yours)
    assert first.clashes == {"headline", "impacts"}
    second = merge(settle(base, theirs, first), theirs, yours)
    assert not second.clashes
    assert second.content["headline"] == "Yours"
    assert [entry["text"] for entry in second.content["impacts"]] == ["Yours.", "Other.", "Added."]


def test_parts_only_they_changed_are_named_as_unseen():
    merged = merge(story(dek="Old"), story(dek="Theirs"), story(dek="Old", headline="Yours"))
    assert merged.theirs_only == {"dek"}
    assert merged.content["dek"] == "Theirs"
