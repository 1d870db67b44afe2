"""Corrections: added in two clicks from a live story's form, shown on the story and on /corrections/."""

import datetime as dt
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from articles import publishing
from articles.models import Article, Correction, Event
from tests.factories import change_headline, make_article, make_draft, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def editor():
    return make_user(role="Editor")


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_of(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/correct/"


def correct(article: Article, text: str, *, by, kind: str = "correction", ago: int = 0) -> Correction:
    """A correction made so many days ago."""
    made = publishing.correct(article=article, by=by, kind=kind, text=text)
    Correction.objects.filter(pk=made.pk).update(made_at=timezone.now() - dt.timedelta(days=ago))
    return made


def listed(address: str = "/corrections/") -> str:
    cache.clear()
    response = Client().get(address)
    assert response.status_code == 200, address
    return response.content.decode()


# Adding one


def test_a_correction_is_added_from_the_form_and_stands_on_the_story(editor):
    article = make_article(headline="Wrong by a factor")
    client = client_of(editor)
    assert "Wrong by a factor" in client.get(form_of(article)).content.decode()
    said = {"kind": "clarification", "text": "It is 12, not 120."}
    answer = client.post(form_of(article), said, follow=True)
    made = Correction.objects.get()
    link = f"{article.get_absolute_url()}#correction-{made.pk}"
    assert answer.redirect_chain == [(f"/admin/articles/article/{article.pk}/change/", 302)]
    assert f'Clarification added. <a href="{link}">' in answer.content.decode()
    story = Client().get(article.get_absolute_url()).content.decode()
    assert f'id="correction-{made.pk}"' in story
    assert "It is 12, not 120." in story
    event = Event.objects.get(article=article, verb=Event.Verb.CORRECTED)
    assert (event.by, event.note) == (editor, "It is 12, not 120.")


def test_a_correction_without_words_is_asked_for_them_and_keeps_its_kind(editor):
    article = make_article()
    page = client_of(editor).post(form_of(article), {"kind": "update", "text": " "}).content.decode()
    assert "Say what was wrong, and what is right." in page
    assert re.findall(r'name="kind" value="(\w+)"[^>]*checked', page) == ["update"]
    assert not Correction.objects.exists()


def test_a_correction_is_shown_as_it_will_appear_before_it_is_added(editor):
    said = {"kind": "update", "text": "<b>Twelve</b> " + "x" * 1_300}  # too long
    page = client_of(editor).post(form_of(make_article()), said).content.decode()
    line = page[page.index("correction-line") :]
    assert "Update" in line
    assert "&lt;b&gt;Twelve&lt;/b&gt;" in line
    assert not Correction.objects.exists()


def test_pressing_twice_adds_one_correction(editor):
    article, client = make_article(), client_of(editor)
    for _ in range(2):
        page = client.post(form_of(article), {"kind": "correction", "text": "Twelve."}, follow=True)
    assert Correction.objects.count() == 1
    assert "The story has this correction already." in page.content.decode()


@pytest.mark.parametrize("role", ["Writer", "Moderator"])
def test_only_an_editor_corrects(role):
    article, client = make_article(), client_of(make_user(role=role))
    assert client.get(form_of(article)).status_code == 403
    assert client.post(form_of(article), {"kind": "correction", "text": "Mine."}).status_code == 403
    assert not Correction.objects.exists()


def test_what_readers_do_not_see_is_not_corrected(editor):
    draft, client = make_draft(), client_of(editor)
    for answer in (
        client.get(form_of(draft), follow=True),
        client.post(form_of(draft), {"kind": "correction", "text": "Twelve."}, follow=True),
    ):
        assert "Nothing to correct: readers do not see this story now." in answer.content.decode()
    assert not Correction.objects.exists()
    assert client.get(form_of(Article(pk=999_999))).status_code == 404


# The page


def test_every_correction_of_a_live_story_is_listed_by_month_newest_first(editor):
    first = make_article(headline="First story", by=editor)
    second = make_article(headline="Second story", by=editor)
    old = correct(first, "An old mistake.", by=editor, ago=400)
    new = correct(second, "A new one.", by=editor, kind="retraction")
    page = listed()
    assert page.index("A new one.") < page.index("An old mistake.")
    assert "Retraction" in page
    for made, article in ((old, first), (new, second)):
        assert f'href="{article.get_absolute_url()}#correction-{made.pk}"' in page
    months = re.findall(r'<h2 class="day">([^<]+)</h2>', page)
    then = timezone.localtime() - dt.timedelta(days=400)
    assert months == [f"{day:%B %Y}" for day in (timezone.localtime(), then)]


def test_no_correction_of_a_story_that_is_not_live_is_listed(editor):
    off = make_article(headline="Taken off", by=editor)
    correct(off, "Off-words", by=editor)
    publishing.unpublish(article=off, by=editor)
    planned = make_draft(headline="Planned")
    correct(planned, "Planned-words", by=editor)
    publishing.schedule(article=planned, by=editor, at=timezone.now() + dt.timedelta(hours=1))
    page = listed()
    assert not re.search(r"Off-words|Planned-words|Taken off", page)
    assert "No story on the site carries a correction." in page


def test_a_correction_stands_under_the_headline_readers_see(editor):
    article = make_article(headline="As published", by=editor)
    correct(article, "Twelve.", by=editor)
    change_headline(article, "As rewritten", by=editor)
    page = listed()
    assert "As published" in page
    assert "As rewritten" not in page


def test_the_list_goes_on_and_ends(editor, settings):
    settings.PULSE_PAGE_SIZE = 2
    article = make_article(by=editor)
    for number in range(5):
        correct(article, f"Mistake {number}.", by=editor, ago=5 - number)
    assert "Mistake 4." in (first := listed())
    assert "Older corrections" in first
    last = listed("/corrections/?page=3")
    assert "Mistake 0." in last
    assert "Newer corrections" in last
    assert 'rel="canonical" href="http://testserver/corrections/?page=3"' in last
    for wrong in ("4", "0", "x", ""):
        assert Client().get(f"/corrections/?page={wrong}").status_code == 404
    assert Client().get("/corrections/?page=1")["Location"] == "/corrections/"


def test_the_page_has_one_heading_a_description_and_its_address_and_the_footer_leads_there():
    page = listed()
    assert len(re.findall("<h1", page)) == 1
    assert '<meta name="description" content="What The Pulse got wrong' in page
    assert 'rel="canonical" href="http://testserver/corrections/"' in page
    assert 'href="/corrections/"' in listed("/")


def test_the_page_takes_at_most_five_queries(editor, django_assert_max_num_queries):
    for number in range(6):
        correct(make_article(by=editor), f"Mistake {number}.", by=editor)
    cache.clear()
    with django_assert_max_num_queries(5):
        assert Client().get("/corrections/").status_code == 200
