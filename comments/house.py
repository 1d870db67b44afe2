"""What the newsroom has set for every discussion, and what that means for one story."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from articles import discussions
from articles.models import Article, Revision
from comments.models import HouseRules
from comments.rulings import Rules
from pulse.tags import SITE, Remembered, changed

Policy = Article.Discussion
HOUSE = "house-rules"  # the tag of what the newsroom has set
DISCUSSIONS = "discussions"  # of every discussion: what readers see follow from that
CHANGE = "comments.change_houserules"


def read() -> HouseRules:
    """The rules as they are stored at this moment. One query."""
    return HouseRules.objects.filter(pk=1).first() or HouseRules(pk=1)


_remembered = Remembered(HOUSE, read)


def house_rules() -> HouseRules:
    """The rules, for a page that shows what follows from them (and `HOUSE`). No query as a rule."""
    return _remembered.get()


@transaction.atomic
def change_rules(*, rules: HouseRules, by: User) -> None:
    """Store other rules. They hold for the next comment, whichever process takes it."""
    if not by.has_perm(CHANGE):
        raise PermissionDenied("Only an editor or a moderator may change the house rules.")
    before = read()
    rules.pk = 1
    rules.full_clean(validate_unique=False)
    rules.save()
    is_seen = (before.mode, before.close_after_days) != (rules.mode, rules.close_after_days)
    changed(HOUSE, SITE, *([DISCUSSIONS] if is_seen else []))


def rules_for(article: Article, live: Revision | None, rules: HouseRules) -> Rules:
    """What holds for comments on one story: the article's own setting goes before the house's. No query."""
    published_at = live.first_published_at if live else None
    return Rules(
        mode=article.moderation or rules.mode,
        closes_at=discussions.closes_at(article, published_at, days=rules.close_after_days),
        banned_words=rules.banned_words,
        suspect_words=rules.suspect_words,
        banned_hosts=rules.banned_hosts,
    )


def policy_of(article: Article, published_at: dt.datetime | None) -> str:
    """The policy of a discussion as readers meet it now. No query as a rule."""
    return policy_and_closing(article, published_at)[0]


def policy_and_closing(article: Article, published_at: dt.datetime | None) -> tuple[str, dt.datetime | None]:
    """The policy of a discussion as readers meet it now, and when it closes by itself, if it does. No query
    as a rule.

    Where no comments are taken at all, an open discussion is read-only.
    """
    rules = house_rules()
    days = rules.close_after_days
    policy = discussions.policy_of(article, published_at, days=days)
    takes_none = (article.moderation or rules.mode) == Article.Moderation.OFF
    shown = Policy.READ_ONLY if takes_none and policy == Policy.OPEN else policy
    return shown, discussions.closes_at(article, published_at, days=days)


def close_after_days() -> int | None:
    """After how many days a discussion closes by itself. No query as a rule."""
    return house_rules().close_after_days
