"""Old autosaves are thinned to the last of each day, and what anybody relies on stays."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone

from articles import editing, publishing, thinning
from articles.models import Article, PreviewLink, Revision, Sitting
from tests.factories import make_article, make_draft, make_user

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def autosave(article: Article, *, ago: dt.timedelta, **fields: Any) -> Revision:
    """An autosave of some time ago, one of its own each time."""
    number = article.revisions.latest().number + 1
    return Revision.objects.create(
        article=article,
        number=number,
        content={**article.revisions.latest().content, "headline": f"Headline {number}"},
        created_at=timezone.now() - ago,
        **{"is_autosave": True, **fields},
    )


def written_over_days() -> tuple[Article, list[Revision]]:
    """A draft autosaved three times a day, ten, nine and one day ago."""
    article = make_draft()
    hours = [dt.timedelta(hours=hour) for hour in (2, 1, 0)]
    return article, [autosave(article, ago=days * DAY + hour) for days in (10, 9, 1) for hour in hours]


def kept(article: Article, revisions: list[Revision]) -> list[int]:
    """Which of these are still there, by their place in the list."""
    there = set(article.revisions.values_list("pk", flat=True))
    return [place for place, revision in enumerate(revisions) if revision.pk in there]


def test_of_old_autosaves_the_last_of_each_day_stays():
    article, revisions = written_over_days()
    assert thinning.thin(article) == 4
    assert kept(article, revisions) == [2, 5, 6, 7, 8]
    assert article.revisions.filter(number=1).exists()
    assert thinning.thin(article) == 0


def test_a_day_is_the_newsrooms(settings):
    """23:30 and 00:30 in New York are one day in UTC and two in the newsroom."""
    settings.TIME_ZONE = "America/New_York"
    article = make_draft()
    night = NOON - 10 * DAY - dt.timedelta(hours=7)  # midnight there
    half = dt.timedelta(minutes=30)
    revisions = [
        autosave(article, ago=NOON - moment) for moment in (night - half, night + half, NOON - 9 * DAY)
    ]
    assert thinning.thin(article) == 0
    assert kept(article, revisions) == [0, 1, 2]


@pytest.mark.parametrize(
    "what", ["named", "saved by hand", "shown by a link", "live", "was live", "scheduled"]
)
def test_what_anybody_relies_on_is_never_thinned(what, clock):
    editor = make_user(role="Editor")
    article = make_article(by=editor, at=NOON - 20 * DAY)
    article.headline = "Relied on"
    article.save()
    revision = editing.save_revision(article=article, by=editor, is_autosave=True)
    match what:
        case "named":
            editing.name_revision(revision=revision, name="Before the cuts", by=editor)
        case "saved by hand":
            editing.save_revision(article=article, by=editor)
        case "shown by a link":
            PreviewLink.objects.create(article=article, revision=revision, expires_at=NOON + DAY)
        case "live" | "was live":
            publishing.publish(article=article, by=editor)
        case "scheduled":
            publishing.schedule(article=article, by=editor, at=NOON + 90 * DAY)
    if what == "was live":
        clock.shift(60)
        publishing.unpublish(article=article, by=editor)
    old = {"created_at": NOON - 10 * DAY, "is_autosave": what != "saved by hand"}
    Revision.objects.filter(pk=revision.pk).update(**old)  # as if the verbs had left the mark of an autosave
    for _ in range(2):
        autosave(article, ago=10 * DAY - dt.timedelta(hours=1))
    assert thinning.thin(article) == 1
    assert article.revisions.filter(pk=revision.pk).exists()


def test_the_newest_revision_is_never_thinned():
    article = make_draft()
    newest = [autosave(article, ago=30 * DAY) for _ in range(3)][-1]
    thinning.thin(article)
    assert article.revisions.latest() == newest


def test_articles_are_thinned_apart():
    """The last autosave of a day is each article's own."""
    one, of_one = written_over_days()
    other, of_other = written_over_days()
    other.revisions.update(number=F("number") + 100)
    assert thinning.thin(one) == 4
    assert kept(other, of_other) == list(range(9))
    assert thinning.thin_all() is False
    assert kept(other, of_other) == [2, 5, 6, 7, 8]
    assert kept(one, of_one) == [2, 5, 6, 7, 8]


def test_the_worker_thins_in_batches(monkeypatch):
    monkeypatch.setattr(thinning, "BATCH", 3)
    article, revisions = written_over_days()
    assert thinning.thin_all() is True
    assert len(kept(article, revisions)) == 6
    assert thinning.thin_all() is False
    assert kept(article, revisions) == [2, 5, 6, 7, 8]


def test_the_command_says_what_it_will_do_and_does_it(capsys):
    article, revisions = written_over_days()
    call_command("thin_revisions", "--dry-run")
    assert "Would delete 4 autosaves of 1 article, older than 7 days." in capsys.readouterr().out
    assert len(kept(article, revisions)) == 9
    call_command("thin_revisions", "--days=0")
    assert "Deleted 6." in capsys.readouterr().out
    assert kept(article, revisions) == [2, 5, 8]


def test_the_command_refuses_days_that_are_none():
    with pytest.raises(CommandError, match="from 0 upwards"):
        call_command("thin_revisions", "--days=-1")


def test_a_form_closed_long_ago_is_forgotten_and_its_revision_stays(settings):
    article, writer = make_draft(), make_user(role="Editor")
    sittings = [
        Sitting.objects.create(article=article, user=writer, seen_at=NOON - days * DAY, base={})
        for days in (31, 29)
    ]
    revision = autosave(article, ago=31 * DAY, sitting=sittings[0])
    thinning.forget_sittings()
    assert list(Sitting.objects.all()) == sittings[1:]
    revision.refresh_from_db()
    assert revision.sitting is None
