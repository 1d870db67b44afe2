"""What is done to a working copy: saved, restored, named, copied. Readers see no change by any of it.

Each verb is one transaction, names who does it, locks the article's row first, and raises PermissionDenied,
NotPublishable or Conflict.
"""

from dataclasses import dataclass, field
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from articles.access import may_publish, require_may_edit
from articles.content import Content, restore, snapshot
from articles.drift import basis
from articles.log import record
from articles.merging import merge
from articles.models import Article, Byline, Event, Revision, Sitting
from articles.slugs import free_slug


class NotPublishable(Exception):  # noqa: N818 - the newsroom's word
    """The story lacks something. `problems` maps a form field to a sentence."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = problems


class Conflict(Exception):  # noqa: N818
    """Somebody else changed the same parts since this copy of the article was opened."""

    def __init__(self, clashes: frozenset[str] = frozenset()) -> None:
        super().__init__("Somebody else changed the same text.")
        self.clashes = clashes


@dataclass(frozen=True)
class Saved:
    """What a save left: its revision, and the parts somebody else changed that its window does not show."""

    revision: Revision
    unseen: frozenset[str] = field(default_factory=frozenset)


def lock(article: Article, *, version: int | None = None) -> Article:
    """The article's row, locked until the transaction ends.

    Raises Conflict if version is given and is not the stored one.
    """
    locked = Article.objects.select_for_update().get(pk=article.pk)
    if version is not None and locked.version != version:
        raise Conflict
    return locked


def start(*, article: Article, slug: str = "") -> None:
    """Store a new article. Two people with the same headline at once get two addresses."""
    article.slug = slug or free_slug(article)
    try:
        with transaction.atomic():
            article.save()
    except IntegrityError:
        article.slug = free_slug(article)
        article.save()
    record(article=article, verb=Event.Verb.CREATED, by=article.created_by)


@transaction.atomic
def save_draft(
    *,
    article: Article,
    content: Content,
    by: User,
    sitting: Sitting | None = None,
    version: int | None = None,
    sequence: int | None = None,
    is_autosave: bool = False,
) -> Saved:
    """Store what a form holds as the working copy.

    With a sitting, what others changed since it last loaded or saved is kept beside it, and Conflict names
    the parts that both changed. Without one, Conflict is raised if `version` is not the stored one.
    `sequence` counts the saves of a window: one that a later one overtook on the way changes nothing.
    """
    require_may_edit(by, article)
    article = lock(article, version=None if sitting else version)
    unseen: frozenset[str] = frozenset()
    kept, stored = content, snapshot(article)
    if sitting is not None:
        sitting.refresh_from_db(fields=["base", "sequence"])  # an autosave may have been faster
        if sequence is not None and sequence <= sitting.sequence:
            return Saved(article.revisions.latest())
        merged = merge(sitting.base, cast(dict[str, Any], stored), cast(dict[str, Any], content))
        if merged.clashes:
            raise Conflict(merged.clashes)
        kept, unseen = cast(Content, merged.content), merged.theirs_only
    if kept != stored:
        restore(article, kept)
    revision = save_revision(article=article, by=by, sitting=sitting, is_autosave=is_autosave)
    if sitting is not None:
        sitting.base = content if unseen else revision.content
        sitting.sequence = sequence or sitting.sequence
        sitting.seen_at = timezone.now()
        sitting.save(update_fields=["base", "sequence", "seen_at"])
    return Saved(revision, unseen)


@transaction.atomic
def save_revision(
    *, article: Article, by: User, note: str = "", sitting: Sitting | None = None, is_autosave: bool = False
) -> Revision:
    """Keep the working copy, as it is stored, as a revision, and move the article's version on.

    A save that left the text alone keeps nothing: the newest revision is returned. The autosaves of one
    sitting, and the save that ends them, share one revision.
    """
    require_may_edit(by, article)
    locked = lock(article)
    content = snapshot(article)
    latest = article.revisions.order_by("-number").first()
    if latest is not None and latest.content == content:
        if latest.is_autosave and not is_autosave:
            _end_autosaves(latest, note=note)
        return latest
    article.version = locked.version + 1
    article.updated_by = by
    article.updated_at = timezone.now()
    if latest is None or latest.content["tldr"] != content["tldr"]:
        article.tldr_basis = basis(content["body"])
    _reopen_review(article, locked.status, by=by)
    article.save(update_fields=["version", "updated_by", "updated_at", "tldr_basis", "status"])
    if latest is not None and sitting is not None and _is_shared_by(latest, sitting):
        latest.content, latest.created_at, latest.is_autosave = content, timezone.now(), is_autosave
        latest.save(update_fields=["content", "created_at", "is_autosave"])
        return latest
    return keep(article, content=content, by=by, note=note, sitting=sitting, is_autosave=is_autosave)


@transaction.atomic
def restore_revision(*, article: Article, to: Revision, by: User) -> Revision:
    """Make an older revision's text the working copy, as a new revision; readers see no change."""
    if to.article_id != article.pk:
        raise ValueError("This revision belongs to another article.")
    require_may_edit(by, article)
    lock(article)
    restore(article, to.content)
    revision = save_revision(article=article, by=by, note=f"Back to revision {to.number}")
    record(article=article, verb=Event.Verb.RESTORED, by=by, note=f"Revision {to.number}", revision=revision)
    return revision


@transaction.atomic
def name_revision(*, revision: Revision, name: str, by: User) -> None:
    """Give a revision a name to find it by; it is then never thinned out. An empty name takes it away.

    Raises ValidationError for a name that is too long.
    """
    require_may_edit(by, revision.article)
    revision.name = Revision._meta.get_field("name").clean(" ".join(name.split()), revision)
    revision.is_autosave = False
    revision.save(update_fields=["name", "is_autosave"])


@transaction.atomic
def approve_tldr(*, article: Article, by: User) -> None:
    """Say that the TL;DR still holds for the story as it is stored now."""
    require_may_edit(by, article)
    article.tldr_basis = basis(lock(article).body)
    article.save(update_fields=["tldr_basis"])
    record(article=article, verb=Event.Verb.TLDR_APPROVED, by=by)


@transaction.atomic
def duplicate(*, article: Article, by: User) -> Article:
    """Copy an article's working copy into a new draft of one's own, with none of its history."""
    require_may_edit(by, article)
    content = snapshot(article)
    content["impacts"] = [{**impact, "id": None} for impact in content["impacts"]]
    copied = Article(headline=content["headline"], created_by=by, updated_by=by)
    copied.slug = free_slug(copied)
    copied.save()
    restore(copied, content)
    save_revision(article=copied, by=by, note=f"Copied from “{article}”")
    record(article=copied, verb=Event.Verb.DUPLICATED, by=by, note=str(article))
    return copied


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
    return {name: sentence for name, (value, sentence) in missing.items() if not value}


def keep(
    article: Article,
    *,
    content: Content,
    by: User | None,
    note: str,
    sitting: Sitting | None = None,
    is_autosave: bool = False,
) -> Revision:
    """Store content as the article's next revision."""
    last = article.revisions.aggregate(last=Max("number"))["last"] or 0
    return Revision.objects.create(
        article=article,
        number=last + 1,
        by=by,
        note=note,
        content=content,
        sitting=sitting,
        is_autosave=is_autosave,
    )


def _is_shared_by(latest: Revision, sitting: Sitting) -> bool:
    """Whether the next save of a sitting goes into this revision: nobody relies on it as it is."""
    return (
        latest.is_autosave
        and latest.sitting_id == sitting.pk
        and latest.live_from is None
        and not latest.name
        and not latest.preview_links.exists()
    )


def _end_autosaves(latest: Revision, *, note: str) -> None:
    latest.is_autosave = False
    latest.note = note or latest.note
    latest.save(update_fields=["is_autosave", "note"])


def _reopen_review(article: Article, status: str, *, by: User) -> None:
    """A text that an editor found ready is in review again once somebody who may not publish changed it."""
    article.status = status
    if status == Article.Status.READY and not may_publish(by):
        article.status = Article.Status.IN_REVIEW
        record(article=article, verb=Event.Verb.REOPENED, by=by)
