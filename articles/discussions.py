"""Whether readers may write under a story: the editors' choice, and the clock.

What an editor chose is a column of the article. Whether a discussion has closed by itself is a question of
time, asked anew for every page and every comment: nothing has to run at that moment.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from articles.access import require_publisher
from articles.announcing import announce
from articles.editing import NotPublishable, lock
from articles.log import record
from articles.models import Article, Event

Discussion, Closing = Article.Discussion, Article.Closing
MAY_CLOSE = [Discussion.OPEN, Discussion.READ_ONLY]

_house: list[Callable[[], int | None]] = []


def close_after(days: Callable[[], int | None]) -> None:
    """Ask this function after how many days the house closes a discussion; None: it never does."""
    _house.append(days)


def house_days() -> int | None:
    """How many days after its publication a story's discussion closes, unless the story says otherwise."""
    return next((days() for days in _house), None)


def closes_at(article: Article, published_at: dt.datetime | None, *, days: int | None) -> dt.datetime | None:
    """When the discussion of a story closes by itself, or did; None if only an editor closes it. No query.

    `published_at` is when readers first saw the story, `days` what the house says.
    """
    if article.discussion not in MAY_CLOSE:
        return None
    if article.discussion_closes == Closing.AT:
        return article.discussion_closes_at
    if article.discussion_closes == Closing.BY_HAND or published_at is None or days is None:
        return None
    return published_at + dt.timedelta(days=days)


def policy_of(article: Article, published_at: dt.datetime | None, *, days: int | None) -> str:
    """The policy that holds now: what the editors chose, or closed once its time has come. No query."""
    moment = closes_at(article, published_at, days=days)
    is_over = moment is not None and moment <= timezone.now()
    return Discussion.CLOSED if is_over else article.discussion


def first_published_at(article: Article) -> dt.datetime | None:
    """When readers first saw a story that they see now. One query."""
    live = article.live_revision()
    return live.first_published_at if live else None


def house_closing(published_at: dt.datetime | None) -> str:
    """What the house's rules mean for a story, in words. No query, or one for the rules."""
    days = house_days()
    if days is None:
        return "As the house rules say: it stays open"
    after = f"{days} day{'' if days == 1 else 's'} after publication"
    moment = f": on {_said(published_at + dt.timedelta(days=days))}" if published_at else ""
    return f"By itself, as the house rules say, {after}{moment}"


# What an editor does


@transaction.atomic
def change_discussion(
    *,
    article: Article,
    discussion: str,
    by: User,
    closes: str | None = None,
    closes_at: dt.datetime | None = None,
    moderation: str | None = None,
) -> None:
    """Open, stop, close or hide an article's discussion, at once; say when it closes by itself (`closes`, a
    Closing, with its moment), and how comments are moderated. What is not given stays.

    A discussion that is opened or closed by hand stays so: without `closes` it no longer closes by itself.
    Raises NotPublishable for a moment that is missing or has passed.
    """
    require_publisher(by)
    before = lock(article)
    if closes is None and discussion != policy_of(before, first_published_at(before), days=house_days()):
        closes = Closing.BY_HAND
    if closes is not None:
        closes_at = closing_moment(closes, closes_at)
    wanted = {
        "discussion": discussion,
        "discussion_closes": before.discussion_closes if closes is None else closes,
        "discussion_closes_at": before.discussion_closes_at if closes is None else closes_at,
        "moderation": before.moderation if moderation is None else moderation,
    }
    if all(getattr(before, field) == value for field, value in wanted.items()):
        return
    for field, value in wanted.items():
        column: Any = Article._meta.get_field(field)
        setattr(article, field, column.clean(value, article))
    article.save(update_fields=list(wanted))
    announce(article)
    record(article=article, verb=Event.Verb.DISCUSSION, by=by, note=discussion_in_words(article))


def discussion_in_words(article: Article) -> str:
    """The policy of a discussion in a line: what differs from the house's rules is said too."""
    parts = [article.get_discussion_display()]
    if article.discussion_closes == Closing.AT and article.discussion_closes_at:
        parts.append(f"It closes on {_said(article.discussion_closes_at)}")
    if article.moderation:
        parts.append(f"A comment appears: {article.get_moderation_display()}")
    return ". ".join(parts)


def closing_moment(closes: str, at: dt.datetime | None) -> dt.datetime | None:
    """The moment that goes with a Closing; raises NotPublishable if it is missing or has passed."""
    if closes != Closing.AT:
        return None
    if at is None:
        raise NotPublishable({"closes_at": "Choose a day and a time."})
    if at <= timezone.now():
        raise NotPublishable({"closes_at": "This time has passed. Choose a later one, or close it now."})
    return at


def _said(at: dt.datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.day} {local:%B %Y, %H:%M %Z}"
