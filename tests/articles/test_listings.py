"""Lists of stories: what stands on them, in which order, when; and that they can be written anew."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from articles import listings, mentions, publishing
from articles.models import Article, Listing, Revision
from comments.writing import post
from tests.factories import (
    change_headline,
    make_article,
    make_author,
    make_draft,
    make_image,
    make_section,
    make_term,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def filed() -> dict[str, Any]:
    return {
        "section": make_section(),
        "topics": [make_topic()],
        "authors": [make_author()],
        "terms": [make_term()],
        "by": make_user(role="Editor"),
    }


def lists(filed: dict[str, Any]) -> list[str]:
    """The addresses of the lists that a story filed like this stands on."""
    things = [filed["section"], filed["topics"][0], filed["authors"][0], filed["terms"][0]]
    return ["/latest/", *(thing.get_absolute_url() for thing in things)]


def shown(address: str) -> list[str]:
    """The headlines on a page, in order; none if there is no such page."""
    html = Client().get(address).content.decode()
    return re.findall(r'<h[23][^>]*><a href="/articles/[^"]+"[^>]*>([^<]+)</a></h[23]>', html)


def test_a_published_story_stands_on_every_list_it_is_filed_under(filed):
    make_article(headline="Here", **filed)
    make_article(headline="Elsewhere")
    assert shown("/latest/") == ["Elsewhere", "Here"]
    assert [shown(address) for address in lists(filed)[1:]] == [["Here"]] * 4


def test_a_story_that_is_refiled_changes_its_lists(filed):
    article, before = make_article(headline="Here", **filed), filed["section"]
    article.section = after = make_section()
    change_headline(article, "There", by=filed["by"])
    assert shown(before.get_absolute_url()) == ["Here"]
    publishing.publish(article=article, by=filed["by"])
    assert shown(before.get_absolute_url()) == []
    assert shown(after.get_absolute_url()) == ["There"]


@pytest.mark.parametrize("verb", ["unpublish", "withdraw"])
def test_a_story_taken_off_stands_on_no_list(filed, verb):
    article = make_article(headline="Here", **filed)
    getattr(publishing, verb)(article=article, by=filed["by"])
    assert [shown(address) for address in lists(filed)] == [[]] * 5


def test_lists_change_at_the_planned_second_with_nothing_running(filed):
    with time_machine.travel(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC), tick=False) as clock:
        make_article(headline="There before", section=filed["section"], by=filed["by"])
        article = make_draft(headline="Planned", **filed)
        now = timezone.now()
        publishing.schedule(article=article, by=filed["by"], at=now + HOUR)
        publishing.schedule_end(article=article, by=filed["by"], at=now + 2 * HOUR)
        assert [shown(address) for address in lists(filed)][1:] == [["There before"], [], [], []]
        clock.move_to(now + HOUR)
        assert shown(filed["section"].get_absolute_url()) == ["Planned", "There before"]
        assert [shown(address) for address in lists(filed)][2:] == [["Planned"]] * 3
        clock.move_to(now + 2 * HOUR)
        assert [shown(address) for address in lists(filed)][1:] == [["There before"], [], [], []]


def test_a_planned_change_of_a_live_story_keeps_its_place(filed):
    article = make_article(headline="First words", **filed)
    change_headline(article, "Other words", by=filed["by"])
    publishing.schedule(article=article, by=filed["by"], at=timezone.now() + HOUR)
    make_article(headline="Later story", at=timezone.now(), section=filed["section"])
    assert shown("/latest/") == ["Later story", "First words"]
    with time_machine.travel(timezone.now() + 2 * HOUR):
        assert shown("/latest/") == ["Later story", "Other words"]


def test_a_list_that_is_out_of_date_shows_nothing_that_is_not_public(filed):
    make_article(headline="Gone", **filed)
    Revision.objects.update(live_until=timezone.now())  # behind the back of the verbs
    assert Listing.objects.live().exists()
    assert [shown(address) for address in ["/", *lists(filed)]] == [[]] * 6


def test_pages_of_a_list_do_not_overlap_and_end(filed, settings):
    settings.PULSE_PAGE_SIZE = 2
    at = timezone.now() - HOUR
    made = [make_article(headline=f"Story {number}", at=at, **filed) for number in range(5)]  # of one second
    for address in lists(filed):
        pages = [shown(address), shown(f"{address}?page=2"), shown(f"{address}?page=3")]
        assert [len(page) for page in pages] == [2, 2, 1], address
        assert sum(pages, []) == [article.headline for article in reversed(made)]
        assert Client().get(f"{address}?page=4").status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "01", "1.0", "two", "", "२", "100000", "9" * 400])
def test_what_is_no_page_is_not_found_on_any_list(filed, number):
    make_article(**filed)
    for address in [*lists(filed), "/corrections/"]:
        assert Client().get(address, {"page": number}).status_code == 404, address


def test_the_first_page_of_every_list_has_one_address(filed):
    make_article(**filed)
    for address in [*lists(filed), "/corrections/"]:
        assert Client().get(f"{address}?page=1")["Location"] == address


def test_the_pager_leads_to_newer_and_older_and_names_no_total(filed, settings):
    settings.PULSE_PAGE_SIZE = 1
    for _ in range(3):
        make_article(**filed)
    for address in lists(filed):
        first, second, third = (
            Client().get(f"{address}{page}").content.decode() for page in ("", "?page=2", "?page=3")
        )
        assert 'rel="prev"' not in first
        assert 'rel="next" href="?page=2"' in first
        assert f'rel="prev" href="{address}"' in second
        assert 'rel="next" href="?page=3"' in second
        assert 'rel="prev" href="?page=2"' in third
        assert 'rel="next"' not in third
        assert "Page 2" in second
        assert " of 3" not in second
        assert f'rel="canonical" href="http://testserver{address}?page=2"' in second


def test_the_first_stories_of_the_front_page_have_their_pictures(filed):
    make_article(headline="With a picture", lead_image=make_image(), **filed)
    html = Client().get("/").content.decode()
    assert "<picture>" in html
    assert "<picture>" in Client().get(filed["section"].get_absolute_url()).content.decode()


def most_discussed(number: int) -> list[str]:
    """Chosen afresh, and from the numbers of comments alone, as where the front page is kept."""
    among = listings.discussed_among()
    now = listings.most_discussed_now(number, listings.comment_counts([one.article_id for one in among]))
    assert now == listings.most_discussed(number, among)
    return [story.headline for story in now]


def test_the_most_discussed_are_those_of_the_last_month(filed):
    old = make_article(headline="Old", at=timezone.now() - dt.timedelta(days=40), by=filed["by"])
    quiet, busy = (make_article(headline=name, by=filed["by"]) for name in ("Quiet", "Busy"))
    for article, remarks in ((old, 3), (quiet, 1), (busy, 2)):
        for number in range(remarks):
            post(article=article, by=make_user(), body=f"Remark {number}", key=f"{article.pk}-{number}")
    assert most_discussed(3) == [
        "Busy",
        "Quiet",
    ]
    assert most_discussed(1) == ["Busy"]


def test_of_a_full_month_only_the_newest_are_looked_at(settings, filed):
    settings.PULSE_DISCUSSED_AMONG = 2
    articles = [make_article(headline=f"Story {number}", by=filed["by"]) for number in range(3)]
    for article in articles:
        post(article=article, by=make_user(), body="Remark", key=f"{article.pk}")
    assert most_discussed(3) == [
        "Story 2",
        "Story 1",
    ]


def test_a_correction_of_a_story_that_is_off_leaves_its_page_shorter(settings, filed):
    settings.PULSE_PAGE_SIZE = 2
    on, off = make_article(headline="On", **filed), make_article(headline="Off", **filed)
    for article in (on, off, on):
        publishing.correct(article=article, by=filed["by"], kind="correction", text="Nine, not ten.")
    publishing.unpublish(article=off, by=filed["by"])
    headlines = [
        [made.headline for made in listings.page_of_corrections(number=number).object_list]
        for number in (1, 2)
    ]
    assert headlines == [["On"], ["On"]]


def test_mentions_are_counted_by_the_newsrooms_months(filed, settings):
    settings.TIME_ZONE = "Asia/Kolkata"
    term = filed["terms"][0]
    with time_machine.travel(dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)):
        for at in (
            dt.datetime(2026, 10, 31, 18, 29, tzinfo=dt.UTC),  # the last minute of October there
            dt.datetime(2026, 10, 31, 18, 30, tzinfo=dt.UTC),  # the first of November
            dt.datetime(2025, 11, 30, 18, 29, tzinfo=dt.UTC),  # more than twelve months ago
            dt.datetime(2025, 11, 30, 18, 30, tzinfo=dt.UTC),  # the first minute of the oldest month
        ):
            make_article(at=at, **filed)
        assert mentions.mentions(term).counts == [1, *[0] * 9, 1, 1]


def test_the_term_of_the_day_is_one_in_use_and_another_each_day(filed):
    unused, draft, second = make_term(), make_term(is_published=False), make_term()
    published = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    make_article(**{**filed, "terms": [filed["terms"][0], draft, second]}, at=published)
    seen = []
    for day in range(4):
        with time_machine.travel(dt.datetime(2026, 11, 24 + day, 12, tzinfo=dt.UTC)):
            found = mentions.term_of_the_day()
            seen.append(found.term if found else None)
    assert set(seen) == {filed["terms"][0], second}
    assert seen[0] != seen[1]
    assert unused not in seen


# Written anew


def listed() -> set[tuple[Any, ...]]:
    return set(
        Listing.objects.values_list("kind", "of", "revision", "first_published_at", "live_from", "live_until")
    )


def test_lists_written_anew_are_what_the_verbs_wrote(filed, capsys):
    make_article(**filed)
    planned = make_draft(**filed)
    publishing.schedule(article=planned, by=filed["by"], at=timezone.now() + HOUR)
    off = make_article(**filed)
    publishing.unpublish(article=off, by=filed["by"])
    kept = listed()
    assert len(kept) == 2 * 5
    Listing.objects.filter(kind=Listing.Kind.TERM).delete()
    Listing.objects.update(live_until=timezone.now())
    call_command("relist", "--quiet")
    assert listed() == kept
    assert capsys.readouterr().out == "3 articles listed.\n"


def test_writing_anew_goes_through_all_batches(filed, monkeypatch):
    monkeypatch.setattr(listings, "AT_ONCE", 2)
    for _ in range(5):
        make_article(**filed)
    kept, batches = listed(), list[int]()
    Listing.objects.all().delete()
    assert listings.rebuild(after_batch=batches.append) == 5
    assert listed() == kept
    assert batches == [2, 2, 1]


def test_listing_an_article_leaves_the_others_alone(filed, django_assert_max_num_queries):
    first, second = make_article(**filed), make_article(**filed)
    kept = listed()
    Listing.objects.filter(revision__article=first).delete()
    with django_assert_max_num_queries(9):
        listings.relist(Article.objects.get(pk=first.pk))
    assert listed() == kept
    assert Listing.objects.filter(revision__article=second).count() == 5
