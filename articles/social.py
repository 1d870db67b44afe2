"""What other sites show of a story without a photograph: its card, and its print in three ratios.

They are made right after the publication commits, or else by the worker: a publication never fails with them.
Their files are called after the hash of all that they show, so a name never changes its content and caches
may keep it for ever. A story with a photograph shows that, in the crop that the newsroom chose for it.
"""

import datetime as dt
import hashlib
import json
import logging
import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from articles.drawings import PRINT_GROUNDS, print_kind
from articles.models import Article, Revision
from articles.querysets import RevisionQuerySet
from pulse.addresses import absolute
from pulse.art import print_marks
from pulse.posters import VERSION, Card, card, print_file
from pulse.tags import changed

if TYPE_CHECKING:
    from articles.stories import Story

logger = logging.getLogger(__name__)

FOLDER = "social"
CARD = "card"
RATIOS = {"1x1": (800, 800), "4x3": (1000, 750), "16x9": (1200, 675)}
FILE_NAME = re.compile(rf"[0-9a-f]{{32}}-({CARD}|{'|'.join(RATIOS)})\.png", re.ASCII)
PHOTOGRAPH = ("square.jpg", "news4x3.jpg", "news16x9.jpg")  # crops that every photograph has
REMOVED_AT_ONCE = 200  # versions whose pictures are removed before the worker does anything else


class NotDrawn(Exception):  # noqa: N818
    """Some pictures could not be drawn or stored. They are tried again; the log says why."""


# What readers and machines are told


def card_of(story: "Story") -> str:
    """The whole address of a live story's card; nothing while it is still to be drawn, and for a draft."""
    is_shown = story.is_public and story.social_picture
    return absolute(default_storage.url(story.social_picture)) if is_shown else ""


def pictures_of(story: "Story") -> list[str]:
    """Absolute addresses of a live story's pictures for machines: square, 4:3 and 16:9.

    Of a photograph the crops that it has: see `make_renditions`. Empty for a draft, and while they are still
    to be drawn. No query on a story loaded with `for_page()`.
    """
    if not story.is_public:
        return []
    if story.lead_image:
        files = {made.preset: made.file for made in story.lead_image.renditions.all()}
        return [absolute(files[preset].url) for preset in PHOTOGRAPH if preset in files]
    if not story.social_picture:
        return []
    return [absolute(default_storage.url(_beside(story.social_picture, ratio))) for ratio in RATIOS]


# Drawing


def draw_after_commit(revision: Revision) -> None:
    """Draw a revision's pictures after the transaction that publishes it or renders it again, if need be."""
    if settings.PULSE_DRAW_AT_ONCE:
        transaction.on_commit(lambda: draw_pictures(revision.pk), robust=True)


def draw_pictures(pk: int, *, if_lost: bool = False) -> bool:
    """Draw and store the pictures of a live or scheduled revision, unless it has them or a photograph.

    A quarter of a second, and nothing but a query where nothing has to be done. `if_lost` also looks for the
    file. Whether all is well; False, and a line in the log, if they could not be drawn or stored.
    """
    try:
        shown = Revision.objects.public_or_due().filter(lead_image=None).select_related("article", "section")
        revision = shown.defer("content", "body_html").filter(pk=pk).first()
        if revision is not None:
            _draw(revision, if_lost=if_lost)
    except Exception:
        logger.exception("Revision %s has no pictures for other sites. They are tried again.", pk)
        return False
    return True


def _draw(revision: Revision, *, if_lost: bool) -> None:
    stem = _stem(revision)
    name, before = _name(stem, CARD), str(revision.social_picture)
    if name == before and not (if_lost and not default_storage.exists(name)):
        return
    files = {_name(stem, shape): data for shape, data in _drawn(revision).items()}
    with transaction.atomic():
        _lock(revision.article_id)
        for file, data in files.items():
            _store(file, data)
        shown = Revision.objects.public_or_due().filter(pk=revision.pk)
        is_shown = shown.update(social_picture=name)
        _remove_unused(revision.article_id, {before if is_shown else name})
        changed(f"article:{revision.article_id}")


def _lock(article: int) -> None:
    """Of an article's files, one transaction at a time writes or deletes some."""
    Article.objects.select_for_update().only("pk").get(pk=article)


def _store(name: str, data: bytes) -> None:
    """Write a file, unless it is there, whole: an earlier version of the story may have the same."""
    if default_storage.exists(name):
        if default_storage.size(name) == len(data):
            return
        default_storage.delete(name)  # what a crash left of it
    default_storage.save(name, ContentFile(data))


def _drawn(revision: Revision) -> dict[str, bytes]:
    """The files of a revision by their shapes."""
    kind, seed = print_kind(revision.section), revision.article.slug
    words = [sum(paragraph) for paragraph in revision.paragraphs]
    said = Card(
        headline=revision.headline,
        section=revision.section.name if revision.section else "",
        paragraphs=words,
        minutes=revision.minutes,
        site_name=settings.PULSE_SITE_NAME,
    )
    prints = {
        ratio: print_marks(revision.paragraphs, kind=kind, width=width, height=height, seed=seed)
        for ratio, (width, height) in RATIOS.items()
    }
    return {CARD: card(said)} | {
        ratio: print_file(marks, PRINT_GROUNDS[kind]) for ratio, marks in prints.items()
    }


def _stem(revision: Revision) -> str:
    """What the files of a revision begin with: a hash of all that they show, and of whose they are."""
    shown = [
        VERSION,
        revision.article_id,
        revision.article.slug,
        revision.headline,
        revision.section.name if revision.section else "",
        print_kind(revision.section),
        revision.paragraphs,
        revision.minutes,
        settings.PULSE_SITE_NAME,
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]


def _name(stem: str, shape: str) -> str:
    return f"{FOLDER}/{stem}-{shape}.png"


def _beside(name: str, shape: str) -> str:
    """The file of another shape that was drawn together with this one."""
    return f"{name.rpartition('-')[0]}-{shape}.png"


# The worker


def without_pictures() -> RevisionQuerySet:
    """The public and scheduled revisions that have neither a photograph nor pictures drawn. Newest first."""
    return Revision.objects.public_or_due().filter(lead_image=None, social_picture="").newest_first()


def draw_missing() -> bool:
    """The worker's job: draw what is missing, and whether there is more. Raises NotDrawn if some failed."""
    pks = list(without_pictures().values_list("pk", flat=True)[: settings.PULSE_DRAW_BATCH])
    failed = sum(not draw_pictures(pk) for pk in pks)
    if failed:
        raise NotDrawn(f"{failed} of {len(pks)} stories have no pictures for other sites yet.")
    return len(pks) == settings.PULSE_DRAW_BATCH


def remove_replaced() -> bool:
    """The worker's job: remove the pictures of what readers see no longer, and whether there is more.

    Those of a story that left the site go at once. Those of a version that another one replaced stay for
    PULSE_SOCIAL_KEPT_DAYS, since other sites link to them.
    """
    now = timezone.now()
    is_live = Exists(Revision.objects.live(now).filter(article=OuterRef("article")))
    long_ago = now - dt.timedelta(days=settings.PULSE_SOCIAL_KEPT_DAYS)
    ended = Revision.objects.filter(live_until__lte=now, live_from__isnull=False, lead_image=None)
    return _remove(ended.filter(Q(live_until__lt=long_ago) | ~is_live, social_picture__gt=""))


def remove_cancelled() -> bool:
    """The worker's job, daily: remove the pictures of what was scheduled and then called off."""
    return _remove(Revision.objects.filter(live_from=None, social_picture__gt=""))


def _remove(revisions: RevisionQuerySet) -> bool:
    # The longest gone first: in that order an index has them, and nothing else is read.
    articles = list(revisions.order_by("live_until").values_list("article", flat=True)[:REMOVED_AT_ONCE])
    for pk in set(articles):
        with transaction.atomic():
            _lock(pk)
            of_this = revisions.filter(article=pk)
            names = set(of_this.values_list("social_picture", flat=True))
            of_this.update(social_picture="")
            _remove_unused(pk, names)
    return len(articles) == REMOVED_AT_ONCE


def _remove_unused(article: int, names: Collection[str]) -> None:
    """Delete an article's files that none of its revisions has any more. Its row is locked by the caller."""
    having = Revision.objects.filter(article=article, social_picture__in=names)
    used = set(having.values_list("social_picture", flat=True))
    for name in set(names) - used - {""}:
        for shape in [CARD, *RATIOS]:
            default_storage.delete(_beside(name, shape))
