"""Why a comment is not shown, in words for the one who wrote it."""

from comments.models import Comment, Rule

Status = Comment.Status
USUALLY = {
    Status.PENDING: "It waits for review.",
    Status.WITHHELD: "It waits for review.",
    Status.REJECTED: "It was not published.",
    Status.DELETED: "You deleted it.",
}


def why(comment: Comment) -> str:
    """A sentence; empty for a comment that everybody sees. One query, unless its decisions are prefetched."""
    if comment.is_visible:
        return ""
    decisions = [made for made in comment.decisions.all() if made.status_after == comment.status]
    last = max(decisions, key=lambda made: made.pk, default=None)
    if last and last.check_name and last.note:
        return last.note
    if last and last.reason and last.reason != Rule.OTHER:
        return f"It was removed because it broke our rule on {Rule(last.reason).label}. {last.note}".strip()
    return USUALLY[Status(comment.status)]
