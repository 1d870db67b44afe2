"""Who writes: staff, somebody new, somebody who is often rejected, many accounts with one text."""

from django.conf import settings

from comments.rulings import Attempt, Ruling


def author_is_staff(attempt: Attempt) -> Ruling | None:
    """What the newsroom says is published at once: it answers for it under its own name."""
    return Ruling() if attempt.author.is_staff else None


def text_is_not_copied(attempt: Attempt) -> Ruling | None:
    if attempt.copies < settings.PULSE_REPEAT_ACCOUNTS:
        return None
    return Ruling(
        "pending",
        reason="spam",
        sentence="Other accounts posted much the same, so a moderator reads it before it appears.",
    )


def service_finds_no_spam(attempt: Attempt) -> Ruling | None:
    """What the spam service says, if the newsroom has one. It never rejects: a person does."""
    if attempt.opinion not in {"spam", "unsure"}:
        return None
    return Ruling(
        "withheld" if attempt.opinion == "spam" else "pending",
        reason="spam",
        sentence="It looks like advertising to our filter, so a moderator reads it before it appears.",
    )


def approval_holds(attempt: Attempt) -> Ruling | None:
    """A moderator approved the text that was read: another one comes back to the queue."""
    if attempt.is_edit and attempt.was_approved:
        return Ruling("pending", sentence="Your change waits for review.")
    return None


def nothing_is_read_first(attempt: Attempt) -> Ruling | None:
    if attempt.rules.mode != "before":
        return None
    return Ruling("pending", sentence="Comments here are read by a moderator before they appear.")


def author_has_spoken(attempt: Attempt) -> Ruling | None:
    if attempt.rules.mode != "first" or attempt.author.has_spoken:
        return None
    return Ruling(
        "pending",
        sentence="A reader’s first comment is read by a moderator before it appears. Later ones appear at "
        "once.",
    )


def author_is_seldom_rejected(attempt: Attempt) -> Ruling | None:
    rejected, decided = attempt.author.rejected, attempt.author.decided
    if rejected < settings.PULSE_REJECTIONS_LEAST or rejected < settings.PULSE_REJECTIONS_SHARE * decided:
        return None
    return Ruling(
        "pending",
        sentence=f"{rejected} of your comments were removed lately, so a moderator reads this one before it "
        "appears.",
    )
