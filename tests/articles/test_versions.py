"""Readers see what was live when, and what changed; of the newsroom's own work they see nothing."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import editing, publishing
from articles.models import Article, Revision
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_image,
    make_section,
    make_term,
    make_topic,
    make_user,
)

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def editor():
    return make_user(name="Edda Secret", role="Editor")


def change(article: Article, editor, **fields) -> Revision:
    """Publish a change."""
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()
    return publishing.publish(article=article, by=editor)


def live_between(revision: Revision, start: str, end: str | None) -> None:
    """Put the period of a revision into the past."""
    moments = [
        dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC) if text else None for text in (start, end)
    ]
    Revision.objects.filter(pk=revision.pk).update(live_from=moments[0], live_until=moments[1])


def get(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def versions(article: Article) -> str:
    return get(f"{article.get_absolute_url()}versions/")


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0]).split())


def test_each_version_says_when_it_was_live_and_which_words_changed(editor):
    article = make_article(headline="Memory, not maths", body="One.\n\nTwo stays.", by=editor)
    first = article.live_revision()
    second = change(article, editor, headline="Memory, not logic", body="One more.\n\nTwo stays.")
    live_between(first, "2024-03-01T10:00", "2024-03-02T11:00")
    live_between(second, "2024-03-02T11:00", None)
    page = versions(article)
    assert '<del><span class="vh">Removed: </span>maths</del>' in page
    assert '<ins><span class="vh">Added: </span>logic</ins>' in page
    assert "Two stays." not in page  # what did not change is left out
    text = words(page)
    assert "Version 2, now 2 March 2024, 11:00 UTC" in text
    assert "Version 1 1 March 2024, 10:00 UTC until 2 March 2024, 11:00 UTC" in text
    assert text.index("Version 2") < text.index("Version 1") < text.index("First published.")


def test_every_part_that_readers_see_is_compared(editor):
    author, topic, term, section = make_author(), make_topic(), make_term(), make_section()
    article = make_article(impacts=[(["Market"], "More.")], by=editor)
    article.bylines.all().delete()
    article.bylines.create(author=author)
    article.topics.add(topic)
    article.briefing.create(term=term)
    article.impacts.update(text="Less.")
    change(
        article, editor, kicker="Now", dek="Another.", tldr="Short.", section=section, lead_image=make_image()
    )
    text = words(versions(article))
    for part in (
        "Kicker", "Standfirst", "The Pulse TL;DR", "Real-World Impact", "Technical Briefing", "Section",
        "Topics", "Bylines", "Lead picture",
    ):  # fmt: skip
        assert f" {part} " in text
    names = [author.name, topic.name, term.name, section.name]
    for name in (*(name.split()[-1] for name in names), "A grey square", "Less."):
        assert name in text


def test_a_footnote_that_changed_is_shown(editor):
    article = make_article(body="A claim.[^1]\n\n[^1]: Page 12.", by=editor)
    change(article, editor, body="A claim.[^1]\n\n[^1]: Page 21.")
    assert "Page Removed: 12. Added: 21." in words(versions(article))


def test_a_change_without_other_words_says_so(editor):
    article = make_article(body="See [this](/glossary/).", by=editor)
    change(article, editor, body="See [this](/archive/).")
    assert "The same words. Links, pictures or formatting" in versions(article)
    publishing.unpublish(article=article, by=editor)
    publishing.publish(article=article, by=editor)
    assert "The same text, published again." in versions(article)


def test_a_time_off_the_site_and_a_correction_stand_in_their_places(editor):
    article = make_article(by=editor)
    first = article.live_revision()
    publishing.unpublish(article=article, by=editor)
    second = change(article, editor, headline="Back")
    live_between(first, "2024-03-01T10:00", "2024-03-02T10:00")
    live_between(second, "2024-03-05T10:00", None)
    made = publishing.correct(article=article, by=editor, kind="correction", text="It was three.")
    article.corrections.filter(pk=made.pk).update(made_at=dt.datetime(2024, 3, 4, tzinfo=dt.UTC))
    text = words(versions(article))
    gap = text.index("From 2 March 2024, 10:00 UTC until 5 March 2024, 10:00 UTC")
    assert text.index("Version 2") < text.index("It was three.") < gap < text.index("Version 1")


def test_nothing_of_the_newsroom_shows(editor):
    article = make_article(headline="Seen", by=editor)
    editing.save_revision(article=article, by=editor, note="Secret-note")
    Revision.objects.filter(article=article).update(name="Secret-name", note="Secret-note")
    article.terms.add(make_term(name="Secret-term", is_published=False), through_defaults={"position": 0})
    change(article, editor, body="Seen-too.")
    article.headline = "Secret-draft"
    article.save()
    editing.save_revision(article=article, by=editor)
    publishing.schedule(article=article, by=editor, at=timezone.now() + dt.timedelta(days=1))
    publishing.schedule_end(article=article, by=editor, at=timezone.now() + dt.timedelta(days=400))
    pages = versions(article) + get(f"{article.get_absolute_url()}versions/1/")
    assert "Seen-too." in pages
    for secret in ("Secret-draft", "Secret-note", "Secret-name", "Secret-term", "Edda Secret"):
        assert secret not in pages
    assert "now" in words(versions(article))
    assert "until" not in words(versions(article)).partition("Version 2, now")[2].partition("Version 1")[0]
    for number in (0, 3, 4, 10**30):
        assert Client().get(f"{article.get_absolute_url()}versions/{number}/").status_code == 404


def test_text_that_readers_never_saw_in_the_page_is_not_compared(editor):
    article = make_article(body="Shown.\n\n[^hidden]: never referred to.", by=editor)
    change(article, editor, body="Shown now.\n\n[^hidden]: never referred to, and changed.")
    assert "referred" not in versions(article)


def test_a_version_shows_whole_with_a_banner_and_leads_machines_to_the_story(editor):
    article = make_article(headline="As it was", body="The old words.", by=editor)
    change(article, editor, headline="As it is", body="The new words.")
    address = f"{article.get_absolute_url()}versions/1/"
    response = Client().get(address)
    page = response.content.decode()
    assert "The old words." in page
    assert "The new words." not in page
    assert "An earlier version." in page
    assert f'<link rel="canonical" href="http://testserver{article.get_absolute_url()}">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert response["X-Robots-Tag"] == "noindex"
    assert page.count("<h1") == 1
    assert 'id="discussion"' not in page
    assert "data-story" not in page
    assert "The present version" in get(f"{article.get_absolute_url()}versions/2/")


@pytest.mark.parametrize("address", ["versions/", "versions/1/"])
def test_a_story_that_is_not_live_answers_as_its_own_page_does(editor, address):
    draft, gone, withdrawn = make_draft(by=editor), make_article(by=editor), make_article(by=editor)
    moved = make_article(slug="old", by=editor)
    publishing.unpublish(article=gone, by=editor)
    publishing.withdraw(article=withdrawn, by=editor)
    publishing.change_slug(article=moved, slug="new", by=editor)

    def status(slug: str) -> int:
        return Client().get(f"/articles/{slug}/{address}").status_code

    found = [status(slug) for slug in (draft.slug, gone.slug, withdrawn.slug, "nowhere", "old", "new")]
    assert found == [404, 404, 410, 404, 301, 200]


def test_long_histories_are_paged_and_each_change_stands_once(editor, settings):
    settings.PULSE_VERSIONS_PER_PAGE = 2
    article = make_article(headline="Version one", by=editor)
    for number in ("two", "three", "four", "five"):
        change(article, editor, headline=f"Version {number}")
    publishing.correct(article=article, by=editor, kind="update", text="Put right at last.")
    base = f"{article.get_absolute_url()}versions/"
    pages = [get(base), get(f"{base}?page=2"), get(f"{base}?page=3")]
    shown = [re.findall(r'id="version-(\d)"', page) for page in pages]
    assert shown == [["5", "4"], ["3", "2"], ["1"]]
    assert '<span class="vh">Removed: </span>two</del>' in pages[1]
    assert [page.count("Put right at last.") for page in pages] == [1, 0, 0]
    assert Client().get(f"{base}?page=4").status_code == 404


def test_a_long_history_costs_no_more_queries_than_a_short_one(editor):
    article = make_article(terms=[make_term()], topics=[make_topic()], by=editor)

    def cost() -> int:
        versions(article)
        with CaptureQueriesContext(connection) as captured:
            versions(article)
        return len(captured)

    change(article, editor, headline="Two")
    two = cost()
    for number in range(8):
        change(article, editor, headline=f"More {number}")
    assert cost() == two <= 8
