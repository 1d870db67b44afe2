"""The briefing: the TL;DRs of the last days, by day, each with its story and its terms."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing
from tests.factories import make_article, make_draft, make_section, make_term, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def editor():
    return make_user(role="Editor")


def briefing() -> str:
    return Client().get("/briefing/").content.decode()


def ago(**how_long: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(**how_long)


def test_each_tldr_of_the_last_days_leads_to_its_story_and_terms(editor):
    term = make_term(name="prefill", slug="prefill")
    story = make_article(
        headline="A headline", tldr="All of it in a sentence.", terms=[term], at=ago(days=2), by=editor
    )
    page = briefing()
    assert "All of it in a sentence." in page
    assert f'href="{story.get_absolute_url()}">A headline<' in page
    assert 'href="/glossary/prefill/">prefill<' in page


def test_stories_stand_under_their_days_newest_first(editor):
    make_article(tldr="Said first.", at=ago(days=2), by=editor)
    make_article(tldr="Said last.", at=ago(days=1), by=editor)
    page = briefing()
    assert page.index("Yesterday, ") < page.index("Said last.") < page.index("Said first.")


def test_what_is_older_or_not_live_is_left_out(editor, settings):
    settings.PULSE_BRIEFING_DAYS = 3
    make_article(tldr="Of last week.", at=ago(days=3), by=editor)
    make_article(tldr="Of these days.", at=ago(days=2), by=editor)
    make_draft(tldr="A draft.", by=editor)
    gone = make_article(tldr="Gone.", by=editor)
    publishing.unpublish(article=gone, by=editor)
    planned = make_draft(tldr="Planned.", by=editor)
    publishing.schedule(article=planned, by=editor, at=timezone.now() + dt.timedelta(hours=1))
    page = briefing()
    assert "Of these days." in page
    for text in ("Of last week.", "A draft.", "Gone.", "Planned."):
        assert text not in page


def test_a_draft_term_is_not_named(editor):
    make_article(terms=[make_term(name="secret widget", is_published=False)], by=editor)
    assert "secret widget" not in briefing()


def test_quiet_days_say_so_and_lead_on(editor):
    make_article(at=ago(days=30), by=editor)
    page = briefing()
    assert "Nothing was published in the last 7 days." in page
    assert 'href="/latest/"' in page


def test_the_briefing_costs_the_same_with_one_story_and_with_fifty(editor):
    section, term = make_section(), make_term()

    def cost(stories: int) -> int:
        for _ in range(stories):
            make_article(section=section, terms=[term], by=editor)
        with CaptureQueriesContext(connection) as captured:
            briefing()
        return len(captured)

    cost(1)
    one = cost(0)
    assert cost(49) == one <= 8
