"""Links that show a draft to people without an account: made, revoked, found by their token, counted.

A link ends by itself, whichever comes first: its time is up, or a revision of its article goes live after it
was made. Both are decided when it is read, so nothing has to run at that second.
"""

import datetime as dt
import logging
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import DatabaseError, transaction
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from articles.access import require_may_edit
from articles.editing import lock
from articles.log import record
from articles.models import Article, Event, PreviewLink, Revision

logger = logging.getLogger(__name__)
SALT = "articles.preview_links"


class Ending(StrEnum):
    """What ends a link."""

    EXPIRED = "expired"
    PUBLISHED = "published"
    REVOKED = "revoked"


@dataclass(frozen=True)
class LinkState:
    """Until when a link works, or worked, and what its end is."""

    until: dt.datetime
    ending: Ending
    is_over: bool


@transaction.atomic
def make_link(
    *, article: Article, by: User, hours: int, revision: Revision | None = None, for_whom: str = ""
) -> PreviewLink:
    """Make a link to a revision as it is now, or without one to the draft as it changes.

    `hours` is one of PULSE_PREVIEW_LINK_HOURS. Raises PermissionDenied, or ValidationError for a name that
    is too long.
    """
    require_may_edit(by, article)
    if hours not in settings.PULSE_PREVIEW_LINK_HOURS:
        raise ValueError("No link runs for this many hours.")
    if revision is not None and revision.article_id != article.pk:
        raise ValueError("This revision belongs to another article.")
    lock(article)
    now = timezone.now()
    link = PreviewLink(
        article=article,
        revision=revision,
        for_whom=" ".join(for_whom.split()),
        created_by=by,
        created_at=now,
        expires_at=now + dt.timedelta(hours=hours),
    )
    link.clean_fields(exclude=["article", "revision", "created_by", "revoked_at", "last_opened_at"])
    link.save()
    if (
        revision is not None
    ):  # somebody relies on it now: autosaves leave it alone, and it is never thinned out
        article.revisions.filter(pk=revision.pk).update(is_autosave=False)
    note = f"{link}, until {_moment(link.expires_at)}"
    record(article=article, verb=Event.Verb.LINK_MADE, by=by, note=note, revision=revision)
    return link


@transaction.atomic
def revoke_link(*, link: PreviewLink, by: User) -> bool:
    """End a link now. Whether it had not been revoked before. Raises PermissionDenied."""
    require_may_edit(by, link.article)
    revoked = PreviewLink.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=timezone.now())
    if revoked:
        record(article=link.article, verb=Event.Verb.LINK_REVOKED, by=by, note=str(link))
    return bool(revoked)


def token_of(link: PreviewLink) -> str:
    """What stands in a link's address: its number, signed, so that nobody can guess another one."""
    return _signer().sign(str(link.pk))


def find_link(token: str) -> PreviewLink | None:
    """The link with this token, with its article and revision; None for one we never made. One query."""
    try:
        pk = int(_signer().unsign(token))
    except BadSignature:
        return None
    links = PreviewLink.objects.filter(pk=pk).select_related("article__section", "revision")
    return with_publication(links).first()


def with_publication(links: QuerySet[PreviewLink]) -> QuerySet[Any]:
    """Adds public_from: when the story went live, or will, after the link was made. No extra query."""
    after = Revision.objects.filter(article=OuterRef("article"), live_from__gt=OuterRef("created_at"))
    return links.annotate(public_from=Subquery(after.order_by("live_from").values("live_from")[:1]))


def state_of(link: Any) -> LinkState:
    """The state of a link loaded by `with_publication()`. No query."""
    ends = [
        (moment, ending)
        for moment, ending in (
            (link.revoked_at, Ending.REVOKED),
            (link.public_from, Ending.PUBLISHED),
            (link.expires_at, Ending.EXPIRED),
        )
        if moment is not None
    ]
    until, ending = min(ends)
    return LinkState(until, ending, until <= timezone.now())


def count_opening(link: PreviewLink) -> None:
    """Count one more opening, if the database takes it: a count is no reason to withhold the page."""
    try:
        with transaction.atomic():
            PreviewLink.objects.filter(pk=link.pk).update(
                openings=F("openings") + 1, last_opened_at=timezone.now()
            )
    except DatabaseError:
        logger.warning("An opening of preview link %s was not counted.", link.pk, exc_info=True)


def _signer() -> Signer:
    return Signer(salt=SALT, sep=".")


def _moment(at: dt.datetime) -> str:
    local = timezone.localtime(at)
    return f"{date_format(local, 'j F Y, H:i')} {local.tzname()}"
