"""What editors do with what readers see: publish, schedule, unpublish, withdraw, roll back, correct, move.

Each verb is one transaction, names who does it, locks the article's row first, and raises
PermissionDenied or NotPublishable. Nothing else writes a live period.
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from accounts.models import User
from articles.access import require_may_edit, require_publisher
from articles.announcing import announce
from articles.editing import NotPublishable, keep, lock, problems, restore_revision, save_revision
from articles.log import record
from articles.models import (
    Article,
    Correction,
    Due,
    Event,
    PreviousSlug,
    Revision,
    RevisionByline,
    RevisionTerm,
)
from articles.querysets import in_order
from articles.related import relate
from articles.rendering import make_from_rendered, render_revision
from articles.slugs import free_slug, is_slug_taken, needs_address, was_public
from articles.withdrawals import is_withdrawn
from glossary.models import Term

GRACE = dt.timedelta(minutes=1)
TOO_LATE = "This time has passed. Choose a later one, or publish now."
TOO_FAR = "This is years away. Check the year."
NEEDS_WHOLE_STORY = ("_publish", "_schedule", "_submit", "_ready")  # buttons of the form
TLDR_WORDS = settings.PULSE_TLDR_WORDS
Verb = Event.Verb


@transaction.atomic
def publish(*, article: Article, by: User, at: dt.datetime | None = None, note: str = "") -> Revision:
    """Make the working copy what readers see, from now on or from a moment in the future.

    A change that was scheduled before is replaced by this one: publishing never lets an older text come
    back later. The live story, if there is one, ends exactly where the new one begins; an end that was
    planned for it holds for the new one. Publishing what readers see already changes nothing for them.
    """
    require_publisher(by)
    lock(article)
    if missing := problems(article):
        raise NotPublishable(missing)
    revision = _go_live(save_revision(article=article, by=by, note=note), by=by, at=at)
    _end_desk_work(article)
    announce(article)
    is_later = revision.live_from is not None and revision.live_from > timezone.now()
    verb = Verb.SCHEDULED if is_later else Verb.PUBLISHED
    record(article=article, verb=verb, by=by, note=note, revision=revision)
    return revision


@transaction.atomic
def schedule(*, article: Article, by: User, at: dt.datetime, note: str = "") -> Revision:
    """Publish at a moment in the future, whether the story is new or a change of a live one.

    A moment that went by while the form was on its way is now; one further back, or years away, is refused.
    """
    require_publisher(by)
    lock(article)  # before looking at the clock: another publication may be in progress
    return publish(article=article, by=by, at=_from_now(at, "publish_at"), note=note)


@transaction.atomic
def schedule_end(*, article: Article, by: User, at: dt.datetime) -> None:
    """Plan when readers stop seeing the story: what is live, or else what is scheduled. Replaces an earlier
    plan. Raises NotPublishable if there is nothing to end, or the end is not after the last change planned.
    """
    require_publisher(by)
    lock(article)
    now = timezone.now()
    at = _from_now(at, "end_at")
    last = article.revisions.public_or_due(now).order_by("-live_from").first()
    if last is None:
        raise NotPublishable({"end_at": "Nothing is live or scheduled, so there is nothing to end."})
    if article.revisions.filter(live_from__gte=at).exists():
        raise NotPublishable({"end_at": "What is scheduled goes live after that. Choose a later end."})
    last.live_until = at
    last.save(update_fields=["live_until"])
    _expect(last, Due.What.ENDED, at)
    announce(article)
    record(article=article, verb=Verb.END_PLANNED, by=by, note=_moment(at), revision=last)


@transaction.atomic
def cancel_end(*, article: Article, by: User) -> bool:
    """Let the story run on with no planned end, into a change that is scheduled for later, if there is one.

    Whether an end was planned.
    """
    require_publisher(by)
    lock(article)
    ends = _planned_ends(article, timezone.now())
    if not ends:
        return False
    for due in ends:
        following = article.revisions.scheduled(due.revision.live_from).order_by("live_from").first()
        due.revision.live_until = following.live_from if following else None
        due.revision.save(update_fields=["live_until"])
        due.delete()
    announce(article)
    record(article=article, verb=Verb.END_CANCELLED, by=by, revision=ends[-1].revision)
    return True


@transaction.atomic
def unpublish(*, article: Article, by: User, note: str = "") -> None:
    """Take the story off the site now, and cancel what was scheduled. Its text and history stay."""
    require_publisher(by)
    lock(article)
    if _take_off(article):
        announce(article)
        record(article=article, verb=Verb.UNPUBLISHED, by=by, note=note)


@transaction.atomic
def withdraw(*, article: Article, by: User, note: str = "") -> None:
    """Take a story back for good: its address answers 410, with the note for readers if there is one.

    Publishing it again ends the withdrawal. Raises NotPublishable if readers never saw it.
    """
    require_publisher(by)
    locked = lock(article)
    _take_off(article)
    if not was_public(article):
        raise NotPublishable({"note": "Readers never saw this story, so there is nothing to withdraw."})
    article.withdrawn_at = locked.withdrawn_at if is_withdrawn(locked) else timezone.now()
    article.withdrawal_note = Article._meta.get_field("withdrawal_note").clean(note.strip(), article)
    article.save(update_fields=["withdrawn_at", "withdrawal_note"])
    announce(article)
    record(article=article, verb=Verb.WITHDRAWN, by=by, note=article.withdrawal_note)


@transaction.atomic
def cancel_schedule(*, article: Article, by: User) -> bool:
    """Call off what was to go live later; the live story, if any, goes on. Whether there was anything."""
    require_publisher(by)
    lock(article)
    was_planned = _cancel_scheduled(article, after=timezone.now())
    if was_planned:
        announce(article)
        record(article=article, verb=Verb.UNSCHEDULED, by=by)
    return was_planned


@transaction.atomic
def roll_back(*, article: Article, to: Revision, by: User) -> Revision:
    """Make an older revision's text the working copy and what readers see, as a new revision."""
    require_publisher(by)
    restored = restore_revision(article=article, to=to, by=by)
    if missing := problems(article):
        raise NotPublishable(missing)
    revision = _go_live(restored, by=by, at=None)
    _end_desk_work(article)
    announce(article)
    record(article=article, verb=Verb.ROLLED_BACK, by=by, note=f"Revision {to.number}", revision=revision)
    return revision


@transaction.atomic
def correct(*, article: Article, by: User, kind: str, text: str) -> Correction:
    """Add a dated correction, shown on the story at once."""
    require_publisher(by)
    lock(article)
    correction = Correction(article=article, by=by, kind=kind, text=text.strip())
    correction.full_clean()
    correction.save()
    announce(article, "corrections")
    record(article=article, verb=Verb.CORRECTED, by=by, note=correction.text[:1_000])
    return correction


@transaction.atomic
def change_slug(*, article: Article, slug: str, by: User) -> None:
    """Move an article to another address. If it was ever public, the old address leads to the new one, and
    only an editor may move it. Raises NotPublishable if the address is taken.
    """
    require_may_edit(by, article)
    require_may_edit(by, article)
    before = lock(article).slug
    if slug == before:
        return
    if is_slug_taken(slug, by_other_than=article):
        raise NotPublishable({"slug": "Another story has, or had, this address. Choose another."})
    PreviousSlug.objects.filter(article=article, slug=slug).delete()
    if was_public(article):
        require_publisher(by)
        PreviousSlug.objects.create(slug=before, article=article)
        record(
            article=article,
            verb=Verb.MOVED,
            by=by,
            note=f"From {before} to {slug}",
        )
    article.slug = slug
    article.save(update_fields=["slug"])
    announce(article)


# Periods


def _take_off(article: Article) -> bool:
    """End what is live and drop what is planned, now. Whether anything was live or planned."""
    now = timezone.now()
    was_planned = _cancel_scheduled(article, after=now)
    for due in _planned_ends(article, now):
        due.delete()
    return bool(article.revisions.live(now).update(live_until=now)) or was_planned


def _cancel_scheduled(article: Article, *, after: dt.datetime) -> bool:
    """Drop the periods that begin later, and let the live story run on. Whether there were any."""
    scheduled = list(article.revisions.scheduled(after).order_by("live_from"))
    if not scheduled:
        return False
    for relation in (RevisionByline, RevisionTerm, Revision.topics.through):
        relation.objects.filter(revision__in=scheduled).delete()
    Due.objects.filter(revision__in=scheduled).delete()
    end = scheduled[-1].live_until
    Revision.objects.filter(pk__in=[row.pk for row in scheduled]).update(live_from=None, live_until=None)
    live = article.revisions.live(after).filter(live_until__in=[row.live_from for row in scheduled]).first()
    if (
        live is not None and not live.dues.filter(what=Due.What.ENDED).exists()
    ):  # else it was to end by itself
        live.live_until = end  # an end that was planned holds for what goes on
        live.save(update_fields=["live_until"])
        if end:
            _expect(live, Due.What.ENDED, end)
    return True


def _go_live(revision: Revision, *, by: User, at: dt.datetime | None) -> Revision:
    """Give a revision its period, from `at` or now, ending the one before it.

    The period a revision had is part of the record: what goes live again does so as a new revision.
    """
    article = revision.article
    now = timezone.now()
    start = at or now
    end = next((due.at for due in _planned_ends(article, now)), None)
    _cancel_scheduled(article, after=now)
    revision.refresh_from_db()
    if at is None and revision.is_live():
        return revision
    if revision.live_from is not None:
        revision = keep(article, content=revision.content, by=by, note=revision.note)
    before = article.revisions.live(now).filter(Q(live_until=None) | Q(live_until__gt=start))
    Due.objects.filter(revision__in=before, what=Due.What.ENDED, done_at=None).delete()
    before.update(live_until=start)
    earlier = article.revisions.filter(live_from__lte=now).aggregate(first=Min("first_published_at"))["first"]
    _give_real_address(article)
    revision.live_from = start
    revision.live_until = end if end and end > start else None
    revision.first_published_at = earlier or start
    revision.is_autosave = False
    fill_columns(revision)
    revision.save()
    if at is not None and start > now:
        _expect(revision, Due.What.WENT_LIVE, start)
    if revision.live_until:
        _expect(revision, Due.What.ENDED, revision.live_until)
    return revision


def _planned_ends(article: Article, now: dt.datetime) -> list[Due]:
    """When the story is to leave the site, and not just to change: one end, or two with a pause between."""
    ends = Due.objects.filter(revision__article=article, what=Due.What.ENDED, done_at=None, at__gt=now)
    return list(ends.select_related("revision").order_by("at"))


def _expect(revision: Revision, what: str, at: dt.datetime) -> None:
    Due.objects.update_or_create(revision=revision, what=what, defaults={"at": at, "done_at": None})


def _end_desk_work(article: Article) -> None:
    """With a story on its way to readers, the desk's part is done: changes begin as a draft again."""
    article.status = Article.Status.DRAFT
    article.save(update_fields=["status"])
    if article.revisions.live().exists():  # a withdrawal holds until the story is back, not planned to be
        article.withdrawn_at, article.withdrawal_note = None, ""
        article.save(update_fields=["withdrawn_at", "withdrawal_note"])


def _from_now(at: dt.datetime, field: str) -> dt.datetime:
    """A moment, or now if it went by in the last minute. Raises NotPublishable if too far away."""
    now = timezone.now()
    if at <= now - GRACE:
        raise NotPublishable({field: TOO_LATE})
    if at > now + dt.timedelta(days=settings.PULSE_SCHEDULE_DAYS):
        raise NotPublishable({field: TOO_FAR})
    return max(at, now)


def _moment(at: dt.datetime) -> str:
    return f"{timezone.localtime(at):%d %B %Y, %H:%M %Z}"


def fill_columns(revision: Revision) -> None:
    """Write the columns and relations that lists and pages read, from the revision's content."""
    content = revision.content
    for field in ("headline", "kicker", "dek", "tldr"):
        setattr(revision, field, content[field])
    revision.section_id = content["section"]
    revision.lead_image_id = content["lead_image"]
    revision.lead_alt = content.get("lead_alt", "")
    terms = in_order(Term.objects.all(), content["terms"])
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
    relate(revision)
    make_from_rendered(revision)


def _give_real_address(article: Article) -> None:
    if needs_address(article):
        article.slug = free_slug(article)
        article.save(update_fields=["slug"])
