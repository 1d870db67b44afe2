"""A discussion as a page shows it: comments made into threads, and where a comment stands."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q

from accounts.models import User
from articles.models import Article, RevisionByline
from comments.models import MAX_DEPTH, Comment, Rule
from comments.parts import StoryPart, gone, named
from comments.querysets import ORDERS, CommentQuerySet
from pulse.addresses import path_of

Status = Comment.Status
SORTS = {"": "Oldest", "newest": "Newest", "respect": "Most respected"}


@dataclass
class Note:
    """One comment on a page, with the answers under it."""

    comment: Comment
    replies: list["Note"] = field(default_factory=list)
    replying_to: str = ""  # whom it answers, where its place alone does not show it
    replying_to_url: str = ""
    more_replies: int = 0  # of a whole thread: visible ones that are not shown up to here
    shown_replies: int = 0  # of a whole thread
    next_page: int = 1  # of the thread alone, on which those that follow are
    part: StoryPart | None = None  # of the story as it is now

    @property
    def about(self) -> StoryPart | None:
        """The part of the story it is about, if it is about one."""
        comment = self.comment
        if not comment.part:
            return None
        return self.part or gone(comment.part, comment.part_key, comment.quote)

    def name_parent(self, *, is_on_page: bool) -> None:
        """Say whom it answers, and where that is. The comment was loaded with `for_page()`."""
        comment: Any = self.comment
        is_there = comment.parent_status == Status.VISIBLE
        self.replying_to = comment.parent_name if is_there else "a removed comment"
        self.replying_to_url = f"#comment-{comment.parent_id}"
        if not is_on_page:
            self.replying_to_url = path_of("comments:comment", comment.parent_id)

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
    sort: str = ""  # one of SORTS
    about: str = ""  # the part of the story to which it is narrowed, as `comments.parts` calls it
    only_thread: int | None = None  # its top-level comment
    next_number: int = 0  # visible comments in the threads of the next page
    newest: int = 0  # the key of the article's newest visible comment
    top: list[Comment] = field(default_factory=list)
    part_counts: list[StoryPart] = field(default_factory=list)

    @property
    def readers(self) -> set[int]:
        """Whose comments are shown, by their keys."""
        return {note.comment.author_id for note in self.notes} | {comment.author_id for comment in self.top}

    @property
    def notes(self) -> list[Note]:
        """Every comment on the page, answers too, in no order."""
        found, waiting = [], list(self.threads)
        while waiting:
            note = waiting.pop()
            found.append(note)
            waiting.extend(note.replies)
        return found

    @property
    def query(self) -> str:
        """The query of this page's address."""
        return self.query_of(number=self.number)

    @property
    def query_and(self) -> str:
        """The same, ready for one more parameter."""
        return f"{self.query}&" if self.query else "?"

    @property
    def earlier_query(self) -> str:
        return self.query_of(number=self.number - 1)

    @property
    def later_query(self) -> str:
        return self.query_of(number=self.number + 1)

    @property
    def unnarrowed_query(self) -> str:
        return self.query_of(about="")

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """The orders there are: what each is called, its query, and whether it is this page's."""
        return [(name, self.query_of(sort=sort), sort == self.sort) for sort, name in SORTS.items()]

    def query_of(self, *, number: int = 1, sort: str | None = None, about: str | None = None) -> str:
        """The query of another page, in the same order and about the same part unless another is named."""
        page = str(number) if number > 1 else ""
        named = {
            "about": self.about if about is None else about,
            "sort": self.sort if sort is None else sort,
            "thread": str(self.only_thread or ""),
            "replies" if self.only_thread else "comments": page,
        }
        query = urlencode({name: value for name, value in named.items() if value}, safe=":")
        return f"?{query}" if query else ""


# A page of threads


def page_of_threads(article: Article, number: int, *, sort: str = "", about: str = "") -> Discussion:
    """A page of threads; without any past the last page.

    One query for a discussion that fits on one page, otherwise at most four, however many comments there are.
    """
    size = settings.PULSE_COMMENTS_PER_PAGE
    if number == 1 and not about and article.comment_count <= size:
        return _discussion(Comment.objects.shown(article), article, number, sort=sort)
    roots = Comment.objects.roots(article).order_by(*ORDERS[sort])
    if about:
        roots = roots.about(*named(about))
    # The keys themselves, not how to find them: a query that has them looks at no other thread.
    keys = list(roots.values_list("pk", flat=True)[(number - 1) * size : (number + 1) * size])
    page, following = keys[:size], keys[size:]
    replies = Comment.objects.first_replies(article, page, settings.PULSE_MAX_REPLIES_SHOWN)
    shown = Comment.objects.filter(pk__in=[*page, *replies.values_list("pk", flat=True)]) if page else None
    found = _discussion(shown, article, number, sort=sort, about=about)
    found.next_number = _visible_in(following) if following else 0
    return found


def single_thread(article: Article, root: int, number: int) -> Discussion:
    """One thread with a page of its answers; without any if there is none. At most three queries."""
    size = settings.PULSE_MAX_REPLIES_SHOWN
    replies = Comment.objects.replies(article, [root]).in_order()[(number - 1) * size : number * size]
    keys = list(replies.values_list("pk", flat=True))
    if number > 1 and not keys:
        return Discussion([], number, only_thread=root)
    shown = Comment.objects.filter(Q(pk=root, root=None) | Q(pk__in=keys), article=article)
    found = _discussion(shown, article, number, only_thread=root)
    found.threads = [note for note in found.threads if note.comment.is_visible or note.replies]
    if found.threads and len(keys) == size:
        last = max((note.comment for note in found.notes if note.comment.root_id), key=_said)
        rest = Comment.objects.visible().filter(article=article, root=root).after(last)
        found.threads[0].more_replies = rest.count()
    elif found.threads:
        found.threads[0].more_replies = 0
    return found


def _discussion(
    shown: CommentQuerySet | None, article: Article, number: int, *, sort: str = "", **more: Any
) -> Discussion:
    rows: list[Any] = list(shown.for_page(article)) if shown is not None else []
    found = Discussion(grow(rows, sort), number, sort=sort, **more)
    for note in found.threads:
        whole_pages = note.shown_replies // settings.PULSE_MAX_REPLIES_SHOWN
        note.next_page = number + 1 if found.only_thread else whole_pages + 1
    if rows:
        found.newest = rows[0].newest or 0
        if rows[0].has_parts:
            found.part_counts = [
                gone(part["part"], part["part_key"], part["words"]).counted(part["number"])
                for part in Comment.objects.part_counts(article)
            ]
        if rows[0].has_top and number == 1 and not found.about and not found.only_thread:
            on_top = Comment.objects.on_top(article).for_page(article)
            found.top = list(on_top[: settings.PULSE_PICKS_SHOWN + 1])
    return found


def _visible_in(roots: list[int]) -> int:
    """How many visible comments these threads have. One query."""
    visible = Comment.objects.visible().order_by()
    return visible.filter(pk__in=roots).count() + visible.filter(root__in=roots).count()


def waiting(article: Article, reader: User) -> list[Note]:
    """A reader's own comments that wait for review, which nobody else sees here. One query, or two."""
    held = [Status.PENDING, Status.WITHHELD]
    comments = Comment.objects.filter(article=article, author=reader, status__in=held)
    shown = comments.select_related("author").prefetch_related("decisions").in_order()
    return [Note(comment) for comment in shown]


def grow(rows: Iterable[Any], sort: str = "") -> list[Note]:
    """Threads made from comments loaded with `for_page()`. No recursion and no query, however deep they go.

    An answer below the third level stands beside what it answers and names whom it answers; so does one whose
    parent is not on the page.
    """
    loaded = {row.pk: row for row in sorted(rows, key=_said)}
    notes = {key: Note(row) for key, row in loaded.items() if row.root_id is None or row.root_id in loaded}
    stands_under = _shelve(notes)
    threads = []
    for key, note in notes.items():
        comment: Any = note.comment
        if key not in stands_under:
            threads.append(note)
            note.more_replies += comment.answers
            continue
        notes[stands_under[key]].replies.append(note)
        notes[comment.root_id].more_replies -= comment.is_visible
        notes[comment.root_id].shown_replies += 1
        if stands_under[key] != comment.parent_id:
            note.name_parent(is_on_page=comment.parent_id in notes)
    if sort == "respect":
        return sorted(threads, key=lambda note: (-note.comment.respect_count, note.comment.pk))
    return threads[::-1] if sort == "newest" else threads


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


def _said(comment: Comment) -> tuple[Any, int]:
    return comment.created_at, comment.pk


def byline_users(article: Article) -> set[int]:
    """The accounts of the live story's authors. One query."""
    bylines = RevisionByline.objects.filter(revision__in=article.revisions.live(), author__user__isnull=False)
    return set(bylines.values_list("author__user", flat=True))


# Where a comment is


def address(comment: Comment) -> str:
    """Where a comment can be read: its page of the discussion, and its place there. Four queries at most."""
    if not comment.is_visible:
        return f"{comment.article.get_absolute_url()}#discussion"
    return place(comment)


def place(comment: Comment) -> str:
    """Where a comment stands that is shown, or as a tombstone. Four queries at most."""
    return f"{comment.article.get_absolute_url()}{_page_with(comment)}#{comment.anchor}"


def _page_with(comment: Comment) -> str:
    root, article = comment if comment.root is None else comment.root, comment.article
    place = Comment.objects.roots(article).before(root).count()
    number = place // settings.PULSE_COMMENTS_PER_PAGE + 1
    if comment is root or _is_on_page_with_its_thread(comment, number):
        return Discussion([], number).query
    place = Comment.objects.replies(article, [root.pk]).before(comment).count()
    return Discussion([], place // settings.PULSE_MAX_REPLIES_SHOWN + 1, only_thread=root.pk).query


def _is_on_page_with_its_thread(comment: Comment, number: int) -> bool:
    size, article = settings.PULSE_COMMENTS_PER_PAGE, comment.article
    roots = Comment.objects.roots(article).order_by(*ORDERS[""]).values_list("pk", flat=True)
    page = list(roots[(number - 1) * size : number * size])
    replies = Comment.objects.first_replies(article, page, settings.PULSE_MAX_REPLIES_SHOWN)
    return comment.pk in replies.values_list("pk", flat=True)
