"""What a reader does in a discussion: post, edit, delete, respect.

Each verb is one transaction and says who does it. Those that change how many comments readers see lock the
article's row first and leave its count exact.
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from articles.editing import lock
from articles.models import Article
from comments import facts, house, pipeline
from comments.counting import discussion_tag, recount
from comments.models import Comment, Decision, EarlierText, Respect
from comments.pipeline import MEMORY, Attempt, Refused, Ruling, closed_sentence
from comments.spam import asks_first
from pulse.tags import changed

Status = Comment.Status
EDITABLE = {Status.VISIBLE, Status.PENDING, Status.WITHHELD}
Action = Decision.Action
APPROVALS = [
    Action.APPROVE,
    Action.RESTORE,
    Action.PICK,
    Action.PIN,
]  # somebody read the text and stood by it


@asks_first
@transaction.atomic
def post(
    *,
    article: Article,
    by: User,
    body: str,
    parent: Comment | None = None,
    key: str,
    part: str = "",
    part_key: str = "",
    quote: str = "",
    opinion: str = "",
) -> Comment:
    """Add a comment, or return the one posted with this key before. Raises Refused. Fourteen queries.

    `part`, `part_key` and `quote` say which part of the article it is about, `opinion` what the spam service
    said, which the decorator asked. The author's row is locked too: two windows of one reader cannot overtake
    a limit together, nor can one form sent twice at the same moment become two comments.
    """
    article = lock(article)
    author = User.objects.select_for_update().get(pk=by.pk)
    if earlier := Comment.objects.filter(author=author, key=key).first():
        return earlier
    answered = article.comments.visible().filter(pk=parent.pk).first() if parent else None
    is_answerable = parent is None or answered is not None
    attempt = _attempt(article, author, body, is_parent_visible=is_answerable, opinion=opinion)
    ruling = pipeline.decide(attempt)
    comment = Comment.objects.create(
        article=article,
        author=author,
        parent=answered,
        body=attempt.body,
        key=key,
        status=ruling.status,
        created_at=attempt.now,
        flagged_at=attempt.now if ruling.is_flagged else None,
        part=part,
        part_key=part_key,
        quote=quote,
    )
    _record(comment, ruling, before="")
    recount(article)
    return comment


@asks_first
@transaction.atomic
def edit(*, comment: Comment, by: User, body: str, opinion: str = "") -> Comment:
    """Replace the text of one's own comment within PULSE_COMMENT_EDIT_MINUTES. Raises Refused.

    The checks run as for a new comment. The earlier text is kept for moderators. Saving the same text changes
    nothing. About fifteen queries.
    """
    article = lock(comment.article)
    author = User.objects.select_for_update().get(pk=by.pk)
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    _refuse_late_edit(comment, author)
    attempt = _attempt(article, author, body, is_edit=True, comment=comment, opinion=opinion)
    if attempt.body == comment.body:
        return comment
    ruling = pipeline.decide(attempt)
    before = comment.status
    EarlierText.objects.create(comment=comment, number=comment.text_number, body=comment.body)
    comment.body, comment.edited_at = attempt.body, attempt.now
    comment.text_number += 1
    if before == Status.VISIBLE or ruling.status == Status.REJECTED:  # an edit frees nothing that is held
        comment.status = ruling.status
    if not comment.is_visible:
        comment.picked_at = comment.pinned_at = None
    elif ruling.is_flagged:
        comment.flagged_at = comment.flagged_at or attempt.now
    comment.save()
    _record(comment, ruling, before=before)
    recount(article)
    return comment


@transaction.atomic
def delete(*, comment: Comment, by: User) -> bool:
    """Take back one's own comment, and return whether it was there to take. Raises Refused.

    While somebody's answers stand under it, its place says that its author deleted it.
    """
    article = lock(comment.article)
    if comment.author_id != by.pk:
        raise Refused("This comment is not yours.", 403)
    gone = Comment.objects.filter(pk=comment.pk, status__in=EDITABLE).update(
        status=Status.DELETED, pinned_at=None, picked_at=None
    )
    recount(article)
    return bool(gone)


@transaction.atomic
def respect(*, comment: Comment, by: User, given: bool = True) -> int:
    """Give respect to somebody's comment, or take it back, once per reader; how many give it now.

    Raises Refused. The comment's row is locked, so the number is exact however many do this at once.
    """
    found = Comment.objects.select_for_update(of=["self"]).select_related("article").get(pk=comment.pk)
    _refuse_respect(found, by)
    if given:
        _, is_changed = Respect.objects.get_or_create(comment=found, by=by)
    else:
        is_changed = Respect.objects.filter(comment=found, by=by).delete()[0] > 0
    if is_changed:
        step = 1 if given else -1
        Comment.objects.filter(pk=found.pk).update(respect_count=F("respect_count") + step)
        found.respect_count += step
        changed(discussion_tag(found.article_id))
    return found.respect_count


def edit_ends_at(comment: Comment) -> dt.datetime:
    """Until when its author may change a comment."""
    return comment.created_at + dt.timedelta(minutes=settings.PULSE_COMMENT_EDIT_MINUTES)


def _refuse_late_edit(comment: Comment, by: User) -> None:
    if comment.author_id != by.pk:
        raise Refused("This comment is not yours.", 403)
    if comment.status not in EDITABLE:
        raise Refused("This comment is no longer here, so it cannot be changed.", 409)
    if timezone.now() > edit_ends_at(comment):
        minutes = settings.PULSE_COMMENT_EDIT_MINUTES
        raise Refused(f"A comment can be changed for {minutes} minutes. You can still delete it.", 403)


def _refuse_respect(comment: Comment, by: User) -> None:
    if not comment.is_visible or comment.article.discussion == Article.Discussion.HIDDEN:
        raise Refused("This comment is no longer here.", 404)
    if comment.author_id == by.pk:
        raise Refused("This comment is your own.", 403)
    if sentence := closed_sentence(comment.article.discussion):
        raise Refused(sentence, 403)
    if by.is_suspended:
        raise Refused("Your account is suspended for now. You can still read.", 403)


def _attempt(
    article: Article,
    author: User,
    body: str,
    *,
    is_parent_visible: bool = True,
    is_edit: bool = False,
    comment: Comment | None = None,
    opinion: str = "",
) -> Attempt:
    """What is known of a comment before the checks run. Five to seven queries."""
    now, live, body = timezone.now(), article.live_revision(), _tidy(body)
    approvals = comment.decisions.filter(action__in=APPROVALS, check_name="") if comment else None
    return Attempt(
        body=body,
        now=now,
        is_public=live is not None,
        discussion=article.discussion,
        suspended_until=author.suspended_until,
        is_parent_visible=is_parent_visible,
        is_edit=is_edit,
        was_approved=approvals is not None and approvals.exists(),
        recent=_recent(author, besides=comment),
        rules=house.rules_for(article, live, house.read()),
        author=facts.standing(author, now=now, besides=comment),
        copies=facts.copies(body, author, now=now),
        opinion=opinion,
    )


def _record(comment: Comment, ruling: Ruling, *, before: str) -> None:
    """Keep what a check decided; nothing, if none did."""
    if ruling.check:
        Decision.objects.create(
            comment=comment,
            action=ruling.action,
            check_name=ruling.check,
            reason=ruling.reason,
            note=ruling.sentence,
            text_number=comment.text_number,
            status_before=before,
            status_after=comment.status,
        )


def _tidy(body: str) -> str:
    return body.replace("\r\n", "\n").replace("\r", "\n").strip()


def _recent(author: User, *, besides: Comment | None) -> list[tuple[dt.datetime, str]]:
    since = timezone.now() - MEMORY
    comments = author.comments.filter(created_at__gt=since)
    if besides is not None:
        comments = comments.exclude(pk=besides.pk)
    return list(comments.values_list("created_at", "body"))
