"""The front desk as one person sees it: what waits for them, and what they may do about it.

Nobody is told of what they may not open: writers hear of their own articles, moderators of the discussion,
editors of everything. What is not theirs is not asked for. However much there is, the page costs an editor
seventeen queries at most, a writer four, a moderator five; an operator two more, about mail. None of them
reads all stories or all comments.
"""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from articles import timing
from articles.access import CHANGE, may_publish
from articles.verdicts import GIVE
from comments.models import Comment
from glossary.models import Term
from newsroom import desk
from newsroom.desk import Found, Planned, Pulse, first_of
from newsroom.figures import Period, periods
from pulse import outbox

MODERATE = "comments.moderate_comment"
MAIL = "pulse.change_outgoingmail"


@dataclass(frozen=True)
class OwnWork:
    """What somebody is writing. An editor finds what is in review and live elsewhere."""

    drafts: Found
    in_review: Found
    live: Found


@dataclass(frozen=True)
class NewsDesk:
    """What the editors decide on."""

    in_review: Found
    ready: Found
    planned: list[Planned]
    trouble: str
    overdue: Found
    left_alone: Found
    links_out: Found
    outlooks: Found
    terms: list[Term]
    asked: Found  # words that readers ask about


@dataclass(frozen=True)
class Talk:
    """What readers say, for those who may hide and restore it."""

    waiting: Found
    newest: list[Comment]
    pulse: Pulse | None  # for those who see no stories here
    periods: list[Period]


@dataclass(frozen=True)
class Figure:
    """A number at the head of the page that leads to what it counts."""

    number: int
    label: str
    anchor: str


@dataclass(frozen=True)
class FrontDesk:
    now: dt.datetime
    may_write: bool
    own: OwnWork | None
    news: NewsDesk | None
    talk: Talk | None
    stories: Pulse | None
    mail_trouble: str  # for operators

    @property
    def figures(self) -> list[Figure]:
        """What waits, in numbers; noughts too, so that each stands where it stood yesterday."""
        found = []
        if self.news:
            outlooks = self.news.outlooks.total
            found += [
                Figure(self.news.in_review.total, "in review", "in-review"),
                Figure(self.news.ready.total, "ready to publish", "ready"),
                Figure(len(self.news.planned), "planned this week", "planned"),
                Figure(outlooks, _plural("outlook", outlooks) + " due", "outlooks"),
            ]
        elif self.own:
            sent_back = sum(draft.is_sent_back for draft in self.own.drafts.rows)
            found += [
                Figure(sent_back, "sent back to you", "drafts"),
                Figure(self.own.drafts.total, _plural("draft", self.own.drafts.total), "drafts"),
                Figure(self.own.in_review.total, "with the editors", "with-editors"),
                Figure(self.own.live.total, "live", "live"),
            ]
        if self.talk:
            waiting = self.talk.waiting.total
            found.append(Figure(waiting, _plural("comment", waiting) + " waiting", "waiting"))
            if self.talk.pulse:
                found.append(Figure(self.talk.pulse.today, "posted today", "newest"))
        return found


def front_desk(user: User) -> FrontDesk:
    """Everything the page shows to somebody."""
    now = timezone.now()
    is_editor = may_publish(user)
    is_newsroom = user.has_perm(CHANGE)
    return FrontDesk(
        now=now,
        may_write=user.has_perm("articles.add_article"),
        own=_own_work(user, is_editor=is_editor) if is_newsroom else None,
        news=_news_desk(user, now) if is_editor else None,
        talk=_talk(now, sees_stories=is_newsroom) if user.has_perm(MODERATE) else None,
        stories=desk.story_pulse() if is_newsroom else None,
        mail_trouble=outbox.trouble() if user.has_perm(MAIL) else "",
    )


def _own_work(user: User, *, is_editor: bool) -> OwnWork:
    return OwnWork(
        drafts=first_of(desk.own_drafts(user)),
        in_review=Found() if is_editor else first_of(desk.own_in_review(user)),
        live=Found() if is_editor else first_of(desk.own_live(user)),
    )


def _news_desk(user: User, now: dt.datetime) -> NewsDesk:
    in_review, ready = desk.in_review_and_ready()
    overdue = first_of(desk.overdue(now))
    return NewsDesk(
        in_review=in_review,
        ready=ready,
        planned=desk.planned(now),
        trouble=timing.trouble(overdue.total),
        overdue=overdue,
        left_alone=first_of(desk.left_alone(now)),
        links_out=first_of(desk.links_out(now)),
        outlooks=desk.outlooks_due() if user.has_perm(GIVE) else Found(),
        terms=desk.most_used_terms(),
        asked=desk.most_asked_words(),
    )


def _talk(now: dt.datetime, *, sees_stories: bool) -> Talk:
    return Talk(
        waiting=first_of(desk.waiting_comments()),
        newest=desk.newest_comments(),
        pulse=None if sees_stories else desk.comment_pulse(),
        periods=periods(now),
    )


def _plural(word: str, number: int) -> str:
    return word if number == 1 else f"{word}s"
