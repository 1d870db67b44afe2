"""How a draft moves through the newsroom: draft, in review, ready. Going live is publishing.py's."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from articles.access import may_publish, require_may_edit
from articles.editing import NotPublishable, lock, problems
from articles.log import record
from articles.models import Article, Event

Status, Verb = Article.Status, Event.Verb


@transaction.atomic
def submit(*, article: Article, by: User, note: str = "") -> None:
    """Hand a whole draft to the editors. Raises NotPublishable while something is missing."""
    require_may_edit(by, article)
    if missing := problems(article):
        raise NotPublishable(missing)
    _move(article, by=by, start={Status.DRAFT}, to=Status.IN_REVIEW, verb=Verb.SUBMITTED, note=note)


@transaction.atomic
def take_back(*, article: Article, by: User) -> None:
    """Take a draft out of review again, to go on writing."""
    require_may_edit(by, article)
    _move(article, by=by, start={Status.IN_REVIEW}, to=Status.DRAFT, verb=Verb.TAKEN_BACK)


@transaction.atomic
def send_back(*, article: Article, by: User, note: str) -> None:
    """Return a draft to its writer with what is to be done. Raises NotPublishable without a note."""
    _require_reviewer(by)
    if not note.strip():
        raise NotPublishable({"review_note": "Say what is to be done: the writer sees it above the form."})
    start = {Status.IN_REVIEW, Status.READY}
    _move(article, by=by, start=start, to=Status.DRAFT, verb=Verb.SENT_BACK, note=note.strip())


@transaction.atomic
def mark_ready(*, article: Article, by: User, note: str = "") -> None:
    """Say that a draft may go live as it is. Raises NotPublishable while something is missing."""
    _require_reviewer(by)
    if missing := problems(article):
        raise NotPublishable(missing)
    start = {Status.DRAFT, Status.IN_REVIEW}
    _move(article, by=by, start=start, to=Status.READY, verb=Verb.READY, note=note)


def _require_reviewer(by: User) -> None:
    if not may_publish(by):
        raise PermissionDenied("Only an editor may send a draft back or mark it as ready.")


def _move(
    article: Article,
    *,
    by: User,
    start: set[Article.Status],
    to: Article.Status,
    verb: Event.Verb,
    note: str = "",
) -> None:
    """Move a draft on, once: two people pressing the same button leave one entry in the record."""
    locked = lock(article)
    if locked.status not in start:
        article.status = locked.status
        return
    article.status = to
    article.save(update_fields=["status"])
    record(article=article, verb=verb, by=by, note=note)
