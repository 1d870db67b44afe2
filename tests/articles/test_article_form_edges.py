"""The article form when things go wrong: stale forms, odd input, people in each other's way."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from articles import editing, publishing
from articles.models import Article, BriefingEntry, Byline, Impact, PreviousSlug, Revision
from tests.articles.forms import change_url, form, rows, signed_in, stored_form, whole_form
from tests.factories import make_article, make_author, make_draft, make_term, make_topic, make_user

ADD = "/admin/articles/article/add/"
pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_byline_may_be_added_and_the_story_published_in_one_go():
    article = make_draft(authors=[])
    byline = rows("bylines", [{"author": make_author().pk}])
    response = signed_in().post(change_url(article), stored_form(article) | byline | {"_publish": "1"})
    assert response.status_code == 302
    assert article.live_revision() is not None


def test_two_bylines_trade_places():
    one, two = make_author(), make_author()
    article = make_draft(authors=[one, two])
    data = stored_form(article)
    data["bylines-0-author"], data["bylines-1-author"] = two.pk, one.pk
    signed_in().post(change_url(article), data | {"_save": "1"})
    assert [byline.author for byline in Byline.objects.filter(article=article)] == [two, one]


def test_both_people_may_have_added_the_same_term():
    article, term = make_draft(), make_term()
    opened = stored_form(article) | rows("briefing", [{"term": term.pk}])
    signed_in().post(change_url(article), opened | {"_save": "1"})
    article.refresh_from_db()
    response = signed_in().post(change_url(article), opened | {"base_version": article.version, "_save": "1"})
    assert response.status_code == 302
    assert BriefingEntry.objects.filter(article=article).count() == 1


def test_one_term_twice_counts_once():
    article, term = make_draft(), make_term()
    twice = rows("briefing", [{"term": term.pk}, {"term": term.pk}])
    signed_in().post(change_url(article), stored_form(article) | twice | {"_save": "1"})
    assert [entry.term for entry in article.briefing.all()] == [term]


def test_a_headline_without_latin_letters_keeps_one_address_through_every_publishing():
    article, client = make_draft(headline="Привет"), signed_in()
    client.post(change_url(article), stored_form(article, slug="", _publish="1"))
    article.refresh_from_db()
    first = article.slug
    client.post(change_url(article), stored_form(article, slug="", dek="More.", _publish="1"))
    article.refresh_from_db()
    assert article.slug == first
    assert Client().get(f"/articles/{first}/").status_code == 200


def test_a_story_about_something_untitled_keeps_its_address():
    article = make_article(headline="Untitled works of art")
    signed_in().post(
        change_url(article), stored_form(article, headline="Signed works", slug="", _publish="1")
    )
    article.refresh_from_db()
    assert article.slug == "untitled-works-of-art"
    assert not PreviousSlug.objects.exists()


@pytest.mark.parametrize("role", ["Writer", "Editor"])
def test_no_save_of_a_public_story_changes_its_address_or_discussion(role):
    article = make_article()
    slug = article.slug
    data = stored_form(article, slug="elsewhere", discussion="hidden", _save="1")
    signed_in(role).post(change_url(article), data)
    article.refresh_from_db()
    assert (article.slug, article.discussion) == (slug, "open")


def test_a_comment_posted_while_the_form_is_saved_stays_counted():
    article = make_article()
    data = stored_form(article, _save="1")
    Article.objects.filter(pk=article.pk).update(comment_count=5)
    signed_in().post(change_url(article), data)
    article.refresh_from_db()
    assert article.comment_count == 5


def test_restoring_an_old_revision_leaves_address_count_and_version_alone():
    article = make_article()
    first = article.live_revision()
    stale = Article.objects.get(pk=article.pk)
    Article.objects.filter(pk=article.pk).update(comment_count=5, slug="moved", version=9)
    editing.restore_revision(article=stale, to=first, by=make_user(role="Editor"))
    article.refresh_from_db()
    assert (article.comment_count, article.slug, article.version) == (5, "moved", 9)


def test_a_take_down_waits_for_no_field_to_be_right():
    article = make_article()
    response = signed_in().post(change_url(article), stored_form(article, headline="x" * 300, _unpublish="1"))
    assert article.live_revision() is None
    assert "x" * 300 in response.content.decode()


def test_a_draft_that_was_deleted_meanwhile_comes_back_with_what_was_typed():
    article = make_draft(impacts=[(["Market"], "My words.")])
    data = stored_form(article, headline="Still here", _publish="1")
    address = change_url(article)
    article.delete()
    response = signed_in().post(address, data, follow=True)
    kept = Article.objects.get(headline="Still here")
    assert "kept as a new draft" in response.content.decode()
    assert kept.live_revision() is None
    assert Impact.objects.get(article=kept).text == "My words."


def test_a_conflict_over_lenses_topics_or_paragraphs_is_shown_too():
    article = make_draft(impacts=[(["Market"], "Same.")], body="One.\n\nTwo.")
    opened = stored_form(article)
    article.impacts.get().lenses.clear()
    article.topics.add(make_topic(name="Energy"))
    Article.objects.filter(pk=article.pk).update(body="One. Two.", version=9)
    response = signed_in().post(change_url(article), opened | {"_save": "1"})
    labels = {difference.label for difference in response.context["differences"]}
    assert {"Story", "Topics", "Real-World Impact"} <= labels


def test_publishing_what_is_live_already_changes_nothing():
    article, editor = make_article(), make_user(role="Editor")
    before = article.live_revision()
    publishing.publish(article=article, by=editor)
    assert article.live_revision() == before
    assert article.revisions.count() == 1


def test_a_cancelled_schedule_holds_no_term_back():
    term, editor = make_term(), make_user(role="Editor")
    article = make_draft(terms=[term])
    publishing.schedule(article=article, by=editor, at=timezone.now() + dt.timedelta(hours=1))
    publishing.cancel_schedule(article=article, by=editor)
    assert not Revision.objects.filter(terms=term).exists()


def test_a_control_character_written_as_a_reference_does_not_break_the_feed():
    make_article(body="A form feed: &#12; and a bell: &#7;.")
    response = Client().get("/feeds/rss/")
    assert response.status_code == 200
    assert "\x0c" not in response.content.decode()


def test_a_picture_in_a_story_is_not_deleted():
    from tests.factories import make_image

    image = make_image()
    make_article(body=f"![Square]({image.file.url})")
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    client.post(f"/admin/images/image/{image.pk}/delete/", {"post": "yes"})
    image.refresh_from_db()


@pytest.mark.parametrize(
    "address",
    [
        "/admin/articles/article/abc/history/",
        f"/admin/articles/article/{'9' * 30}/history/",
        f"/admin/articles/article/{'9' * 30}/revisions/1/",
        f"{ADD}?lead_image=abc&topics=x",
        "/admin/articles/correction/add/?article=abc",
        "/admin/articles/author/add/?user=abc",
        "/admin/glossary/term/add/?see_also=abc",
    ],
)
def test_an_odd_address_in_the_admin_is_no_failure(address):
    client = Client()
    client.force_login(make_user(is_staff=True, is_superuser=True))
    assert client.get(address).status_code < 500


@pytest.mark.parametrize("total", ["²", "9" * 5_000, "-1", "x", ""])
def test_an_odd_number_of_rows_is_no_failure(total):
    data = form(headline="A") | {"bylines-TOTAL_FORMS": total, "bylines-INITIAL_FORMS": total}
    assert signed_in().post(ADD, data | {"_save": "1"}).status_code < 500


@pytest.mark.parametrize("terms", ["²", "9" * 30, "9" * 5_000, "-1"])
def test_an_odd_term_in_the_live_preview_is_no_failure(terms):
    response = signed_in("Writer").post("/admin/articles/article/live-preview/", {"terms": terms})
    assert response.status_code == 200


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles"])
def test_a_time_years_away_is_refused(settings, zone):
    settings.TIME_ZONE = zone
    response = signed_in().post(ADD, whole_form(publish_at="9999-12-31T23:59", _schedule="1"))
    assert response.status_code == 200
    assert not Article.objects.exists()


@pytest.mark.parametrize("moment", ["2027-03-28T02:30", "2027-10-31T02:30"])
def test_a_time_that_does_not_exist_or_exists_twice_is_refused(settings, moment):
    settings.TIME_ZONE = "Europe/Berlin"
    timezone.activate("Europe/Berlin")
    try:
        response = signed_in().post(ADD, whole_form(publish_at=moment, _schedule="1"))
    finally:
        timezone.deactivate()
    assert response.status_code == 200
    assert not Article.objects.exists()


def test_a_topic_without_a_live_story_is_in_no_sitemap():
    topic = make_topic()
    make_draft(topics=[topic])
    assert topic.slug not in Client().get("/sitemap-topics.xml").content.decode()
    assert Client().get(topic.get_absolute_url()).status_code == 404


def test_a_hidden_discussion_is_not_among_the_most_discussed():
    for number in range(6):
        make_article(headline=f"Story {number}")
    article = make_article(headline="Quiet", discussion="hidden")
    Article.objects.filter(pk=article.pk).update(comment_count=99)
    assert "99 comments" not in Client().get("/").content.decode()


def test_a_later_page_of_a_list_is_its_own_canonical_page(settings):
    settings.PULSE_PAGE_SIZE = 1
    make_article(), make_article()
    html = Client().get("/latest/?page=2").content.decode()
    assert '<link rel="canonical" href="http://testserver/latest/?page=2">' in html
