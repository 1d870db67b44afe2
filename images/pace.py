"""How many pictures one person may send in a minute."""

import time

from django.conf import settings
from django.core.cache import cache

from accounts.models import User
from images.processing import PictureRefused

MINUTE = 60


class TooManyUploads(PictureRefused):
    """Somebody sends faster than pictures can be made; `seconds` says when to go on."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"You have sent {settings.PULSE_UPLOADS_PER_MINUTE} pictures in a minute, the most we take. "
            f"Wait {seconds} seconds, then send this one again."
        )
        self.seconds = seconds


def count_upload(by: User) -> None:
    """Count a picture that somebody sent, taken or not; TooManyUploads beyond PULSE_UPLOADS_PER_MINUTE.

    Two calls to the cache. Where that forgets or does not answer, nobody is kept from working.
    """
    minute, passed = divmod(int(time.time()), MINUTE)
    key = f"uploads:{by.pk}:{minute}"
    cache.add(key, 0, timeout=2 * MINUTE)
    try:
        sent = cache.incr(key)
    except ValueError:  # gone from the cache between the two calls
        return
    if sent > settings.PULSE_UPLOADS_PER_MINUTE:
        raise TooManyUploads(MINUTE - passed)
