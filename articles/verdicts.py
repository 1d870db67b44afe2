"""Outlooks and what became of them: which are due for a verdict, and giving one.

An outlook is taken as readers see it, from the live revision. Its number there is the number of a row of the
working copy, and verdicts are given on that row, so they outlast every rewording. If a draft has dropped
the row, there is nothing to give a verdict on: the outlook stays on the list and says so, until the draft is
published without it or takes it back.
"""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.models import User
from articles.content import ImpactContent
from articles.editing import NotPublishable, lock
from articles.horizons import day_number, due_between
from articles.log import record
from articles.models import Article, Event, Impact, Revision, Verdict
from articles.querysets import RevisionQuerySet
from articles.tallies import Row, Tally
from pulse.tags import changed

GIVE = "articles.add_verdict"
TOO_EARLY = Verdict.Outcome.TOO_EARLY


@dataclass(frozen=True)
class Outlook:
    """An outlook as readers see it now, and the row and last verdict behind it."""

    article_id: int
    slug: str
    headline: str
    text: str
    horizon_on: dt.date
    confidence: str
    test: str
    impact: Any  # an Impact with last_outcome and last_given_on; None if the draft has dropped it

    @property
    def was_too_early(self) -> dt.date | None:
        """When it was judged too early to say, if that is the last verdict."""
        is_open = self.impact is not None and self.impact.last_outcome == TOO_EARLY
        return self.impact.last_given_on if is_open else None

    def is_due(self, on: dt.date) -> bool:
        """Whether its day has come and nobody has said what became of it, or only that it was too early."""
        if self.horizon_on > on:
            return False
        if self.impact is None or self.impact.last_outcome is None:
            return True
        again = dt.timedelta(days=settings.PULSE_VERDICT_AGAIN_DAYS)
        return self.was_too_early is not None and self.was_too_early + again <= on


class DueOutlooks(NamedTuple):
    """The outlooks that wait for a verdict: those that wait longest, and how many in all."""

    first: list[Outlook]
    number: int


def due_outlooks(most: int) -> DueOutlooks:
    """The outlooks of live stories that wait for a verdict, longest first, so many of them.

    Three queries, however many stories had an outlook; two more where they are counted afresh.
    """
    days = sorted(DUE.rows())
    articles = {article for _, article, _ in days[:most]}  # each has one at least
    first = _due(article__in=articles) if articles else []
    return DueOutlooks(first[:most], sum(number for *_, number in days))


def _due(**which: Any) -> list[Outlook]:
    """What is due of live stories, longest first. Two queries; reads the impacts of those whose day came."""
    today = timezone.localdate()
    passed = Revision.objects.filter(pk__in=due_between(1, day_number(today)).values("revision"), **which)
    due = [outlook for outlook in _live_outlooks(passed) if outlook.is_due(today)]
    return sorted(due, key=lambda outlook: (outlook.horizon_on, outlook.article_id))


def _counted() -> list[Row]:
    """Each day and story, and how many of its outlooks for that day are due. Two queries: a second of them
    for 10,000 stories with an outlook whose day has come."""
    due = Counter((day_number(outlook.horizon_on), outlook.article_id) for outlook in _due())
    return [(*where, number) for where, number in due.items()]


DUE = Tally("outlooks due", {"outlooks"}, _counted, daily=True)


def live_outlook(article: Article, number: int) -> Outlook | None:
    """One outlook of a live story by its row's number, due or not. Two queries."""
    return next(
        (
            outlook
            for outlook in _live_outlooks(Revision.objects.filter(article=article))
            if outlook.impact is not None and outlook.impact.pk == number
        ),
        None,
    )


@transaction.atomic
def give_verdict(*, impact: Impact, outcome: str, evidence: str, by: User) -> Verdict:
    """Say what became of an outlook that readers see, before its day or after it.

    The same verdict sent twice is given once. Raises PermissionDenied, NotPublishable if readers do not see
    the outlook, and ValidationError for an unknown outcome or no evidence.
    """
    if not by.has_perm(GIVE):
        raise PermissionDenied("Only an editor may give a verdict.")
    article = lock(impact.article)
    if live_outlook(article, impact.pk) is None:
        raise NotPublishable({"outcome": "Readers do not see this outlook, so there is nothing to judge."})
    evidence = evidence.replace("\r\n", "\n").strip()
    latest = impact.verdicts.first()
    if latest is not None and (latest.outcome, latest.evidence) == (outcome, evidence):
        return latest
    verdict = Verdict(impact=impact, outcome=outcome, evidence=evidence, by=by)
    verdict.full_clean()
    verdict.save()
    note = f"{verdict.get_outcome_display()}: {verdict.evidence}"
    record(article=article, verb=Event.Verb.JUDGED, by=by, note=note[:1_000])
    changed("outlooks", f"article:{article.pk}")
    return verdict


def _live_outlooks(stories: RevisionQuerySet) -> list[Outlook]:
    """The outlooks of those of these stories that are live. Two queries."""
    entries: list[tuple[int, str, str, ImpactContent, dt.date]] = [
        (article_id, slug, headline, entry, dt.date.fromisoformat(entry["horizon_on"]))
        for article_id, slug, headline, impacts in stories.live()
        .order_by()
        .values_list("article_id", "article__slug", "headline", "content__impacts")
        for entry in impacts
        if entry["horizon_on"]
    ]
    rows = _rows([entry["id"] for _, _, _, entry, _ in entries if entry["id"]])
    return [
        Outlook(
            article_id=article_id,
            slug=slug,
            headline=headline,
            text=entry["text"],
            horizon_on=horizon_on,
            confidence=entry["confidence"],
            test=entry["test"],
            impact=rows.get(entry["id"] or 0),
        )
        for article_id, slug, headline, entry, horizon_on in entries
    ]


def _rows(numbers: list[int]) -> dict[int, Any]:
    """The rows of the working copies with these numbers, each with its last verdict. One query."""
    verdicts = Verdict.objects.filter(impact=OuterRef("pk"))  # newest first, as they are ordered
    return (
        Impact.objects.filter(pk__in=numbers)
        .annotate(
            last_outcome=Subquery(verdicts.values("outcome")[:1]),
            last_given_on=Subquery(verdicts.values("given_on")[:1]),
        )
        .in_bulk()
    )
