"""What the newsroom has set for every discussion, and what that means for one story."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from articles.models import Article, Revision
from comments.models import HouseRules
from comments.rulings import Rules
from pulse.tags import SITE, Remembered, changed

HOUSE = "house-rules"  # the tag of what the newsroom has set
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
    rules.pk = 1
    rules.full_clean(validate_unique=False)
    rules.save()
    changed(HOUSE, SITE)


def rules_for(article: Article, live: Revision | None, rules: HouseRules) -> Rules:
    """What holds for comments on one story: the article's own setting goes before the house's. No query."""
    return Rules(
        mode=getattr(article, "moderation", "") or rules.mode,
        closes_at=closes_at(live, rules),
        banned_words=rules.banned_words,
        suspect_words=rules.suspect_words,
        banned_hosts=rules.banned_hosts,
    )


def closes_at(live: Revision | None, rules: HouseRules) -> dt.datetime | None:
    """When a story's discussion closes by itself, if it does."""
    if live is None or live.first_published_at is None or rules.close_after_days is None:
        return None
    return live.first_published_at + dt.timedelta(days=rules.close_after_days)
