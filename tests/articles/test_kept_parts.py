"""The parts kept of a story's page and of the front page: when they are made, and until when they hold."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from articles import discussions, publishing, serving
from articles.composing import FRONT_TOP
from comments import writing
from glossary.models import Term
from pulse import edition, parts
from pulse.models import Change, Part
from tests.articles.kept import is_kept, keep_all, pages_of, queries
from tests.articles.test_kept_pages import correct_term
from tests.factories import change_headline, make_article

pytestmark = pytest.mark.django_db


def test_kept_pages_are_byte_for_byte_what_the_templates_make(here, assert_right):
    address = here.story.get_absolute_url()
    assert is_kept(address)
    assert is_kept("/")
    assert_right(
        address, f"{address}?utm_source=a&b='\"<", f"{address}?comments=1", here.other.get_absolute_url()
    )
    assert_right("/", "/?utm_source=a%20b")


def test_numbers_of_comments_and_the_age_of_one_need_no_page_made_again(here, assert_right):
    address = here.story.get_absolute_url()
    writing.post(article=here.other, by=here.reader, body="First.", key="first")
    assert is_kept("/")
    assert_right("/")
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=90), tick=False):
        assert is_kept(address)
        assert "1 hour ago" in Client().get(address).content.decode()
        assert_right(address, "/")
    with time_machine.travel(timezone.now() + dt.timedelta(days=2), tick=False):
        assert_right(address, "/")


def test_what_goes_live_by_the_clock_is_there_at_its_second(here, assert_right):
    soon = timezone.now() + dt.timedelta(minutes=10)
    change_headline(here.other, "Light forgets nothing", by=here.editor)
    publishing.schedule(article=here.other, by=here.editor, at=soon)
    keep_all()
    for wait in (-1, 0, 1):
        with time_machine.travel(soon + dt.timedelta(seconds=wait), tick=False):
            assert_right(*pages_of(here))
            assert ("nothing" in Client().get("/").content.decode()) is (wait >= 0)
            assert ("nothing" in Client().get(pages_of(here)[0]).content.decode()) is (wait >= 0)


@pytest.mark.once
def test_a_discussion_closes_at_its_second(here, assert_right):
    soon, address = timezone.now() + dt.timedelta(minutes=10), here.story.get_absolute_url()
    discussions.change_discussion(
        article=here.story, discussion="open", by=here.editor, closes="at", closes_at=soon
    )
    keep_all()
    for wait in (-1, 0):
        with time_machine.travel(soon + dt.timedelta(seconds=wait), tick=False):
            assert ("Sign in to join" in Client().get(address).content.decode()) is (wait < 0)
            assert_right(address)


@pytest.mark.once
def test_what_ends_by_the_clock_is_gone_at_its_second(here, assert_right):
    soon = timezone.now() + dt.timedelta(minutes=10)
    publishing.schedule_end(article=here.other, by=here.editor, at=soon)
    keep_all()
    for wait in (-1, 0):
        with time_machine.travel(soon + dt.timedelta(seconds=wait), tick=False):
            assert_right(*pages_of(here))
    with time_machine.travel(soon, tick=False):
        assert Client().get(here.other.get_absolute_url()).status_code == 404
        keep_all()
    revision = here.other.revisions.exclude(live_from=None).get()
    assert not Part.objects.filter(kind="story", of=revision.pk).exists()


@pytest.mark.once
def test_a_story_says_its_age_from_its_birthday_on(here, assert_right):
    address = here.story.get_absolute_url()
    born = timezone.localtime(here.story.live_revision().first_published_at)
    birthday = born.replace(year=born.year + 1, hour=0, minute=0, second=0, microsecond=0)
    for wait in (-1, 0):
        with time_machine.travel(birthday + dt.timedelta(seconds=wait), tick=False):
            assert ("1 year old" in Client().get(address).content.decode()) is (wait == 0)
            assert_right(address)


@pytest.mark.once
def test_another_edition_of_the_site_makes_its_own_pages(here, assert_right, monkeypatch):
    address = here.story.get_absolute_url()
    for module in (parts, serving):
        monkeypatch.setattr(module, "edition", lambda: "the next")
    assert not is_kept(address)
    assert not is_kept("/")
    keep_all()
    assert is_kept(address)
    assert_right(address, "/")
    assert set(Part.objects.values_list("edition", flat=True)) == {"the next"}


def test_an_edition_is_known_by_its_code_its_templates_and_its_settings(settings):
    this = edition.edition.__wrapped__()
    assert edition.edition.__wrapped__() == this
    settings.BASE_URL = "https://elsewhere.example"
    assert edition.edition.__wrapped__() != this


def test_a_change_while_a_page_is_made_is_not_missed(here, assert_right, monkeypatch):
    """It is committed after the page was read and before it is kept."""
    revision = here.story.live_revision()
    keep = parts._keep

    def late(*args: Any) -> None:
        correct_term(here)
        keep(*args)

    monkeypatch.setattr(parts, "_keep", late)
    parts.make("story", revision.pk)
    assert not is_kept(here.story.get_absolute_url())
    assert_right(here.story.get_absolute_url())


@pytest.mark.once
def test_what_an_earlier_release_changes_meanwhile_is_noticed_by_the_worker(here, assert_right):
    Term.objects.filter(pk=here.term.pk).update(definition="Another.")
    Change.objects.create(tags=f"term:{here.term.pk}")  # all that it wrote
    keep_all()
    assert_right(here.story.get_absolute_url())
    assert is_kept(here.story.get_absolute_url())


def test_a_page_is_kept_as_soon_as_it_is_published(settings, django_capture_on_commit_callbacks):
    settings.PULSE_COMPOSE_AT_ONCE = True
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article()
    assert is_kept(article.get_absolute_url())
    assert Part.objects.filter(kind="story").count() == 1


@pytest.mark.once
def test_a_part_that_cannot_be_made_is_made_for_each_reader(here, monkeypatch, caplog):
    monkeypatch.setattr("articles.composing.news_article", lambda story: 1 / 0)
    assert not parts.make("story", here.story.live_revision().pk)
    monkeypatch.undo()
    assert "cannot be made" in caplog.text
    assert Client().get(here.story.get_absolute_url()).status_code == 200


@pytest.mark.once
def test_somebody_signed_in_gets_no_kept_page(here):
    client = Client()
    client.force_login(here.reader)
    for address in pages_of(here):
        html = client.get(address).content.decode()
        assert "Iris" in html
        assert "Sign in</a>" not in html


def test_a_kept_page_asks_the_database_once_and_the_front_page_three_times(here):
    address = here.story.get_absolute_url()
    assert queries(address) == 1 + len(["masthead", "footer"])  # which the process keeps
    assert queries(address) == 1
    for number in range(FRONT_TOP):  # so many that there is a river, and what is discussed most beside it
        make_article(headline=f"Story {number}", by=here.editor)
    keep_all()
    queries("/")
    assert queries("/") == 3


@pytest.mark.once
def test_nothing_is_kept_while_templates_are_being_changed(here, settings):
    settings.DEBUG = True
    assert not is_kept(here.story.get_absolute_url())


@pytest.mark.once
def test_a_command_makes_what_is_missing(here, capsys):
    Part.objects.all().delete()
    call_command("compose", "--quiet", "--limit", "1")
    call_command("compose", "--quiet")
    assert "missing" in capsys.readouterr().out
    assert is_kept(here.story.get_absolute_url())
    assert parts.missing() == []


def test_a_publication_without_stories_has_a_kept_front_page_too():
    """As after installing, with the worker running."""
    keep_all()
    for _ in range(2):
        assert Client().get("/").status_code == 200
    assert is_kept("/")
