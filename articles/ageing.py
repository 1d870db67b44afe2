"""How old a story is, where readers should know."""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def years_old(moment: dt.datetime | None) -> int:
    """How many full years ago something was published, by the newsroom's calendar, if that is so long that
    readers should know (PULSE_OLD_STORY_YEARS); otherwise 0. It changes at midnight only.
    """
    years = _years(moment) if moment else 0
    return years if years >= settings.PULSE_OLD_STORY_YEARS else 0


def next_birthday(moment: dt.datetime) -> dt.datetime:
    """The midnight at which `years_old` may next be another, to somebody who asks now."""
    day = timezone.localtime(moment).date()
    year = day.year + max(_years(moment) + 1, settings.PULSE_OLD_STORY_YEARS)
    try:
        birthday = day.replace(year=year)
    except ValueError:  # 29 February
        birthday = dt.date(year, 3, 1)
    return timezone.make_aware(dt.datetime.combine(birthday, dt.time()))


def _years(moment: dt.datetime) -> int:
    day, today = timezone.localtime(moment).date(), timezone.localdate()
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day))
