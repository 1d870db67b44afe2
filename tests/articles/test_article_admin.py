"""The article form as the newsroom uses it: drafts, publishing, refusals, two people at once."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from articles.models import Article, BriefingEntry, Impact, Lens
from tests.articles.forms import change_url, form, rows, signed_in, signed_in_as, stored_form, whole_form
from tests.factories import make_article, make_author, make_draft, make_term, make_user

pytestmark = [pytest.mark.once, pytest.mark.django_db]
ADD = "/admin/articles/article/add/"


def test_a_draft_may_be_saved_with_almost_nothing():
    response = signed_in("Writer").post(ADD, form(headline="A", _save="Save draft"))
    article = Article.objects.get()
    assert response["Location"] == change_url(article)
    assert article.live_revision() is None
    assert article.revisions.count() == 1


def test_a_draft_may_even_be_empty():
    signed_in("Writer").post(ADD, form(_save="Save draft"))
    assert Article.objects.get().slug.startswith("untitled-")


def test_an_untitled_draft_takes_its_address_from_the_headline_it_gets_later():
    client = signed_in("Writer")
    client.post(ADD, form(_save="Save draft"))
    article = Article.objects.get()
    client.post(
        change_url(article), form(headline="Now it has one", slug="", base_version=article.version, _save="1")
    )
    article.refresh_from_db()
    assert article.slug == "now-it-has-one"


def test_a_story_typed_by_hand_is_published_whole():
    response = signed_in().post(ADD, whole_form(_publish="Publish"), follow=True)
    article = Article.objects.get()
    assert "Published." in response.content.decode()
    html = Client().get(article.get_absolute_url()).content.decode()
    for text in ("Typed by hand", "<p>Four.</p>", "Market · Industry · Society", "Technical Briefing"):
        assert text in html
    assert article.briefing.count() == 3


def test_publishing_refuses_what_is_missing_beside_each_field_and_keeps_the_text():
    response = signed_in().post(ADD, form(dek="A kept sentence", _publish="Publish"))
    html = response.content.decode()
    assert response.status_code == 200
    for sentence in (
        "Write a headline.",
        "Write the TL;DR",
        "Write the story.",
        "Choose a section.",
        "Add at least one byline.",
    ):
        assert sentence in html
    assert "A kept sentence" in html
    assert not Article.objects.exists()


def test_scheduling_needs_a_time_in_the_future():
    client = signed_in()
    assert "Choose a day and a time" in client.post(ADD, whole_form(_schedule="1")).content.decode()
    past = (timezone.now() - dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    response = client.post(ADD, whole_form(publish_at=past, _schedule="1"))
    assert "This time has passed" in response.content.decode()
    assert not Article.objects.exists()


def test_a_scheduled_story_says_when_and_is_not_public_yet():
    later = timezone.now() + dt.timedelta(days=2)
    response = signed_in().post(
        ADD, whole_form(publish_at=later.strftime("%Y-%m-%dT%H:%M"), _schedule="1"), follow=True
    )
    article = Article.objects.get()
    assert "Scheduled for" in response.content.decode()
    assert Client().get(article.get_absolute_url()).status_code == 404
    assert article.scheduled_revision() is not None


def test_the_schedule_can_be_cancelled_from_the_form():
    client = signed_in()
    later = (timezone.now() + dt.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    client.post(ADD, whole_form(publish_at=later, _schedule="1"))
    article = Article.objects.get()
    client.post(change_url(article), stored_form(article, _cancel_schedule="1"))
    assert article.scheduled_revision() is None


def test_saving_a_draft_of_a_live_story_changes_nothing_for_readers_until_it_is_published():
    article, client = make_article(headline="First"), signed_in()
    client.post(change_url(article), stored_form(article, headline="Second", _save="1"))
    assert article.live_revision().headline == "First"
    client.post(change_url(article), stored_form(article, _publish="1"))
    assert article.live_revision().headline == "Second"


def test_unpublishing_takes_the_story_off_the_site():
    article = make_article()
    signed_in().post(change_url(article), stored_form(article, _unpublish="1"))
    assert Client().get(article.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("button", ["_publish", "_unpublish", "_cancel_schedule"])
def test_a_writer_sees_no_publishing_button_and_is_refused_if_they_send_it(button):
    article, client = make_article(), signed_in("Writer")
    html = client.get(change_url(article)).content.decode()
    assert f'name="{button}"' not in html
    assert client.post(change_url(article), stored_form(article, **{button: "1"})).status_code == 403
    assert article.live_revision() is not None


@pytest.mark.parametrize("somebody", ["reader", "moderator", "anonymous"])
def test_nobody_else_may_write(somebody):
    article = make_draft()
    client = {
        "reader": lambda: signed_in(None),
        "moderator": lambda: signed_in("Moderator"),
        "anonymous": Client,
    }[somebody]()
    for address in (ADD, change_url(article)):
        assert client.post(address, form(headline="Mine now", _save="1")).status_code in {302, 403}
    assert not Article.objects.filter(headline="Mine now").exists()


def test_an_address_that_another_story_had_is_refused_with_a_sentence():
    make_article(headline="Taken")
    response = signed_in().post(ADD, form(headline="Other", slug="taken", _save="1"))
    assert "Another story has, or had, this address" in response.content.decode()


def test_a_short_tldr_is_a_warning_and_no_error():
    response = signed_in().post(ADD, whole_form(tldr="Too short.", _publish="1"), follow=True)
    html = response.content.decode()
    assert "outside the house style of 25 to 60 words" in html
    assert Article.objects.get().live_revision() is not None


def test_a_control_character_is_refused_and_nothing_typed_is_lost():
    response = signed_in().post(ADD, form(headline="Bad\x0bchar", body="A long text.", _save="1"))
    html = response.content.decode()
    assert "control character" in html
    assert "A long text." in html


def test_a_text_over_the_limit_is_refused_and_kept(settings):
    body = "x" * (settings.PULSE_MAX_BODY_CHARS + 1)
    response = signed_in().post(ADD, form(body=body, _save="1"))
    assert response.status_code == 200
    assert body in response.content.decode()
    assert not Article.objects.exists()


# Two people


def test_the_second_of_two_saves_is_refused_with_both_texts_shown():
    article = make_draft(headline="Start")
    opened_by_both = stored_form(article)
    ada, ben = signed_in("Editor", name="Ada"), signed_in("Editor", name="Ben")
    ada.post(change_url(article), opened_by_both | {"headline": "Adas words", "_save": "1"})
    response = ben.post(change_url(article), opened_by_both | {"headline": "Bens words", "_save": "1"})
    html = response.content.decode()
    assert "Ada changed the same text while you were writing" in html
    assert "<del>Adas</del><ins>Bens</ins>" in html
    assert 'value="Bens words"' in html
    article.refresh_from_db()
    assert article.headline == "Adas words"


def test_after_seeing_both_texts_the_second_save_goes_through_and_the_first_stays_in_history():
    article = make_draft(headline="Start")
    opened = stored_form(article)
    ada, ben = signed_in(), signed_in()
    ada.post(change_url(article), opened | {"headline": "Adas words", "_save": "1"})
    refused = ben.post(change_url(article), opened | {"headline": "Bens words", "_save": "1"})
    version = refused.context["adminform"].form["base_version"].value()
    ben.post(change_url(article), opened | {"headline": "Bens words", "base_version": version, "_save": "1"})
    article.refresh_from_db()
    assert article.headline == "Bens words"
    assert [revision.content["headline"] for revision in article.revisions.all()] == [
        "Bens words",
        "Adas words",
        "Start",
    ]


def test_impacts_typed_by_the_second_are_kept_even_if_the_first_deleted_their_rows():
    article = make_draft(impacts=[(["Market"], "Original.")])
    opened = stored_form(article)
    lens = Lens.objects.get(name="Market").pk
    Impact.objects.all().delete()
    Article.objects.filter(pk=article.pk).update(version=7)
    impact = rows(
        "impacts",
        [{"id": opened["impacts-0-id"], "article": article.pk, "text": "My words.", "lenses": [lens]}],
        1,
    )
    client = signed_in()
    refused = client.post(change_url(article), opened | impact | {"_save": "1"})
    assert "My words." in refused.content.decode()
    client.post(change_url(article), opened | impact | {"base_version": "7", "_save": "1"})
    assert [row.text for row in article.impacts.all()] == ["My words."]


def test_saving_twice_in_a_row_from_one_page_is_no_conflict_after_the_redirect():
    article, client = make_draft(), signed_in()
    for headline in ("One", "Two"):
        response = client.post(change_url(article), stored_form(article, headline=headline, _save="1"))
        assert response.status_code == 302


# Order, preview, history


def test_briefing_terms_keep_the_order_they_were_given():
    article, terms = make_draft(), [make_term() for _ in range(3)]
    entries = [{"term": term.pk, "position": 2 - index} for index, term in enumerate(terms)]
    signed_in().post(change_url(article), stored_form(article) | rows("briefing", entries) | {"_save": "1"})
    assert [entry.term for entry in BriefingEntry.objects.filter(article=article)] == terms[::-1]


def test_preview_saves_and_shows_the_draft_on_the_public_page():
    client = signed_in("Writer")
    response = client.post(ADD, form(headline="Not yet public", body="Soon.", _preview="1"), follow=True)
    html = response.content.decode()
    assert "Not yet public" in html
    assert "<p>Soon.</p>" in html
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]


def test_the_live_preview_is_drawn_by_the_public_renderer():
    term = make_term(name="prefill", slug="prefill")
    data = {
        "headline": "Now",
        "tldr": "Short.",
        "body": "First prefill, then <script>x</script>.",
        **rows("briefing", [{"term": term.pk}]),
    }
    html = signed_in("Writer").post("/admin/articles/article/live-preview/", data).content.decode()
    assert 'href="#term-prefill"' in html
    assert "<script>" not in html


@pytest.mark.parametrize("data", [{}, {"body": "\x00"}, {"terms": ["x", "99999999"]}])
def test_the_live_preview_never_fails_on_bad_input(data):
    assert signed_in("Writer").post("/admin/articles/article/live-preview/", data).status_code in {200, 400}


def test_a_text_too_long_for_the_preview_gets_a_sentence(settings):
    settings.PULSE_MAX_BODY_CHARS = 100
    response = signed_in("Writer").post("/admin/articles/article/live-preview/", {"body": "x" * 101})
    assert response.status_code == 400
    assert response.json()["error"]


@pytest.mark.parametrize("role", ["Moderator", None])
def test_the_live_preview_is_for_the_newsroom(role):
    response = signed_in(role).post("/admin/articles/article/live-preview/", {"body": "x"})
    assert response.status_code in {302, 403}


def test_history_shows_each_revision_and_puts_an_old_one_back_live():
    article, client = make_article(headline="First"), signed_in()
    client.post(change_url(article), stored_form(article, headline="Second", _publish="1"))
    assert "First" in client.get(f"/admin/articles/article/{article.pk}/history/").content.decode()
    client.post(f"/admin/articles/article/{article.pk}/revisions/1/use/", {"_publish": "1"})
    assert article.live_revision().headline == "First"


def test_a_writer_may_take_an_old_revision_as_draft_and_not_put_it_live():
    client, writer = signed_in_as("Writer")
    article = make_article(headline="First", created_by=writer)
    use = f"/admin/articles/article/{article.pk}/revisions/1/use/"
    assert client.post(use, {"_publish": "1"}).status_code == 403
    assert client.post(use).status_code == 302
    assert client.get(use).status_code == 405


def test_what_was_ever_public_cannot_be_deleted():
    article, client = make_article(), signed_in()
    assert client.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Article.objects.filter(pk=article.pk).exists()


@pytest.mark.parametrize("state", ["live", "scheduled", "draft", "changed"])
def test_the_list_filters_by_state(state):
    article = make_article(headline="A live one")
    html = signed_in().get(f"/admin/articles/article/?state={state}").content.decode()
    assert ("A live one" in html) == (state == "live")
    assert article


def test_the_admin_pages_carry_a_strict_policy_and_nothing_inline():
    import re

    article, client = make_article(), signed_in()
    for address in ("/admin/", "/admin/articles/article/", change_url(article), ADD):
        response = client.get(address)
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy
        html = response.content.decode()
        assert not re.search(r"<script(?![^>]*(?:src=|application/json))", html), address
        assert not re.search(r"<style|\sstyle=", html), address


def test_the_list_is_searched_by_every_word_in_a_text_or_a_byline():
    """What stands in quotes is one; a story with two such bylines is there once."""
    ines, marit = make_author(name="Ines Okafor"), make_author(name="Marit Okafor")
    make_draft(headline="Chips are hot", slug="chips", authors=[ines, marit])
    make_draft(headline="Hot water", tldr="Of chips, and none.", authors=[marit])
    make_draft(headline="Cold", slug="cold-chips")
    editor = Client()
    editor.force_login(make_user(role="Editor"))

    def found(words: str) -> list[str]:
        page = editor.get("/admin/articles/article/", {"q": words})
        return sorted(article.headline for article in page.context["cl"].result_list)

    assert found("chips") == ["Chips are hot", "Cold", "Hot water"]
    assert found("okafor") == ["Chips are hot", "Hot water"]
    assert found("ines hot") == ["Chips are hot"]
    assert found('"chips are"') == ["Chips are hot"]
    assert found("chips are cold") == []
