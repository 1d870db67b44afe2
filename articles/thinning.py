"""What the newsroom leaves behind and nobody needs: old autosaves, and forms closed long ago."""

import datetime as dt
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.db.models.functions import TruncDate
from django.utils import timezone

from articles.models import Article, Revision, Sitting
from articles.querysets import RevisionQuerySet

BATCH = 200  # revisions deleted in one transaction


def superfluous(*, article: Article | None = None, days: int | None = None) -> RevisionQuerySet:
    """Autosaves older than so many days that a later one of the same day makes superfluous.

    Days are the newsroom's. Never among them: what was live or scheduled, has a name, is shown by a preview
    link or was saved by hand; nor the newest revision, since nothing is later.
    """
    older_than = timezone.now() - dt.timedelta(days=settings.PULSE_AUTOSAVE_DAYS if days is None else days)
    autosaves = Revision.objects.filter(
        is_autosave=True, name="", live_from=None, preview_links=None, created_at__lt=older_than
    ).annotate(day=TruncDate("created_at", tzinfo=timezone.get_default_timezone()))
    if article is not None:
        autosaves = autosaves.filter(article=article)
    later = autosaves.filter(article=OuterRef("article"), day=OuterRef("day"), number__gt=OuterRef("number"))
    return autosaves.filter(Exists(later)).order_by("pk")


def thin(article: Article, *, days: int | None = None) -> int:
    """Delete an article's superfluous autosaves, and return how many there were."""
    deleted = 0
    while some := thin_some(article=article, days=days):
        deleted += some
    return deleted


@transaction.atomic
def thin_some(*, article: Article | None = None, days: int | None = None) -> int:
    """Delete a batch of superfluous autosaves, of every article unless one is given. How many there were."""
    chosen = superfluous(article=article, days=days).values_list("pk", flat=True)
    pks = list(islice(chosen.iterator(), BATCH))
    Revision.objects.filter(pk__in=pks).only("pk").delete()
    return len(pks)


def thin_all() -> bool:
    """The worker's job: whether there is more to thin."""
    return thin_some() == BATCH


def forget_sittings() -> None:
    """The worker's job: forget the forms that nobody has had open for PULSE_SITTING_DAYS."""
    long_ago = timezone.now() - dt.timedelta(days=settings.PULSE_SITTING_DAYS)
    Sitting.objects.filter(seen_at__lt=long_ago).delete()
