"""What becomes of a comment: an ordered list of small pure functions over what is known of an attempt.

Each looks at one thing. One that has nothing to say returns None; the first that decides wins. The same list
runs when a comment is written and when it is edited. No models.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags

from pulse.characters import is_invisible, validate_no_control_characters
from pulse.text import TextTooLong, reader

RATE_PERIOD = dt.timedelta(minutes=1)
REPEAT_PERIOD = dt.timedelta(minutes=5)
MEMORY = max(RATE_PERIOD, REPEAT_PERIOD)  # how far back an attempt's `recent` must reach


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """Not taken: `sentence` says why to a person, `status` is the HTTP status that says it to a machine."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


@dataclass(frozen=True)
class Ruling:
    """What becomes of a comment that is taken, and which check said so; none, if nothing was wrong."""

    status: str = "visible"
    check: str = ""
    reason: str = ""  # a Rule that the check thinks is broken
    sentence: str = ""  # what its author is told


@dataclass(frozen=True)
class Attempt:
    """Everything the checks look at, gathered before they run."""

    body: str
    now: dt.datetime
    is_public: bool = True
    discussion: str = "open"
    suspended_until: dt.datetime | None = None
    is_parent_visible: bool = True
    is_edit: bool = False
    was_approved: bool = False  # by a moderator, who read an earlier text
    recent: list[tuple[dt.datetime, str]] = field(default_factory=list)  # when and what the author posted


def story_is_public(attempt: Attempt) -> Refused | None:
    return None if attempt.is_public else not_public()


def discussion_is_open(attempt: Attempt) -> Refused | None:
    sentence = closed_sentence(attempt.discussion)
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
        shown = strip_tags(reader(attempt.body))
    except TextTooLong as error:
        return Refused(str(error), 400)
    if any(not is_invisible(character) and not character.isspace() for character in shown):
        return None
    return Refused("Write something before you post.", 400)


def approval_holds(attempt: Attempt) -> Ruling | None:
    """A moderator approved the text that was read: another one comes back to the queue."""
    if attempt.is_edit and attempt.was_approved:
        return Ruling("pending", sentence="Your change waits for review.")
    return None


def parent_can_be_answered(attempt: Attempt) -> Refused | None:
    if attempt.is_parent_visible:
        return None
    return Refused("The comment you answer is no longer here. You can post this as one of its own.", 409)


def author_is_not_repeating(attempt: Attempt) -> Refused | None:
    if any(body == attempt.body and at > attempt.now - REPEAT_PERIOD for at, body in attempt.recent):
        return Refused("You posted these words a few minutes ago.", 409)
    return None


def author_is_not_hurrying(attempt: Attempt) -> Refused | None:
    limit = settings.PULSE_COMMENTS_PER_MINUTE
    if sum(at > attempt.now - RATE_PERIOD for at, _ in attempt.recent) < limit:
        return None
    return Refused(f"You posted {limit} comments in the last minute. Wait a minute, then post this one.", 429)


# In this order; the first that decides wins.
CHECKS: list[Callable[[Attempt], Refused | Ruling | None]] = [
    story_is_public,
    discussion_is_open,
    author_is_not_suspended,
    body_has_clean_characters,
    body_is_short_enough,
    body_shows_something,
    parent_can_be_answered,
    author_is_not_repeating,
    author_is_not_hurrying,
    approval_holds,
]


def decide(attempt: Attempt) -> Ruling:
    """Run the checks. Raises Refused where a comment is not taken at all: its author can mend that."""
    for check in CHECKS:
        found = check(attempt)
        if isinstance(found, Refused):
            raise found
        if found is not None:
            return replace(found, check=check.__name__)
    return Ruling()


def not_public() -> Refused:
    """The same for a draft, a withdrawn story and one that never was: the answer must not tell them apart."""
    return Refused("There is no such story, or it is no longer published, so it takes no comments.", 404)


def closed_sentence(discussion: str) -> str:
    """Why an article's discussion takes no comments; empty if it does."""
    return {
        "closed": "This discussion is closed. You can still read it.",
        "hidden": "This story has no discussion.",
    }.get(discussion, "")


def suspended_sentence(until: dt.datetime) -> str:
    """Until when a reader may not comment, in the newsroom's zone."""
    local = timezone.localtime(until)
    moment = f"{date_format(local, 'j F Y, H:i')} {local.tzname()}"
    return f"You cannot comment until {moment}. You can still read."
