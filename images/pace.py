"""How many pictures one person may send in a minute."""

from django.conf import settings

from accounts.models import User
from images.processing import PictureRefused
from pulse import limits


class TooManyUploads(PictureRefused):
    """Somebody sends faster than pictures can be made; `seconds` says when to go on."""

    def __init__(self, refusal: limits.TooMany) -> None:
        super().__init__(
            f"You have sent {settings.PULSE_UPLOADS_PER_MINUTE} pictures in a minute, the most we take. "
            f"Wait {refusal.wait}, then send this one again."
        )
        self.seconds = refusal.seconds


def count_upload(by: User) -> None:
    """Count a picture that somebody sent, taken or not; TooManyUploads beyond PULSE_UPLOADS_PER_MINUTE."""
    try:
        limits.count("uploads", limits.of_reader(by.pk), most=settings.PULSE_UPLOADS_PER_MINUTE)
    except limits.TooMany as refusal:
        raise TooManyUploads(refusal) from refusal
