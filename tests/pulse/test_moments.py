"""Moments typed in the newsroom's zone, and how long until them."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django import forms

from pulse.moments import MomentField, in_words, why_not

pytestmark = pytest.mark.once

IMPOSSIBLE = {
    ("Europe/London", "2026-03-29T01:30"): (
        "On 29 March 2026 the clock in Europe/London goes from 01:00 to 02:00, so 01:30 does not exist. "
        "Choose 02:00 or later."
    ),
    ("Europe/London", "2026-10-25T01:30"): (
        "On 25 October 2026 the clock in Europe/London goes back from 02:00 to 01:00, so 01:30 comes twice. "
        "Choose 02:00 or later, or a time before 01:00."
    ),
    ("America/New_York", "2026-03-08T02:00"): (
        "On 8 March 2026 the clock in America/New_York goes from 02:00 to 03:00, so 02:00 does not exist. "
        "Choose 03:00 or later."
    ),
    ("Australia/Lord_Howe", "2026-10-04T02:29"): (
        "On 4 October 2026 the clock in Australia/Lord_Howe goes from 02:00 to 02:30, so 02:29 does not "
        "exist. Choose 02:30 or later."
    ),
    ("America/Santiago", "2026-04-04T23:30"): (
        "On 4 April 2026 the clock in America/Santiago goes back from 00:00 on 5 April 2026 to 23:00, so "
        "23:30 comes twice. Choose 00:00 on 5 April 2026 or later, or a time before 23:00."
    ),
    ("Pacific/Apia", "2011-12-30T12:00"): (
        "On 30 December 2011 the clock in Pacific/Apia goes from 00:00 to 00:00 on 31 December 2011, so "
        "12:00 does not exist. Choose 00:00 on 31 December 2011 or later."
    ),
}
POSSIBLE = [
    ("Europe/London", "2026-03-29T00:59"),
    ("Europe/London", "2026-03-29T02:00"),
    ("Europe/London", "2026-10-25T00:59"),
    ("Europe/London", "2026-10-25T02:00"),
    ("UTC", "2026-03-29T01:30"),
    ("Asia/Kolkata", "2026-03-29T01:30"),
]


@pytest.mark.parametrize(("zone", "typed"), IMPOSSIBLE)
def test_a_time_that_is_no_moment_is_refused_with_the_next_that_is(settings, zone, typed):
    settings.TIME_ZONE = zone
    with pytest.raises(forms.ValidationError) as refusal:
        MomentField().clean(typed)
    assert refusal.value.messages == [IMPOSSIBLE[zone, typed]]


@pytest.mark.parametrize(("zone", "typed"), POSSIBLE)
def test_a_time_that_is_one_moment_is_that_moment_in_the_newsrooms_zone(settings, zone, typed):
    settings.TIME_ZONE = zone
    moment = MomentField().clean(typed)
    assert moment == dt.datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(zone))
    assert f"{moment:%Y-%m-%dT%H:%M}" == typed


@pytest.mark.parametrize(
    "zone", ["Europe/London", "America/Santiago", "Australia/Lord_Howe", "Africa/Casablanca"]
)
def test_what_is_accepted_comes_back_as_it_was_typed(zone):
    """Every minute of the nights when a clock changes somewhere; what is refused would come back as another
    time, or could be meant twice."""
    there = ZoneInfo(zone)
    for month, day in [(2, 15), (3, 22), (3, 29), (4, 5), (9, 6), (10, 4), (10, 25)]:
        for minute in range(-120, 300):
            typed = dt.datetime(2026, month, day) + dt.timedelta(minutes=minute)
            meant = {typed.replace(tzinfo=there, fold=fold).astimezone(dt.UTC) for fold in (0, 1)}
            back = {moment.astimezone(there).replace(tzinfo=None) for moment in meant}
            assert (why_not(typed, there) == "") == (len(meant) == 1 and back == {typed})


@pytest.mark.parametrize(
    "typed", ["tomorrow", "2026-11-24", "2026-13-01T10:00", "2026-02-29T10:00", "24.11.2026 10:00", "\x00"]
)
def test_what_is_no_day_and_time_is_refused_with_an_example(typed):
    with pytest.raises(forms.ValidationError, match="such as 2026-11-24 14:30"):
        MomentField().clean(typed)


@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_year_that_no_zone_can_name_is_refused(typed):
    with pytest.raises(forms.ValidationError, match="Check the year"):
        MomentField().clean(typed)


def test_an_empty_box_is_no_moment():
    assert MomentField(required=False).clean("") is None
    with pytest.raises(forms.ValidationError, match="Choose a day and a time"):
        MomentField().clean("")


def test_the_box_shows_a_stored_moment_in_the_newsrooms_zone():
    class Form(forms.Form):
        at = MomentField()

    box = str(Form(initial={"at": dt.datetime(2026, 11, 24, 14, 30, 20, tzinfo=dt.UTC)})["at"])
    assert 'type="datetime-local"' in box
    assert 'value="2026-11-24T14:30"' in box


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-60, "now"),
        (0, "now"),
        (59, "in less than a minute"),
        (60, "in 1 min"),
        (3_600, "in 1 h"),
        (12_000, "in 3 h 20 min"),
        (86_399, "in 23 h 59 min"),
        (86_400, "in 1 day"),
        (187_200, "in 2 days 4 h"),
        (187_200 + 3_599, "in 2 days 4 h"),
    ],
)
def test_how_long_until_is_said_in_two_words_at_most(seconds, words):
    assert in_words(dt.timedelta(seconds=seconds)) == words
