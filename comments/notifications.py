"""Who is told what of the discussion: answers, mentions, decisions, what came of reports.

Called by the verbs, in their transaction. Whatever a verb did to a comment, `follow` makes right what was
told of it: what readers cannot see is told nobody.
"""

from typing import Any
from uuid import UUID

from accounts.models import Notification, User
from accounts.notifications import excerpt_of, notify, withdraw
from articles.models import Article
from comments.models import Comment, Decision, Report
from comments.pipeline import suspended_sentence
from pulse.addresses import path_of

Kind, Action, Outcome = Notification.Kind, Decision.Action, Report.Outcome
UNREAD = {Comment.Status.PENDING, Comment.Status.WITHHELD}


def tell(comment: Comment) -> None:
    """Tell whom a comment answers and whom it names, if readers can see it. Six queries."""
    headline = _headline(comment) if comment.is_visible else ""
    if not headline:
        return
    answered = comment.parent.author if comment.parent and comment.parent.author.is_active else None
    named = {mention.reader for mention in comment.mentions.select_related("reader")} - {answered}
    about: dict[str, Any] = {
        "subject": f"comment:{comment.pk}",
        "actor": comment.author,
        "excerpt": excerpt_of(comment.body_html),
        "path": comment.get_absolute_url(),
    }
    if answered is not None:
        sentence = f"answered your comment under “{headline}”"
        notify(to=[answered], kind=Kind.REPLY, key=f"reply:{comment.pk}", sentence=sentence, **about)
    if named:
        sentence = f"named you in a comment under “{headline}”"
        notify(to=named, kind=Kind.MENTION, key=f"mention:{comment.pk}", sentence=sentence, **about)


def follow(comment: Comment) -> None:
    """After a comment was changed, shown or taken away: tell what holds now, take back what does not."""
    withdraw(subject=f"comment:{comment.pk}")
    tell(comment)


def decided(decision: Decision) -> None:
    """Tell a comment's author, or a reader, what a moderator decided; take it back if that was undone.

    What a check decided, its author was told at once, on the page.
    """
    if decision.action == Action.UNDO:
        withdraw(subject=f"decision:{decision.undoes_id}")
        undone = decision.undoes
        if undone is not None and undone.comment_id and undone.batch:
            withdraw(subject=_reports_of(undone.comment_id, undone.batch))
        return
    sentence = _sentence(decision) if decision.by is not None else ""
    reader = decision.comment.author if decision.comment else decision.reader
    if not sentence or reader is None or reader == decision.by or not reader.is_active:
        return
    comment = decision.comment
    notify(
        to=[reader],
        kind=Kind.DECISION,
        key=f"decision:{decision.pk}",
        subject=f"decision:{decision.pk}",
        sentence=sentence,
        excerpt=decision.note or (excerpt_of(comment.body_html) if comment else ""),
        path=comment.get_absolute_url() if comment and comment.is_visible else path_of("accounts:account"),
    )


def reports_settled(reports: list[Report], *, comment: Comment, outcome: str, by: User, batch: UUID) -> None:
    """Tell those who reported a comment what came of it."""
    headline = _headline(comment)
    where = f" under “{headline}”" if headline else ""
    what = "removed it" if outcome == Outcome.UPHELD else "let it stand"
    subject = _reports_of(comment.pk, batch)
    notify(
        to={report.by for report in reports} - {by},
        kind=Kind.REPORT,
        key=subject,
        subject=subject,
        sentence=f"Thank you for your report. A moderator read the comment{where} and {what}.",
        path=comment.get_absolute_url() if comment.is_visible else path_of("accounts:notifications"),
    )


def readable(subjects: set[str]) -> set[str]:
    """Of subjects such as “comment:12”, those that anybody can read now. One query."""
    keys = [int(subject.partition(":")[2]) for subject in subjects]
    found = Comment.objects.readable().filter(pk__in=keys)
    return {f"comment:{pk}" for pk in found.order_by().values_list("pk", flat=True)}


def _sentence(decision: Decision) -> str:
    """What a decision is to whom it concerns; empty for one that is the moderators' own business."""
    if decision.action == Action.SUSPEND and decision.until:
        return suspended_sentence(decision.until)
    if decision.action == Action.LIFT:
        return "You can comment again. Your suspension was lifted."
    if decision.comment is None:
        return ""
    headline = _headline(decision.comment)
    yours = f"Your comment under “{headline}”" if headline else "Your comment"
    match decision.action:
        case Action.HIDE | Action.REJECT:
            rule = f": it broke our rule on {decision.get_reason_display()}" if decision.reason else ""
            verb = "was not published" if decision.status_before in UNREAD else "was removed by a moderator"
            return f"{yours} {verb}{rule}."
        case Action.APPROVE if decision.status_before in UNREAD:
            return f"{yours} is public now. A moderator has read it."
        case Action.RESTORE:
            return f"{yours} is shown again. A moderator has read it once more."
        case Action.PICK:
            return f"{yours} is an editors’ pick now."
    return ""


def _reports_of(comment: int, batch: UUID) -> str:
    return f"report:{comment}:{batch}"


def _headline(comment: Comment) -> str:
    """What readers see its story under; empty if they see no such discussion. One query."""
    live = comment.article.live_revision()
    is_hidden = comment.article.discussion == Article.Discussion.HIDDEN
    return live.headline if live is not None and not is_hidden else ""
