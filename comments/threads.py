"""A discussion as a page shows it: comments made into threads, and where a comment stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Q

from accounts.models import User
from articles.models import Article, RevisionByline
from comments.models import MAX_DEPTH, Comment, Rule

Status = Comment.Status


@dataclass
class Note:
    """One comment on a page, with the answers under it."""

    comment: Comment
    replies: list["Note"] = field(default_factory=list)
    replying_to: str = ""  # whom it answers, where its place alone does not show it
    more_replies: int = 0  # of a whole thread: visible ones that are not on this page

    @property
    def tombstone(self) -> str:
        """What stands in the place of a comment that is gone."""
        rule = getattr(self.comment, "broken_rule", "")
        match self.comment.status:
            case Status.REJECTED if rule and rule != Rule.OTHER:
                return f"Removed by a moderator because it broke our rule on {Rule(rule).label}."
            case Status.REJECTED:
                return "Removed by a moderator."
            case Status.DELETED:
                return "Deleted by its author."
        return "Waiting for review."


@dataclass
class Discussion:
    """One page of an article's discussion: threads, or one thread alone."""

    threads: list[Note]
    number: int
    remaining: int = 0  # visible comments on later pages
    only_thread: int | None = None  # its top-level comment

    @property
    def readers(self) -> set[int]:
        """Whose comments are shown, by their keys."""
        found, waiting = set(), list(self.threads)
        while waiting:
            note = waiting.pop()
            found.add(note.comment.author_id)
            waiting.extend(note.replies)
        return found

    @property
    def query(self) -> str:
        """The query of this page's address."""
        if self.only_thread:
            return f"?thread={self.only_thread}" + (f"&replies={self.number}" if self.number > 1 else "")
        return f"?comments={self.number}" if self.number > 1 else ""

    @property
    def query_and(self) -> str:
        """The same, ready for one more parameter."""
        return f"{self.query}&" if self.query else "?"


def page_of_threads(article: Article, number: int) -> Discussion:
    """A page of threads, oldest first; without any past the last page. One query."""
    rows: list[Any] = list(Comment.objects.page_of_threads(article, number))
    seen = rows[0].seen or 0 if rows else article.comment_count
    return Discussion(grow(rows), number, remaining=max(0, article.comment_count - seen))


def single_thread(article: Article, root: int, number: int) -> Discussion:
    """One thread with a page of its answers; without any if there is no such thread. One query."""
    return Discussion(grow(Comment.objects.page_of_replies(article, root, number)), number, only_thread=root)


def waiting(article: Article, reader: User) -> list[Note]:
    """A reader's own comments that wait for review, which nobody else sees here. One query, or two."""
    held = [Status.PENDING, Status.WITHHELD]
    comments = Comment.objects.filter(article=article, author=reader, status__in=held)
    shown = comments.select_related("author").prefetch_related("decisions").in_order()
    return [Note(comment) for comment in shown]


def grow(rows: Iterable[Any]) -> list[Note]:
    """Threads made from comments loaded with `for_thread()`. No recursion and no query, however deep they go.

    A comment that is gone is kept if something visible stands under it. An answer below the third level
    stands beside what it answers and names whom it answers; so does one whose parent is on another page.
    """
    notes = _without_bare_tombstones({row.pk: Note(row) for row in rows})
    stands_under = _shelve(notes)
    threads = []
    for key, note in notes.items():
        comment: Any = note.comment
        if key not in stands_under:
            threads.append(note)
            continue
        notes[stands_under[key]].replies.append(note)
        notes[comment.root_id].more_replies = comment.visible_after
        if stands_under[key] != comment.parent_id:
            is_there = comment.parent_status == Status.VISIBLE
            note.replying_to = comment.parent_name if is_there else "a removed comment"
    return threads


def _without_bare_tombstones(notes: dict[int, Note]) -> dict[int, Note]:
    needed: set[int | None] = set()
    for key in sorted(notes, reverse=True):  # answers before what they answer
        comment = notes[key].comment
        if comment.is_visible or key in needed:
            needed |= {key, comment.parent_id, comment.root_id}
    return {key: note for key, note in notes.items() if key in needed}


def _shelve(notes: dict[int, Note]) -> dict[int, int]:
    """Of every answer, the comment it stands under."""
    stands_under: dict[int, int] = {}
    for key in sorted(notes):  # what is answered before its answers
        comment = notes[key].comment
        if comment.parent_id is None or comment.root_id is None:
            continue
        parent = notes.get(comment.parent_id)
        if parent is None:
            stands_under[key] = comment.root_id
        elif parent.comment.depth < MAX_DEPTH:
            stands_under[key] = comment.parent_id
        else:
            stands_under[key] = stands_under[comment.parent_id]
    return stands_under


def byline_users(article: Article) -> set[int]:
    """The accounts of the live story's authors. One query."""
    bylines = RevisionByline.objects.filter(revision__in=article.revisions.live(), author__user__isnull=False)
    return set(bylines.values_list("author__user", flat=True))


def address(comment: Comment) -> str:
    """Where a comment can be read: its page of the discussion, and its place there. Three queries at most."""
    if not comment.is_visible:
        return f"{comment.article.get_absolute_url()}#discussion"
    page = f"{comment.article.get_absolute_url()}{_page_with(comment)}"
    return f"{page}#{comment.anchor}"


def _page_with(comment: Comment) -> str:
    root = comment if comment.root is None else comment.root
    earlier = Q(created_at__lt=root.created_at) | Q(created_at=root.created_at, pk__lt=root.pk)
    before = Comment.objects.roots(comment.article).filter(earlier).count()
    number = before // settings.PULSE_COMMENTS_PER_PAGE + 1
    on_page = Comment.objects.page_of_threads(comment.article, number)
    if comment is root or comment.pk in on_page.values_list("pk", flat=True):
        return Discussion([], number).query
    place = Comment.objects.places(comment.article, root.pk).index(comment.pk)  # after its root at 0
    return Discussion([], (place - 1) // settings.PULSE_MAX_REPLIES_SHOWN + 1, only_thread=root.pk).query
