"""What to read next: near by terms and topics, the rarer the nearer; only what readers see."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing
from articles.models import Revision
from articles.related import read_next, relate
from tests.factories import change_headline, make_article, make_section, make_term, make_topic, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LONG_AGO = dt.timedelta(days=400)


def related(article) -> list[str]:
    """The headlines that would be stored if the story were published now."""
    revision = article.live_revision()
    relate(revision)
    found = dict(Revision.objects.live().values_list("article", "headline"))
    return [found[pk] for pk in revision.related]


def test_stories_are_near_that_share_terms_and_topics_and_the_nearest_comes_first():
    term, topic = make_term(), make_topic()
    make_article(headline="Topic only", topics=[topic])
    make_article(headline="Both", terms=[term], topics=[topic])
    make_article(headline="Nothing in common")
    assert related(make_article(terms=[term], topics=[topic])) == ["Both", "Topic only"]


def test_a_rare_term_says_more_than_a_common_one():
    rare, common = make_term(), make_term()
    make_article(headline="Rare", terms=[rare], at=timezone.now() - LONG_AGO)
    for _ in range(6):
        make_article(headline="Common", terms=[common])
    assert related(make_article(terms=[rare, common]))[0] == "Rare"


def test_of_two_equally_near_the_newer_comes_first():
    term, editor, now = make_term(), make_user(role="Editor"), timezone.now()
    for name, age in [("Old", LONG_AGO), ("New", dt.timedelta(days=1))]:
        make_article(headline=name, terms=[term], by=editor, at=now - age)
    assert related(make_article(terms=[term])) == ["New", "Old"]


def test_the_same_section_counts_a_little_and_less_than_a_term():
    section, term = make_section(), make_term()
    make_article(headline="Same section", section=section)
    make_article(headline="Same term", terms=[term], at=timezone.now() - LONG_AGO)
    assert related(make_article(section=section, terms=[term])) == ["Same term", "Same section"]


def test_at_most_four_are_kept_and_never_the_story_itself():
    term = make_term()
    articles = [make_article(terms=[term]) for _ in range(7)]
    change_headline(articles[0], "Again")
    publishing.publish(article=articles[0], by=make_user(role="Editor"))
    revision = articles[0].live_revision()
    relate(revision)
    assert len(revision.related) == 4
    assert articles[0].pk not in revision.related


def test_the_same_stories_give_the_same_answer():
    term, at = make_term(), timezone.now() - dt.timedelta(days=1)
    for _ in range(6):
        make_article(terms=[term], at=at)
    article = make_article(terms=[term])
    assert related(article) == related(article)


def test_publishing_stores_what_is_near_and_leaves_the_lists_of_other_stories_alone():
    term = make_term()
    first = make_article(terms=[term])
    before = first.live_revision().related
    second = make_article(terms=[term])
    assert second.live_revision().related == [first.pk]
    assert first.live_revision().related == before


def test_only_stories_that_readers_see_are_found_or_shown():
    term, editor = make_term(), make_user(role="Editor")
    make_article(headline="Later", terms=[term], at=timezone.now() + dt.timedelta(days=1))
    gone, here = (make_article(headline=name, terms=[term]) for name in ("Gone", "Here"))
    article = make_article(terms=[term])
    assert sorted(related(article)) == ["Gone", "Here"]
    publishing.withdraw(article=gone, by=editor)
    revision = article.live_revision()
    revision.related = [gone.pk, here.pk]
    revision.save()
    assert [story.headline for story in read_next(revision)] == ["Here"]
    html = Client().get(article.get_absolute_url()).content.decode()
    assert ">Here</a></h3>" in html
    assert "Gone" not in html


def test_a_story_with_nothing_near_has_no_read_next():
    assert "Read next" not in Client().get(make_article().get_absolute_url()).content.decode()


def test_the_cost_is_a_query_a_list_however_many_stories_stand_on_it(settings):
    settings.PULSE_RELATED_CANDIDATES = 3
    terms, topic = [make_term(), make_term()], make_topic()
    article = make_article(terms=terms, topics=[topic])

    def cost() -> int:
        revision = article.live_revision()
        with CaptureQueriesContext(connection) as captured:
            relate(revision)
        assert all("LIMIT 3" in query["sql"] for query in captured.captured_queries[:-1])
        return len(captured)

    assert cost() == 2 + 1 + 1 + 1  # terms, topic, section, and which articles these are
    for _ in range(5):
        make_article(terms=terms, topics=[topic])
    assert cost() == 5
