"""What the article page says to somebody who reads it later than others."""

import datetime as dt

from django import template
from django.conf import settings
from django.utils import timezone

register = template.Library()


@register.filter
def years_old(moment: dt.datetime | None) -> int:
    """How many full years ago something was published, by the newsroom's calendar, if that is so long that
    readers should know (PULSE_OLD_STORY_YEARS); otherwise 0. It changes at midnight only.
    """
    if moment is None:
        return 0
    day, today = timezone.localtime(moment).date(), timezone.localdate()
    years = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
    return years if years >= settings.PULSE_OLD_STORY_YEARS else 0
