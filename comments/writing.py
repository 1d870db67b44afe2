"""What a reader does in a discussion: post, edit, delete, respect.

Each verb is one transaction and says who does it. Those that change how many comments readers see lock the
article's row first, then the reader's, then the comment's, and leave the count exact. A reader's and a
comment's row are locked so that others may still refer to them: somebody who answers a comment does not wait
for those who respect it, and nobody for each other.
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from articles.editing import lock
from articles.models import Article
from comments import anchors, facts, house, mentions, notifications, pipeline
from comments.counting import discussion_tag, recount
from comments.models import Comment, Decision, EarlierText, Respect
from comments.moderation.decisions import STOOD_BY, wait_no_longer
from comments.parts import WHOLE_STORY, StoryPart
from comments.pipeline import MEMORY, Attempt, Refused, Ruling, closed_sentence, suspended_sentence, tidy
from comments.spam import asks_first
from pulse.tags import changed

Status = Comment.Status


@asks_first
@transaction.atomic
def post(
    *,
    article: Article,
    by: User,
    body: str,
    parent: Comment | None = None,
    key: str,
    about: StoryPart = WHOLE_STORY,
    opinion: str = "",
) -> Comment:
    """Add a comment, or return the one posted with this key before. Raises Refused. Twenty queries.

    `about` is the part of the story it is about; where readers no longer find that, the comment is about the
    whole story. `opinion` is what the spam service said, which the decorator asked. The author's row is
    locked too: two windows of one reader cannot overtake a limit together, nor can one form sent twice at the
    same moment become two comments.
    """
    wait_no_longer()
    article = lock(article)
    author = _lock_reader(by)
    if earlier := Comment.objects.filter(author=author, key=key).first():
        if earlier.status == Status.DELETED:
            raise Refused("You have deleted this comment. Post it once more to have it back.", 409)
        return earlier
    answered = article.comments.visible().filter(pk=parent.pk).first() if parent else None
    is_answerable = parent is None or answered is not None
    attempt = _attempt(article, author, body, is_parent_visible=is_answerable, opinion=opinion)
    ruling = pipeline.decide(attempt)
    part = WHOLE_STORY if parent else _part(article, about)
    named = mentions.mentions(attempt.body, article, by=author)
    comment = Comment(
        article=article,
        author=author,
        parent=answered,
        body=attempt.body,
        key=key,
        status=ruling.status,
        created_at=attempt.now,
        flagged_at=attempt.now if ruling.is_flagged else None,
        part=part.part,
        part_key=part.key,
        quote=part.words,
    )
    comment.mark = named.mark
    comment.save()
    mentions.keep(comment, named.named)
    _record(comment, ruling, before="")
    recount(article)
    notifications.tell(comment)
    return comment


@asks_first
@transaction.atomic
def edit(
    *, comment: Comment, by: User, body: str, text_number: int | None = None, opinion: str = ""
) -> Comment:
    """Replace the text of one's own comment within PULSE_COMMENT_EDIT_MINUTES. Raises Refused.

    The checks run as for a new comment. The earlier text is kept for moderators. Saving the same text again
    changes nothing. `text_number` is that of the text the writer saw: where another window has replaced that
    since, the edit is refused with 409. About twenty queries.
    """
    wait_no_longer()
    article = lock(comment.article)
    author = _lock_reader(by)
    comment = _lock_comment(comment)
    if comment.author_id != author.pk:
        raise Refused("This comment is not yours.", 403)
    attempt = _attempt(article, author, body, is_edit=True, comment=comment, opinion=opinion)
    if attempt.body == comment.body:
        return comment
    refuse_late_edit(comment, text_number)
    ruling = pipeline.decide(attempt)
    before = comment.status
    named = mentions.mentions(attempt.body, article, by=author)
    EarlierText.objects.create(comment=comment, number=comment.text_number, body=comment.body)
    comment.body, comment.mark, comment.edited_at = attempt.body, named.mark, attempt.now
    comment.text_number += 1
    if before == Status.VISIBLE or ruling.status == Status.REJECTED:  # an edit frees nothing that is held
        comment.status = ruling.status
    if not comment.is_visible:
        comment.picked_at = comment.pinned_at = None
    elif ruling.is_flagged:
        comment.flagged_at = comment.flagged_at or attempt.now
    comment.save()
    mentions.keep(comment, named.named)
    _record(comment, ruling, before=before)
    recount(article)
    notifications.follow(comment)
    return comment


@transaction.atomic
def delete(*, comment: Comment, by: User) -> bool:
    """Take back one's own comment, and return whether it was there to take. Raises Refused.

    While somebody's answers stand under it, its place says that its author deleted it.
    """
    wait_no_longer()
    article = lock(comment.article)
    if comment.author_id != by.pk:
        raise Refused("This comment is not yours.", 403)
    comment = _lock_comment(comment)
    if not comment.is_its_authors:
        return False
    comment.status, comment.pinned_at, comment.picked_at = Status.DELETED, None, None
    comment.save(update_fields=["status", "pinned_at", "picked_at"])
    recount(article)
    notifications.follow(comment)
    return True


@transaction.atomic
def respect(*, comment: Comment, by: User, given: bool = True) -> int:
    """Give respect to somebody's comment, or take it back, once per reader; how many give it now.

    Raises Refused. The comment's row is locked, so the number is exact however many do this at once. Eight
    queries.
    """
    wait_no_longer()
    found = _lock_comment(comment)
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


def refuse_late_edit(comment: Comment, text_number: int | None = None) -> None:
    """Raise Refused if its author cannot change a comment now, or not from that text of it."""
    if not comment.is_its_authors:
        raise Refused("This comment is no longer here, so it cannot be changed.", 409)
    if not comment.may_be_edited:
        minutes = settings.PULSE_COMMENT_EDIT_MINUTES
        raise Refused(f"A comment can be changed for {minutes} minutes. You can still delete it.", 403)
    if text_number is not None and text_number != comment.text_number:
        raise Refused("You changed this comment in another window. Save again to replace that text.", 409)


def _lock_reader(by: User) -> User:
    """As they are now, whatever the session knows: suspended meanwhile, perhaps. Raises Refused."""
    author = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if not author.is_active:
        raise Refused("This account is closed.", 403)
    return author


def _lock_comment(comment: Comment) -> Comment:
    locked = Comment.objects.select_for_update(no_key=True, of=["self"])
    return locked.select_related("article").get(pk=comment.pk)


def _refuse_respect(comment: Comment, by: User) -> None:
    article = comment.article
    live = article.live_revision()
    if not comment.is_visible or live is None or article.discussion == Article.Discussion.HIDDEN:
        raise Refused("This comment is no longer here.", 404)
    if comment.author_id == by.pk:
        raise Refused("This comment is your own.", 403)
    policy = house.policy_of(article, live.first_published_at)
    if policy == Article.Discussion.CLOSED:
        raise Refused(closed_sentence(policy), 403)
    if by.is_suspended and by.suspended_until:
        raise Refused(suspended_sentence(by.suspended_until), 403)


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
    now, live, body = timezone.now(), article.live_revision(), tidy(body)
    read = Decision.objects.filter(comment=comment, action__in=STOOD_BY, check_name="", undone_by=None)
    return Attempt(
        body=body,
        now=now,
        is_public=live is not None,
        discussion=article.discussion,
        suspended_until=author.suspended_until,
        is_parent_visible=is_parent_visible,
        is_edit=is_edit,
        was_approved=comment is not None and read.exists(),
        recent=_recent(author, besides=comment),
        rules=house.rules_for(article, live, house.read()),
        author=facts.standing(author, now=now, besides=comment),
        copies=facts.copies(body, author, now=now),
        opinion=opinion,
    )


def _part(article: Article, about: StoryPart) -> StoryPart:
    """The part of the live story that is meant. A query, and none for the whole story."""
    if not about.part:
        return WHOLE_STORY
    live = article.revisions.live().only("tldr", "impacts", "body_html").first()
    return anchors.in_revision(about, live) if live else WHOLE_STORY


def _record(comment: Comment, ruling: Ruling, *, before: str) -> None:
    """Keep what a check decided; nothing, if none did, or if the comment is held for another reason."""
    if ruling.check and ruling.status == comment.status:
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


def _recent(author: User, *, besides: Comment | None) -> list[tuple[dt.datetime, str]]:
    since = timezone.now() - MEMORY
    comments = author.comments.filter(created_at__gt=since)
    if besides is not None:
        comments = comments.exclude(pk=besides.pk)
    rows = comments.values_list("created_at", "body", "status")
    # what was taken back may be said again, but counts among the comments of a minute
    return [(at, "" if status == Status.DELETED else body) for at, body, status in rows]
