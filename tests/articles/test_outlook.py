"""What we said would happen, and what did: from live stories alone, by day, with verdict and evidence."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import horizons, publishing
from articles.models import Article, Impact, Listing, Revision
from articles.outlook_years import OUTLOOKS, years
from articles.verdicts import give_verdict
from pulse import parts
from tests.factories import make_article, make_draft, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def editor():
    return make_user(role="Editor")


def list_days() -> None:
    """Put what is live or scheduled on the lists of its days."""
    revisions = Revision.objects.public_or_due()
    rows = revisions.in_bulk()
    Listing.objects.bulk_create(
        [
            Listing(
                revision_id=pk,
                kind=kind,
                of=of,
                first_published_at=rows[pk].first_published_at,
                live_from=rows[pk].live_from,
                live_until=rows[pk].live_until,
            )
            for pk, kind, of in horizons.places(revisions)
        ],
        ignore_conflicts=True,
    )


def foretell(editor, text: str, on: str, *, draft: bool = False, **fields) -> Article:
    """A story with one outlook."""
    article = make_draft(impacts=[(["Market"], text)], by=editor, **fields)
    article.impacts.update(horizon_on=on, confidence="medium", test=f"Test of {text}")
    if not draft:
        publishing.publish(article=article, by=editor)
    list_days()
    return article


def get(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def status(address: str) -> int:
    return Client().get(address).status_code


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main>")[0]).split())


def test_a_year_shows_its_outlooks_by_day_with_their_stories(editor):
    foretell(editor, "The later one.", "2031-06-30")
    story = foretell(editor, "The sooner one.", "2031-02-01", headline="A headline")
    foretell(editor, "Of another year.", "2032-01-01")
    page = get("/outlook/2031/")
    text = words(page)
    assert (
        text.index("February") < text.index("The sooner one.") < text.index("June") < text.index("The later")
    )
    assert "Of another year." not in text
    assert f'href="{story.get_absolute_url()}#impact">A headline<' in page
    assert "Right if: Test of The sooner one." in text
    assert "1 February 2031 Market" in text
    assert 'href="/outlook/2032/"' in get("/outlook/")


def test_a_verdict_stands_with_its_evidence_and_in_the_record(editor):
    story = foretell(editor, "It rains.", "2024-06-30")
    other = foretell(editor, "It snows.", "2024-07-30")
    assert "Not judged yet" in words(get("/outlook/2024/"))
    evidence = "It rained: https://example.com/rain <b>"
    for outcome, article in (("too_early", story), ("right", story), ("wrong", other)):
        give_verdict(impact=article.impacts.get(), outcome=outcome, evidence=evidence, by=editor)
    page = get("/outlook/2024/")
    assert words(page).index("Right judged on") < words(page).index("Too early to say judged on")
    assert 'href="https://example.com/rain"' in page
    assert "&lt;b&gt;" in page
    index = words(get("/outlook/"))
    assert "Our record Right 1 Wrong 1 Judged lately" in index  # the last verdict on each counts
    assert index.count("Test of It rains.") == 1


def test_only_what_readers_see_is_shown_or_counted(editor):
    foretell(editor, "Seen.", "2031-01-01")
    foretell(editor, "A draft.", "2031-01-01", draft=True)
    planned = foretell(editor, "Planned.", "2031-01-01", draft=True)
    publishing.schedule(article=planned, by=editor, at=timezone.now() + dt.timedelta(days=1))
    gone = foretell(editor, "Gone.", "2030-01-01")
    give_verdict(impact=gone.impacts.get(), outcome="right", evidence="So it was.", by=editor)
    publishing.unpublish(article=gone, by=editor)
    list_days()
    pages = words(get("/outlook/")) + words(get("/outlook/2031/"))
    assert "Seen." in pages
    assert "1 story looks ahead" in pages
    for text in ("A draft.", "Planned.", "Gone.", "So it was.", "Our record"):
        assert text not in pages
    assert status("/outlook/2030/") == 404


def test_an_outlook_reads_as_readers_see_it_and_not_as_it_is_being_rewritten(editor):
    story = foretell(editor, "As published.", "2024-01-01")
    give_verdict(impact=story.impacts.get(), outcome="partly", evidence="Half of it.", by=editor)
    Impact.objects.update(text="Being-rewritten.", horizon_on="2025-01-01")
    for address in ("/outlook/", "/outlook/2024/"):
        assert "As published." in get(address)
        assert "Being-rewritten." not in get(address)
    assert status("/outlook/2025/") == 404


def test_what_falls_due_next_comes_first_and_what_has_passed_is_not_ahead(editor):
    today = timezone.localdate()
    foretell(editor, "Far.", (today + dt.timedelta(days=900)).isoformat())
    foretell(editor, "Near.", (today + dt.timedelta(days=1)).isoformat())
    foretell(editor, "Of today.", today.isoformat())
    text = words(get("/outlook/"))
    assert text.index("Near.") < text.index("Far.")
    assert "Of today." not in text
    assert "Not judged yet" in words(get(f"/outlook/{today.year}/"))


@pytest.mark.parametrize(
    "address", ["/outlook/0000/", "/outlook/9999/", "/outlook/31/", "/outlook/2031/?page=2"]
)
def test_a_year_without_an_outlook_is_not_found(editor, address):
    foretell(editor, "One.", "2031-01-01")
    assert status(address) == 404


def test_two_outlooks_of_one_story_for_one_day_both_show(editor):
    article = make_draft(impacts=[(["Market"], "First."), (["Society"], "Second.")], by=editor)
    article.impacts.update(horizon_on="2031-01-01")
    publishing.publish(article=article, by=editor)
    list_days()
    text = words(get("/outlook/2031/"))
    assert "First." in text
    assert "Second." in text


def test_long_years_are_paged_in_order(editor, settings):
    settings.PULSE_PAGE_SIZE = 2
    for month in (1, 2, 3):
        foretell(editor, f"Of month {month}.", f"2031-0{month}-01")
    assert "Of month 3." not in get("/outlook/2031/")
    assert "Of month 3." in get("/outlook/2031/?page=2")
    assert status("/outlook/2031/?page=3") == 404


def test_no_outlook_yet_says_so():
    assert "No story has an outlook yet." in get("/outlook/")


def test_the_outlook_costs_the_same_with_one_story_and_with_thirty(editor):
    def fill(number: int) -> None:
        for _ in range(number):
            article = make_article(impacts=[(["Market"], "More.")], by=editor)
            article.impacts.update(horizon_on="2031-01-01")
            publishing.publish(article=article, by=editor)
            give_verdict(impact=article.impacts.get(), outcome="right", evidence="Yes.", by=editor)
        list_days()

    def costs() -> list[int]:
        found = []
        for address in ("/outlook/", "/outlook/2031/"):
            get(address)
            with CaptureQueriesContext(connection) as captured:
                get(address)
            found.append(len(captured))
        return found

    fill(1)
    few = costs()
    fill(29)
    assert costs() == few
    assert max(few) <= 8


def test_the_numbers_for_each_month_are_kept_until_something_is_said_or_taken_back(editor):
    article = foretell(editor, "Prices fall", "2031-05-01")
    parts.make(OUTLOOKS.name)
    with CaptureQueriesContext(connection) as captured:
        assert [(year.number, year.stories) for year in years()] == [(2031, 1)]
    assert len(captured) == 1
    foretell(editor, "Prices rise", "2032-01-01")
    assert [(year.number, year.stories) for year in years()] == [(2032, 1), (2031, 1)]
    publishing.unpublish(article=article, by=editor)
    assert [(year.number, year.stories) for year in years()] == [(2032, 1)]
