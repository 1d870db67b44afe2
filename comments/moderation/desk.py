"""What the moderators' desk asks: its queues, and everything about one comment that helps to decide."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString

from accounts.models import User
from articles.comparison import Run, compare_paragraphs
from comments.models import Comment, Decision, Report
from comments.moderation.decisions import Action, Seen
from comments.querysets import CommentQuerySet
from pulse.text import unlinked

Status = Comment.Status
HELD = [Status.PENDING, Status.WITHHELD]
OLDEST_FIRST = {"waiting", "reported"}
LAST = 10  # of a reader's comments, and of a comment's decisions and reports
REPLIES = 3


@dataclass(frozen=True)
class Queue:
    """One list of the desk: what it is called, how many are in it, and whether there are even more."""

    name: str
    label: str
    number: int
    is_more: bool


LABELS = {"waiting": "Waiting", "reported": "Reported", "newest": "Newest", "rejected": "Rejected"}


def comments_in(queue: str) -> CommentQuerySet:
    """The comments of a queue: of what waits the oldest first, of what is looked back on the newest."""
    found: dict[str, CommentQuerySet] = {
        "waiting": Comment.objects.filter(status__in=HELD),
        "reported": Comment.objects.visible().filter(flagged_at__isnull=False),
        "newest": Comment.objects.visible(),
        "rejected": Comment.objects.filter(status=Status.REJECTED),
    }
    return found[queue].order_by("pk" if queue in OLDEST_FIRST else "-pk")


def queues() -> list[Queue]:
    """Every queue with its number, counted as far as PULSE_DECIDING_COUNTED. Four queries."""
    most = settings.PULSE_DECIDING_COUNTED
    found = []
    for name, label in LABELS.items():
        number = comments_in(name)[: most + 1].count()
        found.append(Queue(name, label, min(number, most), is_more=number > most))
    return found


def rows(queue: str, *, after: int = 0) -> tuple[list[Any], bool]:
    """Some comments of a queue, from behind the one with this number, and whether more follow. One query."""
    size = settings.PULSE_DECIDING_ROWS
    comments = comments_in(queue)
    if after:
        comments = comments.filter(pk__gt=after) if queue in OLDEST_FIRST else comments.filter(pk__lt=after)
    made = Report.objects.filter(comment=OuterRef("pk"), resolved_at=None).order_by().values("comment")
    found = list(
        comments.with_story()
        .select_related("author")
        .annotate(reports_made=Coalesce(Subquery(made.annotate(number=Count("pk")).values("number")), 0))[
            : size + 1
        ]
    )
    return found[:size], len(found) > size


@dataclass(frozen=True)
class Earlier:
    """A text that its author replaced, with what changed in the one that followed."""

    number: int
    replaced_at: dt.datetime
    paragraphs: list[list[Run]]


@dataclass(frozen=True)
class Reader:
    """Somebody's history here."""

    user: User
    visible: int
    waiting: int
    rejected: int
    removable: int
    last: list[Any]  # comments
    rejections: list[Decision]
    suspensions: list[Decision]


@dataclass(frozen=True)
class File:
    """One comment, with all that helps to decide on it."""

    comment: Any
    seen: Seen
    html: SafeString
    parent: Comment | None
    parent_html: SafeString
    replies: list[tuple[Comment, SafeString]]
    more_replies: int
    reports: list[Report]
    decisions: list[Decision]
    earlier: list[Earlier]
    reader: Reader

    @property
    def why(self) -> Decision | None:
        """What brought it to the desk, or decided on it last: a check's decision or a person's."""
        return self.decisions[0] if self.decisions else None


def file_of(pk: int) -> File | None:
    """Everything about one comment, or None if there is no such comment. Twelve queries."""
    comment: Any = (
        Comment.objects.with_story().select_related("author", "parent__author").filter(pk=pk).first()
    )
    if comment is None:
        return None
    replies = list(comment.replies.visible().select_related("author").in_order()[: REPLIES + 1])
    number = comment.replies.visible().count() if len(replies) > REPLIES else len(replies)
    shown = replies[:REPLIES]
    return File(
        comment=comment,
        seen=Seen.of(comment),
        html=unlinked(comment.body_html),
        parent=comment.parent,
        parent_html=unlinked(comment.parent.body_html if comment.parent else ""),
        replies=[(reply, unlinked(reply.body_html)) for reply in shown],
        more_replies=number - len(shown),
        reports=list(comment.reports.select_related("by").order_by("outcome", "-pk")[:LAST]),
        decisions=list(comment.decisions.select_related("by").order_by("-pk")[:LAST]),
        earlier=_earlier(comment),
        reader=_reader(comment.author, besides=comment),
    )


def _earlier(comment: Comment) -> list[Earlier]:
    """Replaced texts, the newest first, each beside the one that replaced it."""
    if comment.text_number == 1:
        return []
    texts = list(comment.earlier_texts.order_by("-number")[:LAST])
    after, found = comment.body, []
    for text in texts:
        changes = list(compare_paragraphs(text.body, after))
        found.append(Earlier(text.number, text.replaced_at, changes))
        after = text.body
    return found


def _reader(user: User, *, besides: Comment) -> Reader:
    counted = user.comments.aggregate(
        visible=Count("pk", filter=Q(status=Status.VISIBLE)),
        waiting=Count("pk", filter=Q(status__in=HELD)),
        rejected=Count("pk", filter=Q(status=Status.REJECTED)),
    )
    last = Comment.objects.filter(author=user).exclude(pk=besides.pk).with_story().order_by("-pk")
    rejections = Decision.objects.filter(comment__author=user, action__in=[Action.HIDE, Action.REJECT])
    suspensions = user.decisions.filter(action__in=[Action.SUSPEND, Action.LIFT, Action.UNDO])
    return Reader(
        user=user,
        removable=counted["visible"] + counted["waiting"],
        last=list(last[:LAST]),
        rejections=list(rejections.filter(undone_by=None).select_related("by").order_by("-pk")[:LAST]),
        suspensions=list(suspensions.select_related("by").order_by("-pk")[:LAST]),
        **counted,
    )
