"""What the front desk asks the newsroom's records: one function a question, each a query or two.

Who is told which answer is decided in `newsroom.front_desk`.
"""

import datetime as dt
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone

from accounts.models import User
from articles.listings import on_list
from articles.models import Article, Due, Event, Listing, PreviewLink, Revision
from articles.preview_links import with_publication
from articles.verdicts import due_outlooks
from comments.models import Comment, Report
from glossary.models import Term, TermRequest
from pulse.art import Trace, trace
from pulse.counting import count_each

SHOWN = settings.PULSE_DESK_ROWS
PULSE_DAYS = 28
TERM_DAYS = 30
PULSE_WIDTH, PULSE_HEIGHT = 1312, 48

Status, Verb = Article.Status, Event.Verb
HANDED_IN = [Verb.SUBMITTED, Verb.REOPENED]
MOVES = [
    *(Verb.SUBMITTED, Verb.TAKEN_BACK, Verb.SENT_BACK, Verb.READY, Verb.REOPENED),
    *(Verb.PUBLISHED, Verb.SCHEDULED, Verb.ROLLED_BACK, Verb.WITHDRAWN),
]


@dataclass(frozen=True)
class Found:
    """The first rows of an answer, and how many there are in all."""

    rows: list[Any] = field(default_factory=list)
    total: int = 0

    @property
    def more(self) -> int:
        return self.total - len(self.rows)

    def __bool__(self) -> bool:
        return bool(self.rows)


@dataclass(frozen=True)
class Planned:
    """Something that will happen by itself: a story goes live, a change of it does, or it ends."""

    at: dt.datetime
    what: str
    article_id: int
    headline: str


@dataclass(frozen=True)
class Pulse:
    """How many there were a day, oldest first, up to today."""

    counts: list[int]

    @property
    def total(self) -> int:
        return sum(self.counts)

    @property
    def today(self) -> int:
        return self.counts[-1]

    @property
    def trace(self) -> Trace:
        return trace(self.counts, width=PULSE_WIDTH, height=PULSE_HEIGHT, linear=True)


def first_of(rows: QuerySet[Any]) -> Found:
    """The first rows with the number of all of them. One query."""
    first = list(rows.annotate(in_all=Window(Count("*")))[:SHOWN])
    return Found(first, first[0].in_all if first else 0)


# The desk's articles


def in_review_and_ready() -> tuple[Found, Found]:
    """Drafts that wait for an editor, and those that may go live as they are, each the longest first: since
    when, from whom, with what note. One query.
    """
    waiting = Article.objects.exclude(status=Status.DRAFT)
    place = Window(RowNumber(), partition_by="status", order_by=["moved_at", "pk"])
    rows = _with_move(waiting, [*HANDED_IN, Verb.READY]).annotate(
        place=place, in_all=Window(Count("*"), partition_by="status")
    )
    first = rows.filter(place__lte=SHOWN).order_by("moved_at", "pk")
    found = {status: [row for row in first if row.status == status] for status in Status}
    in_review, ready = (
        Found(part, part[0].in_all if part else 0) for part in (found[Status.IN_REVIEW], found[Status.READY])
    )
    return in_review, ready


def left_alone(now: dt.datetime) -> QuerySet[Any]:
    """What was sent back and nobody has touched for days, the longest first: entries of the record."""
    moved_on = Event.objects.filter(article=OuterRef("article"), verb__in=MOVES, at__gt=OuterRef("at"))
    return (
        Event.objects.filter(
            ~Exists(moved_on),
            verb=Verb.SENT_BACK,
            at__lt=now - dt.timedelta(days=settings.PULSE_UNTOUCHED_DAYS),
            article__status=Status.DRAFT,
            article__updated_at__lte=F("at"),
        )
        .select_related("article", "by")
        .order_by("at", "pk")
    )


def planned(now: dt.datetime) -> list[Planned]:
    """What goes live or ends in the next days, soonest first. One query, from what the worker waits for.

    A live story whose period ends where its change begins does not end.
    """
    until = now + dt.timedelta(days=settings.PULSE_DESK_DAYS)
    live = Revision.objects.live(now).filter(article=OuterRef("article"))
    expected = Due.objects.filter(done_at=None, at__gt=now, at__lt=until).order_by()
    rows: list[Any] = list(
        Revision.objects.public_or_due(now)
        .filter(pk__in=expected.values("revision"))
        .annotate(is_change=Exists(live))
        .only("article_id", "headline", "live_from", "live_until")
    )
    begins = {(row.article_id, row.live_from) for row in rows}
    what = {True: "Change goes live", False: "Goes live"}
    found = [
        Planned(row.live_from, what[row.is_change], row.article_id, row.headline)
        for row in rows
        if now < row.live_from < until
    ] + [
        Planned(row.live_until, "Ends", row.article_id, row.headline)
        for row in rows
        if row.live_until and row.live_until < until and (row.article_id, row.live_until) not in begins
    ]
    return sorted(found, key=lambda plan: (plan.at, plan.article_id))


def overdue(now: dt.datetime) -> QuerySet[Any]:
    """What the worker should have done after a planned moment and has not."""
    late = now - dt.timedelta(seconds=settings.PULSE_OVERDUE)
    return Due.objects.filter(done_at=None, at__lte=late).select_related("revision__article").order_by("at")


def links_out(now: dt.datetime) -> QuerySet[Any]:
    """Preview links that still open a draft, soonest to end first."""
    links = PreviewLink.objects.filter(revoked_at=None, expires_at__gt=now)
    still_draft = Q(public_from=None) | Q(public_from__gt=now)
    return with_publication(links).filter(still_draft).select_related("article").order_by("expires_at", "pk")


def outlooks_due() -> Found:
    """Outlooks of live stories that wait for a verdict, the longest first. Three queries."""
    return Found(*due_outlooks(SHOWN // 2))


# Somebody's own articles


def own(user: User) -> QuerySet[Any]:
    """What somebody began or has a byline on, whatever their role."""
    return Article.objects.written_by(user)


def own_drafts(user: User) -> QuerySet[Any]:
    """Texts of one's own that neither readers nor the desk have: sent back first, then the newest."""
    revisions = Revision.objects.filter(article=OuterRef("pk")).order_by("-number")
    drafts = (
        own(user)
        .filter(status=Status.DRAFT, withdrawn_at=None)
        .annotate(
            newest=Subquery(revisions.values("number")[:1]),
            public=Coalesce(Subquery(revisions.public_or_due().values("number")[:1]), 0),
        )
    )
    with_move = _with_move(drafts.filter(newest__gt=F("public")), MOVES)
    sent_back = Case(When(move=Verb.SENT_BACK, then=True), default=False)
    return with_move.annotate(is_sent_back=sent_back).order_by("-is_sent_back", "-updated_at", "-pk")


def own_in_review(user: User) -> QuerySet[Any]:
    """What one handed in or an editor found ready, the longest first."""
    waiting = own(user).filter(status__in=[Status.IN_REVIEW, Status.READY])
    return _with_move(waiting, [*HANDED_IN, Verb.READY]).order_by("moved_at", "pk")


def own_live(user: User) -> QuerySet[Any]:
    """One's live stories, the newest first, under the headline readers see, with their newest comment."""
    comments = Comment.objects.visible().filter(article=OuterRef("article")).order_by("-pk")
    return (
        Revision.objects.live()
        .filter(article__in=own(user).values("pk"))
        .select_related("article")
        .only(
            "headline", "first_published_at", "article__slug", "article__comment_count", "article__discussion"
        )
        .annotate(commented_at=Subquery(comments.values("created_at")[:1]))
        .newest_first()
    )


# The discussion


def waiting_comments() -> QuerySet[Any]:
    """Comments to decide on, the most reported first: held back, or visible and to be looked at."""
    unheard = Report.objects.filter(comment=OuterRef("pk"), resolved_at=None).order_by().values("comment")
    made = unheard.annotate(number=Count("pk")).values("number")
    held = Q(status__in=[Comment.Status.PENDING, Comment.Status.WITHHELD])
    asked_about = Q(status=Comment.Status.VISIBLE, flagged_at__isnull=False)
    return (
        Comment.objects.filter(held | asked_about)
        .with_story()
        .select_related("author")
        .annotate(reports_made=Coalesce(Subquery(made), 0))
        .order_by("-reports_made", "pk")
    )


def newest_comments() -> list[Comment]:
    """What readers said last. One query."""
    newest = Comment.objects.visible().with_story().select_related("author").order_by("-pk")
    return list(newest[: SHOWN - 2])


# The publication


def most_asked_words() -> Found:
    """The words that most readers ask to have defined. One query."""
    words: Any = TermRequest.objects.waiting().by_word().annotate(in_all=Window(Count("*")))
    first = list(words[: SHOWN - 3])
    return Found(first, first[0]["in_all"] if first else 0)


def story_pulse() -> Pulse:
    """Stories that went live, day by day over four weeks. One query, of the index of lists."""
    live = on_list().live()
    days = [live.filter(first_published_at__gte=start, first_published_at__lt=end) for start, end in _days()]
    return Pulse(count_each(days))


def comment_pulse() -> Pulse:
    """Comments that readers see, day by day over four weeks. One query, of the indexes of `figures`."""
    days = [Comment.objects.filter(created_at__gte=start, created_at__lt=end) for start, end in _days()]
    counts = count_each([*days, *(day.not_visible() for day in days)])
    posted, unseen = counts[:PULSE_DAYS], counts[PULSE_DAYS:]
    return Pulse([every - some for every, some in zip(posted, unseen, strict=True)])


def most_used_terms() -> list[Any]:
    """The terms in most briefings of the stories of the last weeks. One query, of the index of lists."""
    since = timezone.now() - dt.timedelta(days=TERM_DAYS)
    recent = Listing.objects.live().filter(first_published_at__gte=since)
    terms = Term.objects.published().annotate(stories=recent.number_on(Listing.Kind.TERM))
    return [term for term in terms.order_by("-stories", "name")[:SHOWN] if term.stories]


def _with_move(articles: QuerySet[Any], verbs: list[Any]) -> QuerySet[Any]:
    """With the last of these moves of each: what, when, by whom, with what note. No extra query."""
    last = Event.objects.filter(article=OuterRef("pk"), verb__in=verbs).order_by("-at", "-pk")
    live = Revision.objects.live().filter(article=OuterRef("pk"))
    return (
        articles.select_related("section")
        .defer("body", "tldr_basis")
        .annotate(
            move=Subquery(last.values("verb")[:1]),
            moved_at=Coalesce(Subquery(last.values("at")[:1]), "updated_at"),
            moved_by=Subquery(last.values("by__display_name")[:1]),
            note=Subquery(last.values("note")[:1]),
            is_live=Exists(live),
        )
    )


def _days() -> list[tuple[dt.datetime, dt.datetime]]:
    """When each of the days of a pulse begins and ends, today as the last."""
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    dates = [tomorrow - dt.timedelta(days=back) for back in range(PULSE_DAYS, -1, -1)]
    midnights = [timezone.make_aware(dt.datetime.combine(date, dt.time.min)) for date in dates]
    return list(pairwise(midnights))
