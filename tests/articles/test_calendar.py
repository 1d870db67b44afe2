"""The calendar of a month: who sees what on which day, and giving a draft its date."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from accounts.models import User
from articles import editing, publishing, workflow
from articles.models import Article, Impact, Verdict
from tests.factories import change_headline, make_article, make_author, make_draft, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
URL = "/admin/articles/article/calendar/"
NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def signed_in(role: str | None = "Editor", *, user: User | None = None) -> Client:
    client = Client()
    client.force_login(user or make_user(role=role, is_staff=True))
    return client


def days(client: Client, query: str = "") -> dict[str, str]:
    """What the calendar says on each day that has something, as text."""
    page = client.get(f"{URL}{query}").content.decode()
    found = {}
    for cell in re.findall(r'<td class="calendar-day.*?</td>', page, re.DOTALL):
        date = re.search(r'datetime="([\d-]+)"', cell)
        entries = re.findall(r'<li class="calendar-entry.*?</li>', cell, re.DOTALL)
        if entries and date:
            found[date[1]] = "; ".join(" ".join(strip_tags(entry).split()) for entry in entries)
    return found


def tray(client: Client, query: str = "") -> list[str]:
    """The headlines of the drafts without a date, in order."""
    page = client.get(f"{URL}{query}").content.decode().partition('id="tray"')[2]
    return [strip_tags(heading) for heading in re.findall(r"<h3>(.*?)</h3>", page)]


def send(client: Client, draft: Article, at: str, **fields: Any) -> Any:
    """The small form of one draft in the tray, as its page shows it unless told otherwise."""
    draft.refresh_from_db()
    data = {"article": draft.pk, "version": draft.version, "publish_at": at, **fields}
    return client.post(f"{URL}?month=2026-11", data)


# What stands on which day


def test_the_month_shows_what_went_live_what_will_and_what_ends(clock):
    editor = make_user(role="Editor")
    make_article(headline="Out already", at=NOON - 3 * DAY)
    change = make_article(headline="Changes soon", at=NOON - 40 * DAY)
    publishing.schedule_end(article=change, by=editor, at=NOON + 3 * DAY)
    change_headline(change, "Changed", by=editor)
    publishing.schedule(article=change, by=editor, at=NOON + DAY)
    publishing.schedule(article=make_draft(headline="New"), by=editor, at=NOON + 2 * DAY)
    assert days(signed_in()) == {
        "2026-11-21": "12:00 Live Out already",
        "2026-11-25": "12:00 Change Changed",
        "2026-11-26": "12:00 Goes live New",
        "2026-11-27": "12:00 Ends Changed",
    }


def test_a_live_story_stands_where_it_first_appeared_under_the_headline_it_has_now(clock):
    editor = make_user(role="Editor")
    article = make_article(headline="First", at=NOON - 3 * DAY)
    change_headline(article, "Second", by=editor)
    publishing.publish(article=article, by=editor)
    change_headline(article, "Not published yet", by=editor)
    assert days(signed_in()) == {"2026-11-21": "12:00 Live Second"}


def test_what_is_gone_stays_in_the_month_it_was_live(clock):
    editor = make_user(role="Editor")
    article = make_article(headline="First", at=NOON - 3 * DAY)
    publishing.schedule_end(article=article, by=editor, at=NOON + HOUR)
    clock.shift(2 * HOUR)
    assert days(signed_in()) == {"2026-11-21": "12:00 Was live First", "2026-11-24": "13:00 Ended First"}


def test_a_story_that_changes_when_it_was_to_end_does_not_end(clock):
    editor = make_user(role="Editor")
    article = make_article(headline="First", at=NOON - 3 * DAY)
    publishing.schedule_end(article=article, by=editor, at=NOON + HOUR)
    change_headline(article, "Second", by=editor)
    publishing.schedule(article=article, by=editor, at=NOON + HOUR)
    assert days(signed_in())["2026-11-24"] == "13:00 Change Second"


def test_days_are_the_newsrooms(clock, settings):
    """Half past eleven at night in New York is the next day in UTC."""
    settings.TIME_ZONE = "America/New_York"
    make_article(headline="Late", at=dt.datetime(2026, 11, 21, 4, 30, tzinfo=dt.UTC))
    assert days(signed_in()) == {"2026-11-20": "23:30 Live Late"}


def test_outlooks_of_live_stories_stand_on_their_day_until_they_have_a_verdict(clock):
    editor = make_user(role="Editor")
    impacts: list[Impact] = []
    for headline, outcome in [("Open", None), ("Too early", "too_early"), ("Judged", "right")]:
        article = make_draft(headline=headline, impacts=[(["Market"], "It grows.")])
        impact = article.impacts.get()
        impact.horizon_on = dt.date(2026, 11, 30)
        impact.save()
        publishing.publish(article=article, by=editor, at=NOON - 60 * DAY)
        if outcome:
            Verdict.objects.create(impact=impact, outcome=outcome, evidence="Seen.", by=editor)
        impacts.append(impact)
    Impact.objects.create(article=make_draft(headline="Draft"), text="No.", horizon_on=dt.date(2026, 11, 30))
    assert days(signed_in()) == {"2026-11-30": "Outlook due Open; Outlook due Too early"}
    assert days(signed_in(), "?month=2026-12") == {}


def test_a_day_with_much_folds_the_rest(clock):
    for number in range(7):
        make_article(headline=f"Story {number}", at=NOON - HOUR - number * dt.timedelta(minutes=1))
    page = signed_in().get(URL).content.decode()
    assert "<summary>2 more</summary>" in page


def test_today_is_marked_and_the_neighbours_are_a_link_away(clock):
    page = signed_in().get(f"{URL}?month=2026-12").content.decode()
    assert "<h1>December 2026</h1>" in page
    assert 'rel="prev" href="?month=2026-11"' in page
    assert 'rel="next" href="?month=2027-01"' in page
    assert 'id="today"' not in page
    page = signed_in().get(URL).content.decode()
    assert re.search(r'id="today" aria-current="date">\s*<p[^>]*>\s*<time datetime="2026-11-24">', page)


@pytest.mark.parametrize("month", ["", "2026-13", "2026-1", "abc", "0001-01", "２０２６-11", "2026-11-24"])
def test_a_month_that_is_none_is_404(month):
    assert signed_in().get(URL, {"month": month}).status_code == 404


@pytest.mark.parametrize("day", ["2026-02-31", "2020-01-01", "tomorrow", "2026-11-00"])
def test_a_day_that_cannot_be_chosen_is_no_choice(clock, day):
    make_draft()
    response = signed_in().get(URL, {"day": day})
    assert response.status_code == 200
    assert "You chose" not in response.content.decode()


# Who sees what


def test_writers_see_what_is_live_and_their_own_plans_and_drafts(clock):
    editor, writer = make_user(role="Editor"), make_user(role="Writer")
    own = make_author(user=writer)
    make_article(headline="Live of others", at=NOON - DAY)
    gone = make_article(headline="Gone of others", at=NOON - DAY)
    publishing.unpublish(article=gone, by=editor)
    for headline, authors in [("Own plan", [own]), ("Plan of others", None)]:
        article = make_draft(headline=headline, authors=authors)
        publishing.schedule(article=article, by=editor, at=NOON + DAY)
        publishing.schedule_end(article=article, by=editor, at=NOON + 2 * DAY)
    make_draft(headline="Own draft", authors=[own])
    make_draft(headline="Draft of others")
    client = signed_in(user=writer)
    assert days(client) == {
        "2026-11-23": "12:00 Live Live of others",
        "2026-11-25": "12:00 Goes live Own plan",
        "2026-11-26": "12:00 Ends Own plan",
    }
    assert tray(client) == ["Own draft"]
    page = client.get(URL).content.decode()
    assert "of others" not in page.replace("Live of others", "")
    assert 'href="/articles/live-of-others/"' in page


def test_writers_are_offered_no_schedule_and_refused_one(clock):
    writer = make_user(role="Writer")
    draft = make_draft(authors=[make_author(user=writer)])
    client = signed_in(user=writer)
    assert 'name="publish_at"' not in client.get(URL).content.decode()
    for at in ("2026-11-25T09:00", "", "soon"):
        assert send(client, draft, at).status_code == 403
    assert draft.scheduled_revision() is None


@pytest.mark.parametrize("role", ["Moderator", None])
def test_only_those_who_write_may_see_the_calendar(role):
    client = signed_in(role)
    assert client.get(URL).status_code == 403
    assert client.post(URL, {}).status_code == 403


def test_strangers_are_asked_to_sign_in():
    assert Client().get(URL).status_code == 302


# The tray


def test_the_tray_holds_what_waits_for_a_date_the_readiest_first(clock):
    editor = make_user(role="Editor")
    make_draft(headline="Draft")
    workflow.submit(article=make_draft(headline="In review"), by=editor)
    workflow.mark_ready(article=make_draft(headline="Ready"), by=editor)
    live = make_article(headline="Live")
    make_article(headline="Live and untouched")
    change_headline(live, "Live, changed", by=editor)
    workflow.submit(article=live, by=editor)
    publishing.schedule(article=make_draft(headline="Planned"), by=editor, at=NOON + DAY)
    old = make_draft(headline="Old draft")
    Article.objects.filter(pk=old.pk).update(updated_at=NOON - 61 * DAY)
    publishing.unpublish(article=make_article(headline="Unpublished"), by=editor)
    assert tray(signed_in()) == ["Ready", "Live, changed", "In review", "Draft"]


def test_a_long_tray_is_cut_and_says_so(clock, settings):
    settings.PULSE_CALENDAR_TRAY = 2
    for _ in range(3):
        make_draft()
    client = signed_in()
    assert len(tray(client)) == 2
    assert "See every draft" in client.get(URL).content.decode()


def test_the_page_costs_the_same_however_much_there_is(clock, django_assert_max_num_queries):
    client, editor = signed_in(), make_user(role="Editor")
    for number in range(4):
        make_article(at=NOON - number * DAY)
        make_draft(authors=[make_author(), make_author()])
        publishing.schedule(article=make_draft(), by=editor, at=NOON + number * DAY + HOUR)
    client.get(URL)
    with django_assert_max_num_queries(15):
        client.get(URL)


# Giving a draft its date


def test_a_draft_is_scheduled_from_the_tray(clock):
    client, draft = signed_in(), make_draft(headline="First")
    response = send(client, draft, "2026-11-25T09:30")
    assert response["Location"] == f"{URL}?month=2026-11"
    assert days(client) == {"2026-11-25": "09:30 Goes live First"}
    assert tray(client) == []
    again = make_draft(headline="Second")
    send(client, again, "2026-11-24T15:20")
    page = client.get(URL).content.decode()
    assert "“Second” goes live on 24 November 2026, 15:20 UTC, in 3 h 20 min." in page


def test_a_chosen_day_is_offered_in_every_form(clock):
    make_draft()
    client = signed_in()
    page = client.get(f"{URL}?day=2026-11-28").content.decode()
    assert "You chose Saturday, 28 November" in page
    assert 'value="2026-11-28T09:00"' in page
    assert 'value="2026-11-24T13:00"' in client.get(f"{URL}?day=2026-11-24").content.decode()


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        ("", "Choose a day and a time."),
        ("soon", "Give the day and the time in full"),
        ("2026-11-24T10:00", "This time has passed."),
        ("2036-11-24T10:00", "This is years away."),
        ("2027-03-28T01:30", "so 01:30 does not exist. Choose 02:00 or later."),
    ],
)
def test_a_moment_that_cannot_be_is_refused_and_stays_in_the_form(clock, settings, at, sentence):
    settings.TIME_ZONE = "Europe/London"
    draft = make_draft()
    response = send(signed_in(), draft, at)
    page = response.content.decode()
    assert response.status_code == 400
    assert sentence in page
    assert not at or f'value="{at}"' in page
    assert draft.scheduled_revision() is None


def test_a_draft_that_is_not_whole_is_refused_with_every_sentence(clock):
    draft = make_draft(tldr="", authors=[])
    page = send(signed_in(), draft, "2026-11-25T09:30").content.decode()
    assert "Write the TL;DR" in page
    assert "Add at least one byline." in page
    assert draft.scheduled_revision() is None


def test_a_draft_that_changed_since_the_page_was_opened_is_not_scheduled_unread(clock):
    draft = make_draft()
    seen = Article.objects.get(pk=draft.pk).version
    change_headline(draft, "Quite another story", by=make_user(role="Editor", name="Vera"))
    response = send(signed_in(), draft, "2026-11-25T09:30", version=seen)
    assert response.status_code == 400
    assert "Vera changed this draft after this page was opened." in response.content.decode()
    assert draft.scheduled_revision() is None


def test_a_draft_that_is_no_longer_in_the_tray_is_refused_all_the_same(clock):
    """Somebody else scheduled it and changed it again: the sentence stands above the calendar."""
    draft = make_draft()
    seen = Article.objects.get(pk=draft.pk).version
    change_headline(draft, "Second")
    publishing.schedule(article=draft, by=make_user(role="Editor"), at=NOON + DAY)
    response = send(signed_in(), draft, "2026-11-26T09:30", version=seen)
    assert response.status_code == 400
    assert "changed this draft after this page was opened" in response.content.decode()


@pytest.mark.parametrize(
    ("fields", "status"),
    [({"article": 10**18}, 404), ({"article": "x"}, 400), ({"article": ""}, 400), ({"version": -1}, 400)],
)
def test_a_form_with_odd_numbers_is_refused(clock, fields, status):
    assert send(signed_in(), make_draft(), "2026-11-25T09:30", **fields).status_code == status


# In the browser


@pytest.mark.browser
@pytest.mark.once
def test_a_month_is_read_and_a_draft_scheduled_by_keyboard_on_a_phone(
    page, live_server, assert_accessible, settings
):
    editor = make_user(role="Editor")
    make_article(headline="Out already")
    make_draft(headline="No date yet")
    publishing.schedule(article=make_draft(headline="Planned"), by=editor, at=timezone.now() + HOUR)
    page.set_viewport_size({"width": 390, "height": 800})
    cookie = signed_in(user=editor).cookies[settings.SESSION_COOKIE_NAME].value
    cookies = [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    page.context.add_cookies(cookies)
    page.goto(URL)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert_accessible(page)
    page.get_by_role("link", name="1 without a date").press("Enter")
    page.locator("summary", has_text="No date yet").press("Enter")
    tomorrow = timezone.localtime() + DAY
    page.get_by_label("Goes live at").fill(f"{tomorrow:%Y-%m-%dT09:30}")
    page.get_by_role("button", name="Schedule").press("Enter")
    page.get_by_text("“No date yet” goes live on").wait_for()
    page.set_viewport_size({"width": 1440, "height": 900})
    month = page.get_by_role("table", name=f"{timezone.localtime():%B %Y}")
    assert month.get_by_role("columnheader").count() == 7
    assert_accessible(page)
    assert editing.problems(Article.objects.get(headline="No date yet")) == {}
