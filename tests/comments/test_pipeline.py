"""Each check, by itself: pure functions over an attempt."""

import datetime as dt
from typing import Any

import pytest
from django.conf import LazySettings

from comments.pipeline import FOR_GOOD, Attempt, Refused, Rules, Standing, decide

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)


def attempt(**facts: Any) -> Attempt:
    return Attempt(**{"body": "A thought.", "now": NOW, **facts})


def first_refusal(attempt: Attempt) -> Refused | None:
    try:
        decide(attempt)
    except Refused as refusal:
        return refusal
    return None


def ago(**period: float) -> dt.datetime:
    return NOW - dt.timedelta(**period)


def test_refusals_let_an_ordinary_comment_pass() -> None:
    """Nothing is wrong with an ordinary comment, nor with an old suspension or one remark a while ago."""
    assert first_refusal(attempt()) is None
    assert first_refusal(attempt(suspended_until=ago(seconds=1))) is None
    assert (
        first_refusal(attempt(recent=[(ago(minutes=6), "A thought."), (ago(seconds=5), "Another.")])) is None
    )


@pytest.mark.parametrize(
    ("facts", "status", "words"),
    [
        ({"is_public": False}, 404, "no longer published"),
        ({"discussion": "closed"}, 403, "This discussion is closed. You can still read it."),
        ({"discussion": "hidden"}, 403, "no discussion"),
        (
            {"suspended_until": dt.datetime(2026, 12, 4, 9, 30, tzinfo=dt.UTC)},
            403,
            "cannot comment until 4 December 2026, 09:30 UTC",
        ),
        ({"body": "a\x00b"}, 400, "Character 2 is a control character (U+0000)"),
        ({"body": "a\ud800"}, 400, "control character"),
        ({"body": "x" * 2_001}, 400, "up to 2,000 characters. This one has 2,001"),
        ({"body": "[" * 20_000}, 400, "up to 2,000 characters"),
        ({"body": ""}, 400, "Write something"),
        ({"body": " \n\t\u200b\u2060 "}, 400, "Write something"),
        ({"body": "```\n```"}, 400, "Write something"),
        ({"body": ">" * 25 + " deep"}, 400, "20 deep"),
        ({"is_parent_visible": False}, 409, "no longer here"),
        ({"recent": [(ago(minutes=4), "A thought.")]}, 409, "a few minutes ago"),
        (
            {"recent": [(ago(seconds=50), str(number)) for number in range(6)]},
            429,
            "6 comments in the last minute",
        ),
    ],
)
def test_refusals_say_what_is_wrong(facts: dict[str, Any], status: int, words: str) -> None:
    """Each thing that is wrong has a sentence and a status of its own."""
    refusal = first_refusal(attempt(**facts))

    assert refusal is not None
    assert refusal.status == status
    assert words in refusal.sentence
    assert refusal.sentence.endswith(".")


def test_refusals_come_in_order() -> None:
    """The first refusal stands: what a reader cannot change comes before what they can."""
    refusal = first_refusal(attempt(discussion="closed", body="", suspended_until=NOW + dt.timedelta(days=1)))

    assert refusal is not None
    assert "closed" in refusal.sentence


def test_refusals_count_comments_against_the_setting(settings: LazySettings) -> None:
    """How many a minute is a setting."""
    recent = [(ago(seconds=10), "First."), (ago(seconds=5), "Second.")]
    assert first_refusal(attempt(recent=recent)) is None

    settings.PULSE_COMMENTS_PER_MINUTE = 2
    refusal = first_refusal(attempt(recent=recent))

    assert refusal is not None
    assert refusal.status == 429


NEW = Standing(is_new=True, has_spoken=False)
STAFF = Standing(is_staff=True)
HOAX = {"body": "hoax"}
LINK = "See https://example.org/ for more."


@pytest.mark.parametrize(
    ("facts", "status", "check"),
    [
        ({}, "visible", ""),
        ({"author": NEW}, "visible", ""),
        ({"rules": Rules(mode="before")}, "pending", "nothing_is_read_first"),
        ({"rules": Rules(mode="first"), "author": NEW}, "pending", "author_has_spoken"),
        ({"rules": Rules(mode="first")}, "visible", ""),
        ({"body": LINK}, "visible", ""),
        ({"body": LINK, "author": NEW}, "pending", "links_are_from_somebody_known"),
        ({"body": LINK, "author": Standing(is_new=True)}, "pending", "links_are_from_somebody_known"),
        ({"author": Standing(decided=9, rejected=3)}, "pending", "author_is_seldom_rejected"),
        ({"author": Standing(decided=30, rejected=3)}, "visible", ""),
        ({"author": Standing(decided=2, rejected=2)}, "visible", ""),
        ({"copies": 2}, "pending", "text_is_not_copied"),
        ({"copies": 1}, "visible", ""),
        ({"opinion": "ham"}, "visible", ""),
        ({"opinion": "unsure"}, "pending", "service_finds_no_spam"),
        ({"opinion": "spam"}, "withheld", "service_finds_no_spam"),
        ({"is_edit": True, "was_approved": True}, "pending", "approval_holds"),
        ({"author": STAFF, "rules": Rules(mode="before")}, "visible", "author_is_staff"),
        ({"author": STAFF, "is_edit": True, "was_approved": True}, "visible", "author_is_staff"),
        ({"author": STAFF, **HOAX, "rules": Rules(banned_words="hoax")}, "visible", "author_is_staff"),
        # the first that decides wins
        ({**HOAX, "rules": Rules("before", banned_words="hoax")}, "rejected", "words_are_allowed"),
        ({**HOAX, "rules": Rules("before", suspect_words="hoax")}, "pending", "nothing_is_read_first"),
    ],
)  # fmt: skip
def test_each_check_rules_by_itself(facts: dict[str, Any], status: str, check: str) -> None:
    """What becomes of a comment, and which check said so."""
    ruling = decide(attempt(**facts))

    assert (ruling.status, ruling.check) == (status, check)
    assert bool(ruling.sentence) == (check not in {"", "author_is_staff"})
    assert not ruling.sentence or ruling.sentence.endswith(".")


@pytest.mark.parametrize(
    "facts",
    [
        {"body": "x" * 2_001},
        {"discussion": "closed"},
        {"discussion": "read_only"},
        {"discussion": "hidden"},
        {"rules": Rules(mode="off")},
        {"rules": Rules(closes_at=ago(seconds=1))},
        {"suspended_until": NOW + dt.timedelta(days=1)},
    ],
)
def test_nobody_gets_past_length_and_a_closed_discussion(facts: dict[str, Any]) -> None:
    """Staff are not asked twice about their words, but rules about the place hold for everybody."""
    assert first_refusal(attempt(author=Standing(is_staff=True), **facts)) is not None


def test_a_discussion_that_will_close_is_open() -> None:
    """Until its moment has come."""
    assert first_refusal(attempt(rules=Rules(closes_at=NOW + dt.timedelta(seconds=1)))) is None


def test_somebody_suspended_for_good_is_told_so() -> None:
    """No date that nobody believes."""
    refusal = first_refusal(attempt(suspended_until=FOR_GOOD))

    assert refusal is not None
    assert refusal.sentence == "You cannot comment here any more. You can still read."
