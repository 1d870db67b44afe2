"""Moments that people type in the newsroom's zone, where some do not exist and some come twice a year."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

from pulse.slots import Slot, are_left_open

TYPED = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S")
YEARS = range(1970, 2500)  # beyond them a moment may have no name in another zone
SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)


def next_midnight(now: dt.datetime) -> dt.datetime:
    """When the day after a moment begins in the newsroom's zone: what says “today” ends then."""
    return timezone.make_aware(dt.datetime.combine(timezone.localtime(now).date() + DAY, dt.time()))


class MomentField(forms.DateTimeField):
    """A day and a time in the newsroom's zone, refused with a sentence if it is not one moment."""

    default_error_messages = {
        "required": "Choose a day and a time.",
        "invalid": "Give the day and the time in full, such as 2026-11-24 14:30.",
        "year": "Check the year.",
    }

    def __init__(self, **kwargs: Any) -> None:
        box = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TYPED[0])
        super().__init__(**{"widget": box, **kwargs})

    def to_python(self, value: Any) -> dt.datetime | None:
        """The moment, aware of its zone; None for an empty box. Raises ValidationError."""
        if value in self.empty_values:
            return None
        typed = value if isinstance(value, dt.datetime) else self._read(str(value).strip())
        if typed.year not in YEARS:
            raise ValidationError(self.error_messages["year"], code="year")
        if typed.tzinfo is not None:
            return typed
        zone = ZoneInfo(settings.TIME_ZONE)
        if sentence := why_not(typed, zone):
            raise ValidationError(sentence, code="clock")
        return typed.replace(tzinfo=zone)

    def _read(self, text: str) -> dt.datetime:
        for form in TYPED:
            try:
                return dt.datetime.strptime(text, form)
            except ValueError:
                continue
        raise ValidationError(self.error_messages["invalid"], code="invalid")


def why_not(typed: dt.datetime, zone: ZoneInfo) -> str:
    """Why a time of day does not exist on its day in a zone, or comes twice, and what to choose; else ""."""
    before, after = (typed.replace(tzinfo=zone, fold=fold).utcoffset() or dt.timedelta() for fold in (0, 1))
    if before == after:
        return ""
    change = _change(typed, before, after, zone)
    goes_from, goes_to = (_reading(change + offset, beside=typed) for offset in (before, after))
    day, time = _day(typed), f"{typed:%H:%M}"
    if before < after:
        return (
            f"On {day} the clock in {zone.key} goes from {goes_from} to {goes_to}, so {time} does not exist. "
            f"Choose {goes_to} or later."
        )
    return (
        f"On {day} the clock in {zone.key} goes back from {goes_from} to {goes_to}, so {time} comes twice. "
        f"Choose {goes_from} or later, or a time before {goes_to}."
    )


def _change(typed: dt.datetime, before: dt.timedelta, after: dt.timedelta, zone: ZoneInfo) -> dt.datetime:
    """When, in UTC, the clock changes that makes a typed time impossible: found by halving."""
    early, late = sorted((typed - before, typed - after))
    early -= SECOND
    while late - early > SECOND:
        middle = early + ((late - early) // (2 * SECOND)) * SECOND
        is_after = middle.replace(tzinfo=dt.UTC).astimezone(zone).utcoffset() == after
        early, late = (early, middle) if is_after else (middle, late)
    return late


def _day(moment: dt.datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _reading(moment: dt.datetime, *, beside: dt.datetime) -> str:
    """What the clock shows, with the day if that is another one."""
    time = f"{moment:%H:%M}"
    return time if moment.date() == beside.date() else f"{time} on {_day(moment)}"


def ago(moment: dt.datetime) -> str:
    """“just now”, “52 minutes ago”, “2 hours ago”; after a day the date. In HTML made to be kept, a slot."""
    age = timezone.now() - moment
    if are_left_open() and age < DAY:
        return Slot("ago", round(moment.timestamp() * 1_000_000))
    return _ago(moment, age)


def fill_ago(microseconds: str) -> str:
    """What `ago` says, where it left a slot: of a moment in microseconds since 1970."""
    moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=int(microseconds))
    return _ago(moment, timezone.now() - moment)


def _ago(moment: dt.datetime, age: dt.timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} minute{'' if minutes == 1 else 's'} ago"
    if age < DAY:
        hours = minutes // 60
        return f"{hours} hour{'' if hours == 1 else 's'} ago"
    return date_format(timezone.localtime(moment), "j F Y")


def in_words(delta: dt.timedelta) -> str:
    """How long until something: “in 3 h 20 min”, “in 2 days 4 h”, “in less than a minute”, or “now”."""
    minutes = int(delta.total_seconds() // 60)
    if delta <= dt.timedelta():
        return "now"
    if not minutes:
        return "in less than a minute"
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        parts = [f"{days} day{'' if days == 1 else 's'}", f"{hours} h" if hours else ""]
    else:
        parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    return " ".join(["in", *filter(None, parts)])
