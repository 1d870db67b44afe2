"""What follows a planned moment: recorded and told once, whatever happens, and missed by somebody if not."""

import datetime as dt
import threading
import time

import pytest
import time_machine
from django.db import connections, transaction
from django.utils import timezone

from articles import publishing, timing
from articles.models import Article, Due, Event
from pulse import worker
from pulse.models import Heartbeat
from tests.at_once import at_once
from tests.factories import change_headline, make_article, make_draft, make_user

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def clock():
    """Noon, and no later until it is moved."""
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def told(monkeypatch):
    """What subscribers were told, in order: the verb and the headline."""
    heard: list[tuple[str, str]] = []
    monkeypatch.setattr(timing, "_subscribers", [])
    timing.subscribe(lambda due: heard.append((due.what, due.revision.headline)))
    return heard


def scheduled(*, at: dt.datetime | None = None, headline: str = "First") -> Article:
    """A story to go live in an hour."""
    article = make_draft(headline=headline)
    publishing.schedule(article=article, by=make_user(role="Editor"), at=at or timezone.now() + HOUR)
    return article


def entries(article: Article) -> list[tuple[str, dt.datetime]]:
    """What The Pulse itself entered into the record."""
    return list(article.events.filter(by=None).order_by("at").values_list("verb", "at"))


@pytest.mark.django_db
def test_nothing_follows_before_its_moment(clock, told):
    scheduled()
    clock.shift(HOUR - dt.timedelta(seconds=1))
    timing.follow_up()
    assert told == []


@pytest.mark.django_db
def test_each_planned_moment_is_recorded_as_of_its_second_and_told_once(clock, told):
    editor = make_user(role="Editor")
    article = scheduled()
    publishing.schedule_end(article=article, by=editor, at=NOON + 3 * HOUR)
    for _ in range(5):
        clock.shift(HOUR)
        clock.shift(7)
        timing.follow_up()
        timing.follow_up()
    assert entries(article) == [("went_live", NOON + HOUR), ("ended", NOON + 3 * HOUR)]
    assert told == [("went_live", "First"), ("ended", "First")]
    assert not Due.objects.filter(done_at=None).exists()


@pytest.mark.django_db
def test_moments_missed_while_nothing_ran_are_followed_in_their_order(clock, told):
    """A change went live and ended, and the worker was away all the time."""
    editor, article = make_user(role="Editor"), make_article(headline="First")
    change_headline(article, "Second", by=editor)
    publishing.schedule(article=article, by=editor, at=NOON + HOUR)
    publishing.schedule_end(article=article, by=editor, at=NOON + 2 * HOUR)
    clock.shift(24 * HOUR)
    timing.follow_up()
    assert told == [("went_live", "Second"), ("ended", "Second")]


@pytest.mark.django_db
def test_what_was_called_off_is_not_followed(clock, told):
    editor, article = make_user(role="Editor"), scheduled()
    publishing.cancel_schedule(article=article, by=editor)
    clock.shift(2 * HOUR)
    timing.follow_up()
    assert told == []
    assert entries(article) == []


@pytest.mark.django_db
def test_a_moment_its_revision_no_longer_has_is_skipped_for_good(clock, told):
    """As after a hand in the database: what stands in the period counts."""
    article = scheduled()
    Due.objects.update(at=NOON + HOUR / 2)
    clock.shift(2 * HOUR)
    timing.follow_up()
    assert told == []
    assert entries(article) == []
    assert not Due.objects.exists()


@pytest.mark.django_db
def test_a_story_that_changes_at_the_very_second_of_its_end_did_not_end(clock, told):
    editor, article = make_user(role="Editor"), make_article(headline="First")
    publishing.schedule_end(article=article, by=editor, at=NOON + HOUR)
    change_headline(article, "Second", by=editor)
    publishing.schedule(article=article, by=editor, at=NOON + HOUR)
    clock.shift(2 * HOUR)
    timing.follow_up()
    assert told == [("went_live", "Second")]


@pytest.mark.django_db
def test_after_a_crash_before_it_was_done_a_moment_is_recorded_once(clock, told, monkeypatch):
    """The entry is committed, the process dies while subscribers are told, and the next one finishes."""
    article = scheduled()
    clock.shift(2 * HOUR)

    def crash(due: Due) -> None:
        raise SystemExit

    monkeypatch.setattr(timing, "_subscribers", [*timing._subscribers, crash])
    with pytest.raises(SystemExit):
        timing.follow_up()
    assert Due.objects.get().done_at is None
    timing._subscribers.pop()
    timing.follow_up()
    assert entries(article) == [("went_live", NOON + HOUR)]
    assert told == [("went_live", "First")] * 2
    assert Due.objects.get().done_at == NOON + 2 * HOUR


@pytest.mark.django_db
def test_a_subscriber_that_fails_holds_up_no_other_moment_and_is_asked_again(clock, told, caplog):
    scheduled(headline="First")
    scheduled(headline="Second", at=NOON + 2 * HOUR)
    failures = ["First"]

    def fail(due: Due) -> None:
        if due.revision.headline in failures:
            raise RuntimeError("No network.")

    timing.subscribe(fail)
    clock.shift(3 * HOUR)
    with pytest.raises(timing.NotFollowed):
        timing.follow_up()
    assert "No network." in caplog.text
    assert Due.objects.filter(done_at=None).count() == 1
    failures.clear()
    timing.follow_up()
    assert [headline for _, headline in told] == ["First", "Second", "First"]
    assert Event.objects.filter(verb="went_live").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_follow_each_moment_once(told, monkeypatch):
    """Both look at the same second, and telling takes long enough for the other to come by."""
    articles = [scheduled(headline=f"Story {number}") for number in range(3)]
    monkeypatch.setattr(worker, "_jobs", {})
    timing.subscribe(lambda due: time.sleep(0.05))
    worker.job("follow planned moments", lambda: timing.follow_up(timezone.now() + 2 * HOUR), every=1)
    at_once(worker.run_round, worker.run_round)
    assert sorted(told) == [("went_live", f"Story {number}") for number in range(3)]
    assert [len(entries(article)) for article in articles] == [1, 1, 1]


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_moment_that_somebody_else_records_is_left_to_them(told):
    """PostgreSQL skips the locked row; SQLite has none, and one writer at a time anyway."""
    scheduled()
    due = Due.objects.select_for_update()
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                list(due.all())
                held.set()
                done.wait(10)
        finally:
            connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    timing.follow_up(timezone.now() + 2 * HOUR)
    done.set()
    thread.join()
    assert told == []


@pytest.mark.django_db
def test_stories_published_the_usual_way_leave_nothing_overdue():
    """Neither a live story, nor one given a date in the past, waits for the worker."""
    make_article()
    make_article(at=timezone.now() - 24 * HOUR)
    assert not Due.objects.exists()
    assert timing.overdue() == 0


# Whether it works


@pytest.mark.django_db
def test_a_moment_is_overdue_when_five_minutes_have_passed(clock):
    scheduled()
    clock.shift(HOUR + dt.timedelta(minutes=4, seconds=59))
    assert timing.overdue() == 0
    clock.shift(1)
    assert timing.overdue() == 1


@pytest.mark.django_db
def test_the_newsroom_hears_of_a_worker_that_never_ran_or_fell_silent(clock, django_assert_num_queries):
    assert timing.trouble() == "The worker has never run. Stories still appear on time."
    worker.run_round()
    assert timing.trouble() == ""
    clock.shift(HOUR)
    with django_assert_num_queries(2):
        sentence = timing.trouble()
    assert sentence == (
        "The worker has been silent since 24 November 2026, 12:00 UTC. Stories still appear on time."
    )


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "words"), [(1, "1 planned moment waits"), (2, "2 planned moments wait")])
def test_the_newsroom_hears_of_what_is_overdue(clock, number, words):
    for _ in range(number):
        scheduled()
    clock.shift(2 * HOUR)
    assert words in timing.trouble()
    Heartbeat.objects.create(name=worker.WORKER, beat_at=timezone.now())
    assert timing.trouble() == f"The worker runs, but {words} for what follows. Its log says why."


def test_the_articles_tell_the_worker_their_jobs_and_operators_what_is_late(client, db):
    names = {
        "follow planned moments",
        "render stale stories",
        "thin old autosaves",
        "forget closed forms",
    }
    assert names <= set(worker._jobs)
    assert client.get("/readyz").json()["overdue"] == 0
