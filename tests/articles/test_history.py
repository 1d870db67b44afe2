"""The history of an article: every revision, what readers saw, names, and how it stays quick."""

import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import comparison, editing, publishing
from articles.comparison import compare
from articles.models import Article, Revision
from tests.articles.forms import signed_in, signed_in_as
from tests.factories import change_headline, make_article, make_draft, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WORDS = ["memory", "model", "chip", "story", "market", "reader", "number", "answer", "price"]


def history_url(article: Article, query: str = "") -> str:
    return f"/admin/articles/article/{article.pk}/history/{query}"


def long_story(seed: int) -> str:
    """Three thousand words in sixty paragraphs, two of them another text for each seed."""
    common, own = random.Random(1), random.Random(seed)
    paragraphs = [" ".join(common.choices(WORDS, k=50)) + "." for _ in range(60)]
    for place in (7, 40):
        paragraphs[place] = " ".join(own.choices(WORDS, k=50)) + "."
    return "\n\n".join(paragraphs)


def with_many_revisions(number: int) -> Article:
    article, editor = make_draft(body=long_story(0)), make_user(role="Editor")
    content = article.revisions.latest().content
    Revision.objects.bulk_create(
        Revision(article=article, number=n, by=editor, content={**content, "body": long_story(n)})
        for n in range(2, number + 1)
    )
    return article


def test_two_hundred_revisions_of_a_long_story_open_in_under_twenty_queries_and_read_no_text():
    article, client = with_many_revisions(200), signed_in()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        html = client.get(history_url(article)).content.decode()
    assert len(queries) < 20
    assert "200. " in html
    reading = [query["sql"] for query in queries if "body" in query["sql"] and "revision" in query["sql"]]
    assert reading == []


def test_comparing_opens_in_the_same_few_queries_however_long_the_history():
    short, long, client = with_many_revisions(3), with_many_revisions(60), signed_in()
    counts = []
    for article in (short, long):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/admin/articles/article/{article.pk}/compare/?from=1&to=3")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25


def test_comparing_looks_at_words_only_where_a_paragraph_changed(monkeypatch):
    compared = []
    real = comparison.compare_words

    def noted(before, after):
        compared.append(before)
        return real(before, after)

    monkeypatch.setattr(comparison, "compare_words", noted)
    compare({"Story": long_story(1)}, {"Story": long_story(2)})
    assert len(compared) == 2


def test_history_says_what_readers_saw_and_what_was_saved_while_writing():
    article = make_article(headline="First")
    editor = make_user(role="Editor")
    change_headline(article, "Second", by=editor)
    publishing.publish(article=article, by=editor)
    Revision.objects.create(
        article=article, number=9, by=editor, content=article.revisions.latest().content, is_autosave=True
    )
    html = signed_in().get(history_url(article)).content.decode()
    assert "Readers saw it from" in html
    assert "Live since" in html
    assert "saved while writing" in html


@pytest.mark.parametrize(
    ("show", "seen"),
    [("", {1, 2, 3}), ("live", {1}), ("named", {2}), ("kept", {1, 2}), ("nonsense", {1, 2, 3})],
)
def test_history_shows_only_what_was_asked_for(show, seen):
    article = make_article()
    content = article.revisions.latest().content
    Revision.objects.create(article=article, number=2, content=content, name="Legal read it")
    Revision.objects.create(article=article, number=3, content=content, is_autosave=True)
    page = signed_in().get(history_url(article, f"?show={show}")).context["page"]
    assert {revision.number for revision in page} == seen


def test_a_revision_can_be_named_and_the_name_taken_away():
    (client, _), article = signed_in_as("Editor"), make_draft()
    address = f"/admin/articles/article/{article.pk}/revisions/1/name/"
    client.post(address, {"name": "  Before   the lawyers "})
    assert article.revisions.get().name == "Before the lawyers"
    client.post(address, {"name": ""})
    assert article.revisions.get().name == ""


def test_a_name_that_is_too_long_is_refused_with_a_sentence():
    client, article = signed_in(), make_draft()
    response = client.post(
        f"/admin/articles/article/{article.pk}/revisions/1/name/", {"name": "x" * 81}, follow=True
    )
    assert "was not kept as a name" in response.content.decode()
    assert article.revisions.get().name == ""


def test_what_was_restored_can_be_restored_again():
    article, editor = make_draft(headline="One"), make_user(role="Editor")
    change_headline(article, "Two", by=editor)
    editing.restore_revision(article=article, to=article.revisions.get(number=1), by=editor)
    article.refresh_from_db()
    assert article.headline == "One"
    editing.restore_revision(article=article, to=article.revisions.get(number=2), by=editor)
    article.refresh_from_db()
    assert article.headline == "Two"
    assert article.revisions.count() == 4
