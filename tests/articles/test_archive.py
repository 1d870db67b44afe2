"""The archive counts what readers see by the newsroom's months, and leads to each day of one."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import archive, editing, outlook_years, publishing
from pulse import parts
from tests.factories import make_article, make_author, make_draft, make_section, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def editor():
    return make_user(role="Editor")


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def get(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def status(address: str) -> int:
    return Client().get(address).status_code


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


def test_each_month_says_how_many_stories_it_has_and_leads_to_them(editor):
    for day in ("2024-02-29T12:00", "2024-02-03T08:00", "2024-03-01T00:00", "2023-12-31T23:59"):
        make_article(headline=f"Of {day[:10]}", at=moment(day), by=editor)
    page = get("/archive/")
    assert re.search(r'href="/archive/2024/02/"><b>Feb.*?</b> <span class="num">2<', page)
    assert "/archive/2024/01/" not in page
    assert page.index("/archive/2024/03/") < page.index("/archive/2023/12/")
    year = get("/archive/2024/")
    assert "3 stories" in year
    assert 'href="/archive/2023/"' in year
    month = get("/archive/2024/02/")
    assert "Of 2024-02-29" in month
    assert "Of 2024-02-03" in month
    assert "Of 2024-03-01" not in month
    assert 'href="#day-29"' in month
    assert 'href="/archive/2023/12/"' in month  # the nearest before that has a story
    assert 'href="/archive/2024/03/"' in month


def test_a_year_counts_its_sections(editor):
    chips, policy = make_section(name="Chips"), make_section(name="Policy")
    for section in (chips, chips, policy):
        make_article(section=section, at=moment("2024-05-05T10:00"), by=editor)
    assert "Chips 2 Policy 1" in words(get("/archive/2024/"))


@pytest.mark.parametrize(
    "address",
    [
        "/archive/9999/",
        "/archive/9999/12/",
        "/archive/0000/",
        "/archive/0001/01/",
        "/archive/0002/01/",
        "/archive/2024/00/",
        "/archive/2024/13/",
        "/archive/2024/04/",
        "/archive/2024/4/",
        "/archive/24/",
        f"/archive/{'9' * 5000}/",
        "/archive/２０２４/",
        "/archive/2024/03/?page=2",
        "/archive/2024/03/?page=0",
        "/archive/2024/03/?page=x",
        "/archive/2024/03/?page=01",
    ],
)
def test_a_month_without_a_story_or_no_month_at_all_is_not_found(editor, address):
    make_article(at=moment("2024-03-05T10:00"), by=editor)
    assert status("/archive/2024/03/") == 200
    assert status(address) == 404


def test_the_first_page_of_a_month_has_one_address(editor):
    make_article(at=moment("2024-03-05T10:00"), by=editor)
    response = Client().get("/archive/2024/03/?page=1")
    assert (response.status_code, response["Location"]) == (301, "/archive/2024/03/")


def test_months_are_the_newsrooms(editor, settings):
    settings.TIME_ZONE = "Pacific/Auckland"  # 13 hours ahead in March
    make_article(headline="Late in February in London", at=moment("2024-02-29T20:00"), by=editor)
    assert status("/archive/2024/02/") == 404
    assert "Late in February in London" in get("/archive/2024/03/")
    assert 'href="#day-1"' in get("/archive/2024/03/")


def test_what_is_not_live_is_neither_listed_nor_counted(editor):
    make_article(headline="Seen", at=moment("2024-03-05T10:00"), by=editor)
    gone = make_article(headline="Gone", at=moment("2024-03-06T10:00"), by=editor)
    publishing.unpublish(article=gone, by=editor)
    planned = make_draft(headline="Planned", by=editor)
    publishing.schedule(article=planned, by=editor, at=timezone.now() + dt.timedelta(days=1))
    make_draft(headline="Draft", by=editor)
    alone = make_article(at=moment("2022-03-06T10:00"), by=editor)
    publishing.unpublish(article=alone, by=editor)
    pages = get("/archive/") + get("/archive/2024/") + get("/archive/2024/03/")
    assert "Seen" in pages
    for headline in ("Gone", "Planned", "Draft"):
        assert headline not in pages
    assert "1 story" in get("/archive/2024/03/")
    assert "2022" not in pages
    assert status("/archive/2022/") == status("/archive/2022/03/") == 404


def test_a_day_leads_to_the_page_that_it_begins_on(editor, settings):
    settings.PULSE_PAGE_SIZE = 2
    for day in (1, 2, 3, 4, 5):
        make_article(headline=f"Of day {day}.", at=moment(f"2024-03-0{day}T10:00"), by=editor)
    first, last = get("/archive/2024/03/"), get("/archive/2024/03/?page=3")
    assert 'href="#day-4"' in first
    assert 'href="?page=2#day-3"' in first
    assert 'href="?page=3#day-1"' in first
    assert "Of day 1." in last
    assert 'id="day-1"' in last
    assert 'href="/archive/2024/03/#day-5"' in last
    assert 'rel="canonical" href="http://testserver/archive/2024/03/?page=3"' in last


def test_an_empty_archive_says_so():
    assert "Nothing is published yet" in get("/archive/")


def test_the_archive_costs_the_same_with_one_story_and_with_fifty(editor):
    section, authors = make_section(), [make_author(), make_author()]

    def stories(number: int) -> None:
        for index in range(number):
            at = moment("2024-03-01T10:00") + dt.timedelta(hours=13 * index)
            make_article(section=section, authors=authors, at=at, by=editor)

    def costs() -> dict[str, int]:
        found = {}
        for address in ("/archive/", "/archive/2024/", "/archive/2024/03/"):
            get(address)
            with CaptureQueriesContext(connection) as captured:
                get(address)
            found[address] = len(captured)
        return found

    stories(1)
    few = costs()
    stories(49)
    assert costs() == few
    assert max(few.values()) <= 8


def test_more_years_than_one_query_takes_are_counted(editor):
    make_article(at=moment("1900-01-15T10:00"), by=editor)
    assert "/archive/1900/01/" in get("/archive/")


def test_the_numbers_of_the_archive_are_kept_until_a_story_comes_or_goes(editor):
    article = make_article(headline="First", at=moment("2024-02-03T08:00"), by=editor)
    parts.make(archive.STORIES.name)
    with CaptureQueriesContext(connection) as captured:
        assert archive.STORIES.by_year() == {2024: [0, 1, *[0] * 10]}
    assert len(captured) == 1
    make_article(headline="Second", at=moment("2024-03-01T08:00"), by=editor)
    assert archive.STORIES.by_year() == {2024: [0, 1, 1, *[0] * 9]}
    parts.make(archive.STORIES.name)
    publishing.unpublish(article=article, by=editor)
    assert "First" not in get("/archive/")
    assert archive.STORIES.by_year() == {2024: [0, 0, 1, *[0] * 9]}


def test_the_numbers_of_sections_are_kept_until_a_story_moves(editor):
    chips, policy = make_section(name="Chips"), make_section(name="Policy")
    article = make_article(section=chips, at=moment("2024-05-05T10:00"), by=editor)
    parts.make(archive.SECTIONS.name)
    with CaptureQueriesContext(connection) as captured:
        assert archive.SECTIONS.rows() == [(2024, chips.pk, 1)]
    assert len(captured) == 1
    article.section = policy
    article.save()
    editing.save_revision(article=article, by=editor)
    publishing.publish(article=article, by=editor)
    assert archive.SECTIONS.rows() == [(2024, policy.pk, 1)]


def test_the_worker_keeps_the_numbers_of_the_archive_and_of_the_outlook():
    made = {name for name, _ in parts.missing()}
    assert {archive.STORIES.name, archive.SECTIONS.name, outlook_years.OUTLOOKS.name} <= made
