"""What becomes of a comment: an ordered list of small pure functions over what is known of an attempt.

Each looks at one thing. One that has nothing to say returns None; the first that decides wins. The same list
runs when a comment is written and when it is edited. No models.
"""

from dataclasses import replace

from comments.checks.links import hosts_are_allowed, links_are_few, links_are_from_somebody_known
from comments.checks.standing import (
    approval_holds,
    author_has_spoken,
    author_is_seldom_rejected,
    author_is_staff,
    nothing_is_read_first,
    service_finds_no_spam,
    text_is_not_copied,
)
from comments.checks.taking import (
    FOR_GOOD,
    MEMORY,
    author_is_not_hurrying,
    author_is_not_repeating,
    author_is_not_suspended,
    body_has_clean_characters,
    body_is_short_enough,
    body_shows_something,
    closed_sentence,
    discussion_is_open,
    not_public,
    parent_can_be_answered,
    story_is_public,
    suspended_sentence,
)
from comments.checks.words import words_are_allowed, words_are_unsuspicious
from comments.rulings import Attempt, Check, Refused, Rules, Ruling, Standing, tidy

__all__ = [
    "CHECKS",
    "FOR_GOOD",
    "MEMORY",
    "Attempt",
    "Refused",
    "Rules",
    "Ruling",
    "Standing",
    "closed_sentence",
    "decide",
    "not_public",
    "suspended_sentence",
    "tidy",
]

# In this order; the first that decides wins. What nobody may, staff included, comes before staff.
CHECKS: list[Check] = [
    story_is_public,
    discussion_is_open,
    author_is_not_suspended,
    body_has_clean_characters,
    body_is_short_enough,
    body_shows_something,
    parent_can_be_answered,
    author_is_not_hurrying,
    author_is_not_repeating,
    author_is_staff,
    words_are_allowed,
    hosts_are_allowed,
    links_are_few,
    text_is_not_copied,
    service_finds_no_spam,
    approval_holds,
    nothing_is_read_first,
    author_has_spoken,
    links_are_from_somebody_known,
    author_is_seldom_rejected,
    words_are_unsuspicious,
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
