"""What editors do with a story: save, publish, schedule, unpublish, roll back, correct.

Each verb is one transaction, names who does it, locks the article's row first, and raises
PermissionDenied, NotPublishable or Conflict. Nothing else writes a live period.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.text import slugify

from accounts.models import User
from articles.content import Content, restore, snapshot
from articles.models import Article, Byline, Correction, PreviousSlug, Revision, RevisionByline, RevisionTerm
from articles.rendering import render_revision
from glossary.models import Term

PLACEHOLDER = "untitled-"
PLACEHOLDER_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
PLACEHOLDER_SLUG = re.compile(rf"{PLACEHOLDER}[{PLACEHOLDER_LETTERS}]{{8}}")
MAX_SLUG = 100
GRACE = dt.timedelta(minutes=1)
TOO_LATE = "This time has passed. Choose a later one, or publish now."
TLDR_WORDS = settings.PULSE_TLDR_WORDS


class NotPublishable(Exception):  # noqa: N818 - the newsroom's word
    """The story lacks something. `problems` maps a form field to a sentence."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class Conflict(Exception):  # noqa: N818
    """Somebody else saved the article since this copy of it was opened."""


def problems(article: Article) -> dict[str, str]:
    """What keeps a story from being published, a sentence a field; empty if nothing. One query at most."""
    missing = {
        "headline": (article.headline.strip(), "Write a headline."),
        "tldr": (article.tldr.strip(), "Write the TL;DR: the story in one paragraph."),
        "body": (article.body.strip(), "Write the story."),
        "section": (article.section_id, "Choose a section."),
        "bylines": (
            article.pk and Byline.objects.filter(article=article).exists(),  # a prefetched list may be old
            "Add at least one byline.",
        ),
    }
    return {field: sentence for field, (value, sentence) in missing.items() if not value}


def lock(article: Article, *, version: int | None = None) -> Article:
    """The article's row, locked until the transaction ends.

    Raises Conflict if version is given and is not the stored one.
    """
    locked = Article.objects.select_for_update().get(pk=article.pk)
    if version is not None and locked.version != version:
        raise Conflict
    return locked


@transaction.atomic
def save_revision(*, article: Article, by: User, note: str = "") -> Revision:
    """Keep the working copy, as it is stored, as a new revision, and move the article's version on.

    A save that left the text alone keeps nothing: the newest revision is returned. The version moves on all
    the same, since a slug or the discussion may have changed.
    """
    article.version = lock(article).version + 1
    article.updated_by = by
    article.updated_at = timezone.now()
    article.save(update_fields=["version", "updated_by", "updated_at"])
    content = snapshot(article)
    latest = article.revisions.order_by("-number").first()
    if latest is not None and latest.content == content:
        return latest
    return _keep(article, content=content, by=by, note=note)


@transaction.atomic
def publish(*, article: Article, by: User, at: dt.datetime | None = None, note: str = "") -> Revision:
    """Make the working copy what readers see, from now on or from a moment in the future.

    A change that was scheduled before is replaced by this one: publishing never lets an older text come
    back later. The live story, if there is one, ends exactly where the new one begins. Publishing what
    readers see already changes nothing for them.
    """
    require_publisher(by)
    lock(article)
    if missing := problems(article):
        raise NotPublishable(missing)
    return _go_live(save_revision(article=article, by=by, note=note), by=by, at=at)


def schedule(*, article: Article, by: User, at: dt.datetime, note: str = "") -> Revision:
    """Publish at a moment in the future, whether the story is new or a change of a live one.

    A moment that went by while the form was on its way is now; one further back is refused.
    """
    now = timezone.now()
    if at <= now - GRACE:
        raise NotPublishable({"publish_at": TOO_LATE})
    return publish(article=article, by=by, at=max(at, now), note=note)


@transaction.atomic
def unpublish(*, article: Article, by: User) -> None:
    """Take the story off the site now, and cancel what was scheduled. Its text and history stay."""
    require_publisher(by)
    lock(article)
    now = timezone.now()
    _cancel_scheduled(article, after=now)
    article.revisions.live(now).update(live_until=now)


@transaction.atomic
def cancel_schedule(*, article: Article, by: User) -> bool:
    """Call off what was to go live later; the live story, if any, goes on. Whether there was anything."""
    require_publisher(by)
    lock(article)
    return _cancel_scheduled(article, after=timezone.now())


@transaction.atomic
def roll_back(*, article: Article, to: Revision, by: User) -> Revision:
    """Make an older revision's text the working copy and what readers see, as a new revision."""
    require_publisher(by)
    restored = restore_revision(article=article, to=to, by=by)
    if missing := problems(article):
        raise NotPublishable(missing)
    return _go_live(restored, by=by, at=None)


@transaction.atomic
def restore_revision(*, article: Article, to: Revision, by: User) -> Revision:
    """Make an older revision's text the working copy, as a new revision; readers see no change."""
    if to.article_id != article.pk:
        raise ValueError("This revision belongs to another article.")
    lock(article)
    restore(article, to.content)
    return save_revision(article=article, by=by, note=f"Back to revision {to.number}")


@transaction.atomic
def correct(*, article: Article, by: User, kind: str, text: str) -> Correction:
    """Add a dated correction, shown on the story at once."""
    require_publisher(by)
    correction = Correction(article=article, by=by, kind=kind, text=text.strip())
    correction.full_clean()
    correction.save()
    return correction


@transaction.atomic
def change_slug(*, article: Article, slug: str) -> None:
    """Move an article to another address. If it was ever public, the old address leads to the new one."""
    before = lock(article).slug
    if slug == before:
        return
    if is_slug_taken(slug, by_other_than=article):
        raise NotPublishable({"slug": "Another story has, or had, this address. Choose another."})
    PreviousSlug.objects.filter(article=article, slug=slug).delete()
    if was_public(article):
        PreviousSlug.objects.create(slug=before, article=article)
    article.slug = slug
    article.save(update_fields=["slug"])


def is_slug_taken(slug: str, *, by_other_than: Article) -> bool:
    """Whether an address belongs, or belonged, to another article."""
    return (
        Article.objects.filter(slug=slug).exclude(pk=by_other_than.pk).exists()
        or PreviousSlug.objects.filter(slug=slug).exclude(article_id=by_other_than.pk).exists()
    )


def free_slug(article: Article) -> str:
    """An unused address made from the headline; a placeholder while there is no headline. A few queries."""
    stem = slugify(article.headline)[: MAX_SLUG - 8].strip("-")
    if not stem:
        return PLACEHOLDER + get_random_string(8, PLACEHOLDER_LETTERS)
    candidate, number = stem, 2
    while is_slug_taken(candidate, by_other_than=article):
        candidate, number = f"{stem}-{number}", number + 1
    return candidate


def require_publisher(by: User) -> None:
    """Raise PermissionDenied unless this person may publish."""
    if not by.has_perm("articles.publish_article"):
        raise PermissionDenied("Only an editor may publish, schedule or unpublish.")


def _keep(article: Article, *, content: Content, by: User | None, note: str) -> Revision:
    last = article.revisions.aggregate(last=Max("number"))["last"] or 0
    return Revision.objects.create(article=article, number=last + 1, by=by, note=note, content=content)


def _cancel_scheduled(article: Article, *, after: dt.datetime) -> bool:
    """Drop the periods that begin later, and let the live story run on. Whether there were any."""
    starts = list(article.revisions.scheduled(after).values_list("live_from", flat=True))
    if not starts:
        return False
    cancelled = list(article.revisions.scheduled(after).values_list("pk", flat=True))
    for relation in (RevisionByline, RevisionTerm, Revision.topics.through):
        relation.objects.filter(revision__in=cancelled).delete()
    Revision.objects.filter(pk__in=cancelled).update(live_from=None, live_until=None)
    article.revisions.live(after).filter(live_until__in=starts).update(live_until=None)
    return True


def _go_live(revision: Revision, *, by: User, at: dt.datetime | None) -> Revision:
    """Give a revision its period, from `at` or now, open-ended, ending the one before it.

    The period a revision had is part of the record: what goes live again does so as a new revision.
    """
    article = revision.article
    now = timezone.now()
    start = at or now
    _cancel_scheduled(article, after=now)
    revision.refresh_from_db()
    if at is None and revision.is_live():
        return revision
    if revision.live_from is not None:
        revision = _keep(article, content=revision.content, by=by, note=revision.note)
    article.revisions.live(now).update(live_until=start)
    earlier = article.revisions.filter(live_from__lte=now).aggregate(first=Min("first_published_at"))["first"]
    _give_real_address(article)
    revision.live_from = start
    revision.first_published_at = earlier or start
    fill_columns(revision)
    revision.save()
    return revision


def fill_columns(revision: Revision) -> None:
    """Write the columns and relations that lists and pages read, from the revision's content."""
    content = revision.content
    for field in ("headline", "kicker", "dek", "tldr"):
        setattr(revision, field, content[field])
    revision.section_id = content["section"]
    revision.lead_image_id = content["lead_image"]
    terms = in_order(Term.objects.in_bulk(content["terms"]).get, content["terms"])
    render_revision(revision, terms)
    revision.topics.set(content["topics"])
    RevisionByline.objects.filter(revision=revision).delete()
    RevisionByline.objects.bulk_create(
        RevisionByline(revision=revision, author_id=pk, position=position)
        for position, pk in enumerate(content["authors"])
    )
    RevisionTerm.objects.filter(revision=revision).delete()
    RevisionTerm.objects.bulk_create(
        RevisionTerm(revision=revision, term=term, position=position) for position, term in enumerate(terms)
    )


def in_order(get: Callable[[int], Any], pks: list[int]) -> list[Any]:
    """The objects of a mapping in the order of their keys, without those that are gone."""
    return [found for pk in pks if (found := get(pk)) is not None]


def is_placeholder(article: Article) -> bool:
    """Whether an article stands under an address made for want of a headline. One query at most."""
    return PLACEHOLDER_SLUG.fullmatch(article.slug) is not None and not was_public(article)


def needs_address(article: Article) -> bool:
    """Whether an article stands under a placeholder and has a headline to do better by now."""
    return is_placeholder(article) and slugify(article.headline) != ""


def was_public(article: Article) -> bool:
    """Whether readers ever saw the article, or will at a time that is set. One query."""
    return article.revisions.filter(live_from__isnull=False).exists()


def _give_real_address(article: Article) -> None:
    if needs_address(article):
        article.slug = free_slug(article)
        article.save(update_fields=["slug"])
