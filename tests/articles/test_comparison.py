"""Comparing two versions of a story: which words came and went, for whoever may work on it."""

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from articles import comparison
from articles.comparison import ADDED, REMOVED, SAME, Run, compare, compare_paragraphs, compare_words
from tests.factories import change_headline, make_article, make_user

pytestmark = pytest.mark.once


def text_of(runs, *kinds):
    return "".join(run.text for run in runs if run.kind in kinds)


def test_a_changed_word_is_marked_and_its_neighbours_are_not():
    assert compare_words("one two three", "one 2 three") == [
        Run(SAME, "one "),
        Run(REMOVED, "two"),
        Run(ADDED, "2"),
        Run(SAME, " three"),
    ]


def test_a_new_paragraph_leaves_the_others_alone():
    found = list(compare_paragraphs("One.\n\nThree.", "One.\n\nTwo.\n\nThree."))
    assert found == [[Run(SAME, "One.")], [Run(ADDED, "Two.")], [Run(SAME, "Three.")]]


def test_a_part_that_stayed_is_not_listed():
    changes = compare({"Story": "A", "Kicker": "B"}, {"Story": "A", "Kicker": "C"})
    assert [change.part for change in changes] == ["Kicker"]


@given(st.text(), st.text())
def test_nothing_is_lost_between_the_two_texts(before, after):
    runs = compare_words(before, after)
    assert text_of(runs, SAME, REMOVED) == before
    assert text_of(runs, SAME, ADDED) == after


@pytest.fixture
def newsroom_client(db):
    client = Client()
    client.force_login(make_user(role="Editor"))
    return client


def test_the_draft_is_compared_with_what_is_live(newsroom_client):
    article = make_article(headline="Old words here")
    change_headline(article, "New words here")
    html = newsroom_client.get(f"/admin/articles/article/{article.pk}/compare/").content.decode()
    assert "<del>Old</del><ins>New</ins> words here" in html
    assert "Story</h2>" not in html


def test_markup_in_a_version_is_shown_as_text(newsroom_client):
    article = make_article(headline="Plain")
    change_headline(article, "<script>alert(1)</script>")
    html = newsroom_client.get(f"/admin/articles/article/{article.pk}/compare/").content.decode()
    assert "<script>alert" not in html


@pytest.mark.parametrize("query", ["?from=99", "?to=abc", "?from=%C2%B2", "?from=" + "9" * 400])
def test_a_revision_that_is_not_there_is_a_404(newsroom_client, query):
    article = make_article()
    assert newsroom_client.get(f"/admin/articles/article/{article.pk}/compare/{query}").status_code == 404


@pytest.mark.parametrize("role", ["Moderator", None])
def test_comparing_is_for_the_newsroom(db, role):
    article, client = make_article(), Client()
    client.force_login(make_user(role=role))
    assert client.get(f"/admin/articles/article/{article.pk}/compare/").status_code in {302, 403}


@pytest.mark.parametrize("end", [" ", ". "])
def test_one_endless_paragraph_is_compared_without_reading_every_pair_of_its_words(end, monkeypatch):
    sizes = []
    real = comparison._opcodes

    def noted(old, new):
        sizes.append(len(old) + len(new))
        return real(old, new)

    monkeypatch.setattr(comparison, "_opcodes", noted)
    before = end.join(f"word{number} and some more of it" for number in range(600))
    after = before.replace("word300", "changed")
    runs = comparison.compare_words(before, after)
    assert "".join(run.text for run in runs if run.kind != "added") == before
    assert "".join(run.text for run in runs if run.kind != "removed") == after
    assert max(sizes, default=0) <= 1_300
