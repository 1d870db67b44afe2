"""Publishing, scheduling and planned ends in every combination: what is live when, and what is due."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import editing, publishing
from articles.models import Article, Due, Event
from tests.factories import change_headline, make_article, make_draft, make_user

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def clock() -> Iterator[Any]:
    """Noon, and no later until it is moved."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def headlines(article: Article, hours: int = 6) -> list[str | None]:
    """What readers see half past each hour from noon on."""
    return [
        getattr(article.revisions.live(NOON + hour * HOUR + HOUR / 2).first(), "headline", None)
        for hour in range(hours)
    ]


def dues(article: Article) -> list[tuple[str, float]]:
    """What is still to be followed, with the hour after noon."""
    waiting = Due.objects.filter(revision__article=article, done_at=None)
    return [(due.what, (due.at - NOON) / HOUR) for due in waiting]


class Desk:
    """An editor with one story, doing things at noon: each names the hour it is for."""

    def __init__(self, article: Article) -> None:
        self.article, self.editor = article, make_user(role="Editor")

    def change(self, headline: str) -> None:
        change_headline(self.article, headline, by=self.editor)

    def publish(self, headline: str) -> None:
        self.change(headline)
        publishing.publish(article=self.article, by=self.editor)

    def schedule(self, headline: str, hour: int) -> None:
        self.change(headline)
        publishing.schedule(article=self.article, by=self.editor, at=NOON + hour * HOUR)

    def end(self, hour: int) -> None:
        publishing.schedule_end(article=self.article, by=self.editor, at=NOON + hour * HOUR)

    def cancel_end(self) -> bool:
        return publishing.cancel_end(article=self.article, by=self.editor)

    def cancel(self) -> bool:
        return publishing.cancel_schedule(article=self.article, by=self.editor)

    def unpublish(self) -> None:
        publishing.unpublish(article=self.article, by=self.editor)

    def withdraw(self) -> None:
        publishing.withdraw(article=self.article, by=self.editor)


@pytest.fixture
def live(clock: Any) -> Desk:
    """A story that went live an hour ago as “A”."""
    return Desk(make_article(headline="A"))


@pytest.fixture
def draft(clock: Any) -> Desk:
    return Desk(make_draft(headline="A"))


Plan = Callable[[Desk], object]
PLANS: dict[str, tuple[list[Plan], list[str | None], list[tuple[str, float]]]] = {
    "a change of a live story": (
        [lambda desk: desk.schedule("B", 2)],
        ["A", "A", "B", "B", "B", "B"],
        [("went_live", 2)],
    ),
    "an end after a scheduled change ends the change": (
        [lambda desk: desk.schedule("B", 2), lambda desk: desk.end(4)],
        ["A", "A", "B", "B", None, None],
        [("went_live", 2), ("ended", 4)],
    ),
    "a change before a planned end is ended by it": (
        [lambda desk: desk.end(4), lambda desk: desk.schedule("B", 2)],
        ["A", "A", "B", "B", None, None],
        [("went_live", 2), ("ended", 4)],
    ),
    "a change after a planned end brings the story back": (
        [lambda desk: desk.end(2), lambda desk: desk.schedule("B", 4)],
        ["A", "A", None, None, "B", "B"],
        [("ended", 2), ("went_live", 4)],
    ),
    "a story that comes back can be planned to end": (
        [lambda desk: desk.end(1), lambda desk: desk.schedule("B", 2), lambda desk: desk.end(4)],
        ["A", None, "B", "B", None, None],
        [("ended", 1), ("went_live", 2), ("ended", 4)],
    ),
    "an end replaces an earlier one": (
        [lambda desk: desk.end(2), lambda desk: desk.end(4)],
        ["A", "A", "A", "A", None, None],
        [("ended", 4)],
    ),
    "a scheduled change replaces an earlier one and keeps the end": (
        [lambda desk: desk.schedule("B", 1), lambda desk: desk.end(4), lambda desk: desk.schedule("C", 3)],
        ["A", "A", "A", "C", None, None],
        [("went_live", 3), ("ended", 4)],
    ),
    "a scheduled change moved behind the end leaves the end to the live story": (
        [lambda desk: desk.schedule("B", 1), lambda desk: desk.end(3), lambda desk: desk.schedule("C", 4)],
        ["A", "A", "A", None, "C", "C"],
        [("ended", 3), ("went_live", 4)],
    ),
    "cancelling the change leaves the end": (
        [lambda desk: desk.schedule("B", 2), lambda desk: desk.end(4), lambda desk: desk.cancel()],
        ["A", "A", "A", "A", None, None],
        [("ended", 4)],
    ),
    "cancelling the end leaves the change": (
        [lambda desk: desk.end(4), lambda desk: desk.schedule("B", 2), lambda desk: desk.cancel_end()],
        ["A", "A", "B", "B", "B", "B"],
        [("went_live", 2)],
    ),
    "cancelling an end before a change closes the gap": (
        [lambda desk: desk.end(2), lambda desk: desk.schedule("B", 4), lambda desk: desk.cancel_end()],
        ["A", "A", "A", "A", "B", "B"],
        [("went_live", 4)],
    ),
    "cancelling a change after the end leaves the end": (
        [lambda desk: desk.end(2), lambda desk: desk.schedule("B", 4), lambda desk: desk.cancel()],
        ["A", "A", None, None, None, None],
        [("ended", 2)],
    ),
    "cancelling a change at the very end leaves the end": (
        [lambda desk: desk.end(2), lambda desk: desk.schedule("B", 2), lambda desk: desk.cancel()],
        ["A", "A", None, None, None, None],
        [("ended", 2)],
    ),
    "cancelling both leaves the live story": (
        [
            lambda desk: desk.end(4),
            lambda desk: desk.schedule("B", 2),
            lambda desk: desk.cancel_end(),
            lambda desk: desk.cancel(),
        ],
        ["A"] * 6,
        [],
    ),
    "publishing now replaces the change and keeps the end": (
        [lambda desk: desk.schedule("B", 2), lambda desk: desk.end(4), lambda desk: desk.publish("C")],
        ["C", "C", "C", "C", None, None],
        [("ended", 4)],
    ),
    "publishing now keeps an end that comes before the change it replaces": (
        [lambda desk: desk.end(2), lambda desk: desk.schedule("B", 4), lambda desk: desk.publish("C")],
        ["C", "C", None, None, None, None],
        [("ended", 2)],
    ),
    "unpublishing drops everything that was planned": (
        [lambda desk: desk.schedule("B", 2), lambda desk: desk.end(4), lambda desk: desk.unpublish()],
        [None] * 6,
        [],
    ),
    "withdrawing drops everything that was planned": (
        [lambda desk: desk.end(2), lambda desk: desk.schedule("B", 4), lambda desk: desk.withdraw()],
        [None] * 6,
        [],
    ),
    "a withdrawn story can be scheduled to come back": (
        [lambda desk: desk.withdraw(), lambda desk: desk.schedule("B", 2)],
        [None, None, "B", "B", "B", "B"],
        [("went_live", 2)],
    ),
}


@pytest.mark.parametrize("plan", PLANS)
def test_what_readers_see_and_what_is_due_follow_the_plan(live, plan):
    """Each plan, made for a story that is live."""
    steps, seen, expected = PLANS[plan]
    for step in steps:
        step(live)
    assert headlines(live.article) == seen
    assert dues(live.article) == expected
    assert_plan_holds(live.article)


def test_a_new_story_can_be_scheduled_with_its_end(draft):
    draft.schedule("A", 1)
    draft.end(3)
    assert headlines(draft.article) == [None, "A", "A", None, None, None]
    draft.schedule("B", 2)
    assert headlines(draft.article) == [None, None, "B", None, None, None]
    assert draft.cancel()
    assert headlines(draft.article) == [None] * 6
    assert dues(draft.article) == []


def test_publishing_a_scheduled_story_now_keeps_its_end(draft):
    draft.schedule("A", 2)
    draft.end(3)
    draft.publish("B")
    assert headlines(draft.article) == ["B", "B", "B", None, None, None]
    assert dues(draft.article) == [("ended", 3)]


def test_what_was_to_be_cancelled_is_not_there(live):
    """Cancelling nothing says so, and leaves no trace in the record."""
    assert not live.cancel()
    assert not live.cancel_end()
    assert not live.article.events.filter(verb__in=["unscheduled", "end_cancelled"]).exists()


@pytest.mark.parametrize(
    ("hour", "sentence"), [(2, "goes live after that"), (-1, "has passed"), (60_000, "years away")]
)
def test_an_end_that_cannot_be_is_refused_with_a_sentence(live, hour, sentence):
    live.schedule("B", 2)
    with pytest.raises(editing.NotPublishable, match=sentence):
        live.end(hour)
    assert headlines(live.article) == ["A", "A", "B", "B", "B", "B"]


def test_nothing_can_end_that_is_not_live_or_scheduled(draft):
    with pytest.raises(editing.NotPublishable, match="nothing to end"):
        draft.end(1)


@pytest.mark.parametrize(("hours", "sentence"), [(-1, "has passed"), (60_000, "years away")])
def test_a_moment_out_of_reach_is_refused_with_a_sentence(draft, hours, sentence):
    with pytest.raises(editing.NotPublishable, match=sentence):
        draft.schedule("A", hours)


def test_a_story_that_readers_never_saw_cannot_be_withdrawn_and_keeps_its_schedule(draft):
    draft.schedule("A", 1)
    with pytest.raises(editing.NotPublishable, match="never saw"):
        draft.withdraw()
    assert headlines(draft.article) == [None, "A", "A", "A", "A", "A"]


def test_an_end_that_is_now_takes_the_story_off(live):
    live.end(0)
    assert headlines(live.article) == [None] * 6


def test_a_schedule_does_not_bring_back_what_somebody_withdrew_meanwhile(live):
    """The editor's copy of the article is older than the withdrawal."""
    other = Desk(Article.objects.get(pk=live.article.pk))
    live.withdraw()
    publishing.schedule(article=other.article, by=other.editor, at=NOON + HOUR)
    assert Article.objects.get(pk=live.article.pk).withdrawn_at == NOON


def test_what_went_live_stays_in_the_record_when_the_next_change_is_quicker_than_the_worker(live, clock):
    """The scheduled change is live, the worker has not looked yet, and an editor publishes the next one."""
    live.schedule("B", 1)
    clock.shift(2 * HOUR)
    live.publish("C")
    assert dues(live.article) == [("went_live", 1)]
    clock.shift(HOUR)
    live.unpublish()
    assert dues(live.article) == [("went_live", 1)]


# Any order of anything

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("schedule"), st.integers(1, 5)),
        st.tuples(st.just("end"), st.integers(1, 5)),
        st.sampled_from([("publish",), ("cancel",), ("cancel_end",), ("unpublish",), ("wait",)]),
    ),
    min_size=3,
    max_size=8,
)


def do(desk: Desk, step: tuple[Any, ...], number: int, clock: Any) -> None:
    """One step, an odd second after the last one. What is refused changes nothing."""
    clock.shift(dt.timedelta(minutes=61 if step == ("wait",) else 1))
    moment = timezone.now() - NOON
    try:
        match step:
            case ("schedule", hours):
                desk.schedule(f"Change {number}", hours + moment / HOUR)
            case ("end", hours):
                desk.end(hours + moment / HOUR)
            case ("publish",):
                desk.publish(f"Change {number}")
            case (name,) if name != "wait":
                getattr(desk, name)()
    except editing.NotPublishable:
        pass


def assert_plan_holds(article: Article) -> None:
    """Periods follow one another, at most one is to come, and what is due is what the periods say."""
    now = timezone.now()
    periods = list(article.revisions.exclude(live_from=None).order_by("live_from"))
    expected = set()
    for period, following in zip(periods, [*periods[1:], None], strict=True):
        if following:
            assert period.live_until is not None
            assert period.live_until <= following.live_from
        if period.live_from > now:
            expected.add((period.pk, "went_live", period.live_from))
        is_followed = following is not None and following.live_from == period.live_until
        if period.live_until and period.live_until > now and not is_followed:
            expected.add((period.pk, "ended", period.live_until))
    waiting = Due.objects.filter(revision__article=article, done_at=None, at__gt=now)
    assert {(due.revision_id, due.what, due.at) for due in waiting} == expected
    assert sum(period.live_from > now for period in periods) <= 1


@pytest.mark.once
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_no_order_of_steps_breaks_the_plan(live, clock, steps):
    with transaction.atomic():
        clock.move_to(NOON)
        for number, step in enumerate(steps):
            do(live, step, number, clock)
            assert_plan_holds(live.article)
        transaction.set_rollback(True)


def test_each_plan_is_in_the_record_with_who_made_it(live):
    live.schedule("B", 2)
    live.end(4)
    live.cancel_end()
    live.cancel()
    made = live.article.events.filter(by=live.editor).order_by("pk").values_list("verb", flat=True)
    verbs = Event.Verb
    assert list(made) == [verbs.SCHEDULED, verbs.END_PLANNED, verbs.END_CANCELLED, verbs.UNSCHEDULED]
