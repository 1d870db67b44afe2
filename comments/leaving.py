"""What becomes of a reader's comments when the account goes, and what of the discussion they take along."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F

from accounts import deletion, export
from accounts.models import User
from accounts.notifications import withdraw_from
from articles.editing import lock
from articles.models import Article
from comments.counting import discussion_tag, recount
from comments.models import Comment, Decision, EarlierText, Mention, Report, Respect
from pulse.tags import changed

Status = Comment.Status
AT_ONCE = 200  # rows that an export reads together


def subscribe() -> None:
    """Say what happens before an account is deleted, and which parts an export has."""
    deletion.before_deletion(let_go)
    export.part("comments", comments)
    export.part("decisions on your comments", decisions)
    export.part("reports", reports)
    export.part("respect given", respects)


def let_go(user: User, keep_comments: bool) -> None:
    """Leave the comments without a name, or take their words away; the caller has the transaction.

    Either way a comment keeps its place, so threads stay whole: one without words is shown while answers
    stand under it. What its author had deleted before, and what each comment said before it was changed, goes
    in both cases. Four queries, and five for each article whose comments go.
    """
    own = Comment.objects.filter(author=user)
    EarlierText.objects.filter(comment__author=user).delete()
    Mention.objects.filter(reader=user).delete()
    own.filter(status=Status.DELETED).update(**WORDLESS)
    articles = Article.objects.filter(pk__in=own.values("article")).order_by("pk")
    if keep_comments:
        changed(*(discussion_tag(pk) for pk in articles.values_list("pk", flat=True)))
        return
    for article in articles:
        _take_away(own, lock(article))
    withdraw_from(actor=user)


# Of a comment that is no more than its place.
WORDLESS: dict[str, Any] = {"body": "", "body_html": "", "quote": "", "fingerprint": ""}


def _take_away(own: Any, article: Article) -> None:
    """One article's comments of somebody; those a moderator removed go on saying so."""
    theirs = own.filter(article=article)
    theirs.exclude(status=Status.REJECTED).update(status=Status.DELETED, picked_at=None, pinned_at=None)
    # another number: no decision on the words that were there holds any more
    theirs.update(**WORDLESS, flagged_at=None, text_number=F("text_number") + 1)
    recount(article)


# ---- The parts of an export


def comments(user: User) -> Iterator[dict[str, Any]]:
    own: Any = Comment.objects.filter(author=user).with_story().prefetch_related("earlier_texts")
    for comment in own.order_by("pk").iterator(AT_ONCE):
        yield {
            "story": comment.headline,
            "address": comment.get_absolute_url(),
            "written_at": comment.created_at,
            "changed_at": comment.edited_at,
            "text": comment.body,
            "earlier_texts": [
                {"text": earlier.body, "replaced_at": earlier.replaced_at}
                for earlier in comment.earlier_texts.all()
            ],
            "state": comment.get_status_display(),
            "respect": comment.respect_count,
        }


def decisions(user: User) -> Iterator[dict[str, Any]]:
    """What was decided, and never by whom."""
    about = Decision.objects.filter(comment__author=user) | Decision.objects.filter(reader=user)
    for decision in about.order_by("pk").iterator(AT_ONCE):
        yield {
            "comment": decision.comment_id,
            "decision": decision.get_action_display(),
            "reason": decision.get_reason_display(),
            "until": decision.until,
            "decided_at": decision.created_at,
        }


def reports(user: User) -> Iterator[dict[str, Any]]:
    for report in Report.objects.filter(by=user).order_by("pk").iterator(AT_ONCE):
        yield {
            "comment": report.comment_id,
            "reason": report.get_reason_display(),
            "note": report.note,
            "reported_at": report.created_at,
            "outcome": report.get_outcome_display(),
        }


def respects(user: User) -> Iterator[dict[str, Any]]:
    for respect in Respect.objects.filter(by=user).order_by("pk").iterator(AT_ONCE):
        yield {"comment": respect.comment_id, "given_at": respect.created_at}
