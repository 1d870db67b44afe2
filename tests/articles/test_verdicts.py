"""Outlooks: which are due for a verdict, as readers see them, and who gives it."""

import datetime as dt
import re

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import editing, publishing
from articles.content import snapshot
from articles.models import Article, Event, Impact, Verdict
from articles.verdicts import DUE, due_outlooks, give_verdict
from pulse import parts
from pulse.moments import next_midnight
from tests.factories import make_article, make_draft, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY = dt.timedelta(0)


@pytest.fixture
def editor():
    return make_user(role="Editor")


def with_outlook(text: str = "It will matter.", *, ago: dt.timedelta = TODAY, live: bool = True) -> Impact:
    """The outlook of a story, for a day so long ago."""
    article = make_draft(headline=f"Story: {text}", impacts=[(["Market"], "It matters now.")])
    horizon = timezone.localdate() - ago
    impact = Impact.objects.create(article=article, text=text, horizon_on=horizon, test="Sales double.")
    by = make_user(role="Editor")
    editing.save_revision(article=article, by=by)
    if live:
        publishing.publish(article=article, by=by)
    return impact


def due() -> list[str]:
    return [outlook.text for outlook in due_outlooks(99).first]


def page_of(impact: Impact) -> str:
    return f"/admin/articles/article/{impact.article_id}/outlooks/{impact.pk}/"


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_outlook_is_due_from_its_day_on_longest_first():
    with_outlook("Today.")
    with_outlook("Last year.", ago=dt.timedelta(days=400))
    with_outlook("Tomorrow.", ago=dt.timedelta(days=-1))
    assert due() == ["Last year.", "Today."]


def test_only_live_stories_have_outlooks_due(editor):
    with_outlook("A draft’s.", live=False)
    taken_off = with_outlook("Taken off.")
    publishing.unpublish(article=taken_off.article, by=editor)
    planned = with_outlook("Planned.", live=False)
    publishing.schedule(article=planned.article, by=editor, at=timezone.now() + dt.timedelta(days=1))
    assert due() == []


def test_what_readers_see_is_judged_not_what_the_draft_says(editor):
    impact = with_outlook("As published.")
    later = timezone.localdate() + dt.timedelta(days=99)
    Impact.objects.filter(pk=impact.pk).update(text="As reworded.", horizon_on=later)
    editing.save_revision(article=impact.article, by=editor)
    assert due() == ["As published."]
    publishing.publish(article=Article.objects.get(pk=impact.article_id), by=editor)
    assert due() == []


@pytest.mark.parametrize("outcome", ["right", "partly", "wrong"])
def test_a_verdict_settles_an_outlook(editor, outcome):
    impact = with_outlook()
    give_verdict(impact=impact, outcome=outcome, evidence="See the report.", by=editor)
    assert due() == []


def test_too_early_is_asked_again_after_half_a_year(editor):
    impact = with_outlook(ago=dt.timedelta(days=400))
    verdict = give_verdict(impact=impact, outcome="too_early", evidence="No figures yet.", by=editor)
    assert due() == []
    for days, is_due in ((179, False), (180, True)):
        Verdict.objects.filter(pk=verdict.pk).update(given_on=timezone.localdate() - dt.timedelta(days=days))
        assert bool(due()) == is_due, days
    give_verdict(impact=impact, outcome="wrong", evidence="They fell.", by=editor)
    assert due() == []


def test_a_verdict_is_recorded_with_who_and_why(editor):
    impact = with_outlook()
    give_verdict(impact=impact, outcome="partly", evidence=" Sales rose by half. ", by=editor)
    event = Event.objects.get(article=impact.article, verb="judged")
    assert (event.by, event.note) == (editor, "Partly right: Sales rose by half.")


def test_the_same_verdict_sent_twice_is_given_once(editor):
    impact = with_outlook()
    for _ in range(2):
        give_verdict(impact=impact, outcome="right", evidence="It did.", by=editor)
    assert impact.verdicts.count() == 1


def test_a_verdict_needs_evidence_and_a_known_outcome(editor):
    impact = with_outlook()
    for outcome, evidence in (("right", "  "), ("splendid", "It did.")):
        with pytest.raises(ValidationError):
            give_verdict(impact=impact, outcome=outcome, evidence=evidence, by=editor)
    assert not Verdict.objects.exists()


def test_an_outlook_readers_do_not_see_cannot_be_judged(editor):
    hidden = with_outlook(live=False)
    present = make_article(impacts=[(["Market"], "Now.")]).impacts.get()
    for impact in (hidden, present):
        with pytest.raises(editing.NotPublishable):
            give_verdict(impact=impact, outcome="right", evidence="It did.", by=editor)
        assert client_of(editor).get(page_of(impact)).status_code == 404


@pytest.mark.parametrize("role", ["Writer", "Moderator"])
def test_only_editors_judge(role):
    impact = with_outlook()
    somebody = make_user(role=role)
    with pytest.raises(PermissionDenied):
        give_verdict(impact=impact, outcome="right", evidence="It did.", by=somebody)
    client = client_of(somebody)
    assert client.get("/admin/articles/article/outlooks/").status_code == 403
    assert client.get(page_of(impact)).status_code == 403
    assert client.post(page_of(impact), {"outcome": "right", "evidence": "x"}).status_code == 403
    assert not Verdict.objects.exists()


def test_an_editor_gives_a_verdict_from_the_list(editor):
    impact = with_outlook("Prices halve.")
    client = client_of(editor)
    page = client.get("/admin/articles/article/outlooks/").content.decode()
    assert page_of(impact) in page
    assert "Right if: Sales double." in page
    answer = client.post(page_of(impact), {"outcome": "wrong", "evidence": "They doubled."}, follow=True)
    page = answer.content.decode()
    assert "Verdict given: wrong." in page
    assert "No outlook waits." in page
    assert "They doubled." in page  # judged lately


def test_a_verdict_without_evidence_is_asked_for_and_keeps_the_choice(editor):
    impact = with_outlook()
    page = client_of(editor).post(page_of(impact), {"outcome": "wrong", "evidence": ""}).content.decode()
    assert "Say what happened, and where that can be read." in page
    assert re.findall(r'name="outcome" value="(\w+)"[^>]*checked', page) == ["wrong"]


def test_an_outlook_that_the_draft_dropped_stays_on_the_list_and_says_so(editor):
    impact = with_outlook("Dropped.")
    article = impact.article
    impact.delete()
    editing.save_revision(article=article, by=editor)
    page = client_of(editor).get("/admin/articles/article/outlooks/").content.decode()
    assert "Dropped." in page
    assert "The draft has dropped it." in page
    assert f"/admin/articles/article/{article.pk}/compare/" in page
    publishing.publish(article=Article.objects.get(pk=article.pk), by=editor)
    assert due() == []


def test_the_list_costs_three_queries_with_one_outlook_and_with_many(django_assert_num_queries):
    with_outlook()
    parts.make(DUE.name)
    with django_assert_num_queries(3):
        due_outlooks(2)
    for number in range(5):
        with_outlook(f"Outlook {number}.")
    parts.make(DUE.name)
    with django_assert_num_queries(3):
        first, number = due_outlooks(2)
    assert (len(first), number) == (2, 6)


def test_the_number_due_is_kept_until_something_changes_it(editor):
    """Whatever that is: a verdict, another outlook for the same day, a draft that drops what was judged, or
    the story itself. The desk says at once what is true, kept or not."""
    first, other = with_outlook("First."), with_outlook("Other.")

    def now_due() -> list[str]:
        found = due()
        assert parts.make(DUE.name)
        with CaptureQueriesContext(connection) as captured:
            assert due() == found
        assert len(captured) == 3
        return found

    assert now_due() == ["First.", "Other."]
    give_verdict(impact=first, outcome="right", evidence="It did.", by=editor)
    assert now_due() == ["Other."]
    Impact.objects.create(article=other.article, text="The same day.", horizon_on=other.horizon_on)
    editing.save_revision(article=other.article, by=editor)
    assert now_due() == ["Other."]
    publishing.publish(article=Article.objects.get(pk=other.article_id), by=editor)
    assert now_due() == ["Other.", "The same day."]
    content = snapshot(first.article)
    content["impacts"] = [impact for impact in content["impacts"] if impact["id"] != first.pk]
    editing.save_draft(article=Article.objects.get(pk=first.article_id), content=content, by=editor)
    assert now_due() == ["First.", "Other.", "The same day."]
    publishing.unpublish(article=Article.objects.get(pk=other.article_id), by=editor)
    assert now_due() == ["First."]


def test_an_outlook_is_due_at_midnight_though_the_number_is_kept():
    with_outlook("Tomorrow.", ago=dt.timedelta(days=-1))
    assert parts.make(DUE.name)
    assert due() == []
    with time_machine.travel(next_midnight(timezone.now()), tick=False):
        assert due() == ["Tomorrow."]
