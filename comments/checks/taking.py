"""Whether a comment is taken at all: what its author is told at once, and can mend or wait for."""

import datetime as dt
import math

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags

from comments.rulings import Attempt, Refused
from comments.sameness import is_nearly_the_same
from pulse.characters import is_invisible, validate_no_control_characters
from pulse.text import TextTooLong

RATE_PERIOD = dt.timedelta(minutes=1)
REPEAT_PERIOD = dt.timedelta(minutes=5)
MEMORY = max(RATE_PERIOD, REPEAT_PERIOD)  # how far back an attempt's `recent` must reach
FOR_GOOD = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)  # until when somebody is suspended who is to stay so


def story_is_public(attempt: Attempt) -> Refused | None:
    return None if attempt.is_public else not_public()


def discussion_is_open(attempt: Attempt) -> Refused | None:
    """Closed by an editor, by its age, or because the newsroom takes no comments at all."""
    closes_at, is_off = attempt.rules.closes_at, attempt.rules.mode == "off"
    is_over = is_off or (closes_at is not None and closes_at <= attempt.now)
    sentence = closed_sentence(attempt.discussion) or (closed_sentence("closed") if is_over else "")
    return Refused(sentence, 403) if sentence else None


def author_is_not_suspended(attempt: Attempt) -> Refused | None:
    if attempt.suspended_until is None or attempt.suspended_until <= attempt.now:
        return None
    return Refused(suspended_sentence(attempt.suspended_until), 403)


def body_has_clean_characters(attempt: Attempt) -> Refused | None:
    try:
        validate_no_control_characters(attempt.body)
    except ValidationError as error:
        return Refused(error.messages[0], 400)
    return None


def body_is_short_enough(attempt: Attempt) -> Refused | None:
    limit, length = settings.PULSE_MAX_COMMENT_CHARS, len(attempt.body)
    if length <= limit:
        return None
    return Refused(f"A comment holds up to {limit:,} characters. This one has {length:,}: shorten it.", 400)


def body_shows_something(attempt: Attempt) -> Refused | None:
    try:
        shown = strip_tags(attempt.html)
    except TextTooLong as error:
        return Refused(str(error), 400)
    if any(not is_invisible(character) and not character.isspace() for character in shown):
        return None
    return Refused("Write something before you post.", 400)


def parent_can_be_answered(attempt: Attempt) -> Refused | None:
    if attempt.is_parent_visible:
        return None
    return Refused("The comment you answer is no longer here. You can post this as one of its own.", 409)


def author_is_not_repeating(attempt: Attempt) -> Refused | None:
    since = attempt.now - REPEAT_PERIOD
    if any(at > since and is_nearly_the_same(body, attempt.body) for at, body in attempt.recent):
        return Refused("You posted these words a few minutes ago.", 409)
    return None


def author_is_not_hurrying(attempt: Attempt) -> Refused | None:
    limit = settings.PULSE_COMMENTS_PER_MINUTE
    times = sorted((at for at, _ in attempt.recent if at > attempt.now - RATE_PERIOD), reverse=True)
    if len(times) < limit:
        return None
    seconds = math.ceil((times[limit - 1] + RATE_PERIOD - attempt.now).total_seconds())
    sentence = f"You posted {limit} comments in the last minute. Wait a minute, then post this one."
    return Refused(sentence, 429, seconds=max(1, seconds))


def not_public() -> Refused:
    """The same for a draft, a withdrawn story and one that never was: the answer must not tell them apart."""
    return Refused("There is no such story, or it is no longer published, so it takes no comments.", 404)


def closed_sentence(discussion: str) -> str:
    """Why an article's discussion takes no comments; empty if it does."""
    return {
        "read_only": "This discussion takes no comments for now. You can still read it.",
        "closed": "This discussion is closed. You can still read it.",
        "hidden": "This story has no discussion.",
    }.get(discussion, "")


def suspended_sentence(until: dt.datetime) -> str:
    """Until when a reader may not comment, in the newsroom's zone."""
    if until >= FOR_GOOD:
        return "You cannot comment here any more. You can still read."
    local = timezone.localtime(until)
    moment = f"{date_format(local, 'j F Y, H:i')} {local.tzname()}"
    return f"You cannot comment until {moment}. You can still read."
