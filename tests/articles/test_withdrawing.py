"""Withdrawal: its address says that a story is gone, with a note or without a word, and nothing else does."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from articles import publishing
from articles.models import Article, Event
from articles.withdrawals import is_withdrawn
from comments.writing import post
from tests.articles.test_public_surface import Newsroom, where
from tests.factories import change_headline, make_article, make_draft, make_user
from tests.site.test_whole_story import sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HOUR = dt.timedelta(hours=1)
NOTE = "We could not confirm the figures in this story."


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/withdraw/"


def withdraw(article: Article, note: str = NOTE, client: Client | None = None):
    client = client or signed_in(make_user(role="Editor"))
    data = {"manner": "note" if note else "silent", "note": note}
    response = client.post(page_of(article), data)
    article.refresh_from_db()
    return response


def read(slug: str) -> tuple[int, str]:
    response = Client().get(f"/articles/{slug}/")
    return response.status_code, response.content.decode()


# What readers find


def test_a_withdrawn_story_is_gone_and_its_note_says_why():
    article = make_article(headline="Unconfirmed-headline", slug="one")
    response = withdraw(article)
    assert response["Location"] == f"/admin/articles/article/{article.pk}/change/"
    status, html = read("one")
    assert status == 410
    assert "<h1>This story is no longer here</h1>" in html
    assert f"<p>{NOTE}</p>" in html
    assert "The newsroom withdrew it on" in html
    assert '<meta name="robots" content="noindex">' in html
    assert "Unconfirmed-headline" not in html
    assert Event.objects.get(article=article, verb=Event.Verb.WITHDRAWN).note == NOTE


def test_without_a_word_there_is_only_the_fact():
    article = make_article(headline="Unconfirmed-headline", slug="one")
    withdraw(article, note="")
    status, html = read("one")
    assert status == 410
    assert "<h1>This story is no longer here</h1>" in html
    assert "withdrew" not in html
    assert "Unconfirmed-headline" not in html


def test_a_note_is_plain_text_in_the_lines_it_was_typed_in():
    article = make_article(slug="one")
    withdraw(article, note="<b>One</b>\r\ntwo & three")
    assert "<p>&lt;b&gt;One&lt;/b&gt;<br>two &amp; three</p>" in read("one")[1]


def test_the_page_of_a_withdrawn_story_may_be_kept_but_not_indexed_and_sets_no_cookie():
    article = make_article(slug="one")
    withdraw(article)
    response = Client().get("/articles/one/")
    assert response["X-Robots-Tag"] == "noindex"
    assert "public" in response["Cache-Control"]
    assert not response.cookies
    assert not response.has_header("Vary")
    assert Client().head("/articles/one/").status_code == 410


def test_old_addresses_of_a_withdrawn_story_lead_to_its_page_in_one_hop():
    editor = make_user(role="Editor")
    article = make_article(slug="one")
    for slug in ("two", "three"):
        publishing.change_slug(article=article, slug=slug, by=editor)
    withdraw(article)
    for old in ("one", "two"):
        response = Client().get(f"/articles/{old}/")
        assert (response.status_code, response["Location"]) == (301, "/articles/three/")
    assert read("three")[0] == 410


def test_a_withdrawn_story_shows_on_no_other_surface():
    newsroom = Newsroom()
    kept, article = newsroom.story("Kept-headline"), newsroom.story("Withdrawn-headline")
    publishing.correct(article=article, by=newsroom.editor, kind="correction", text="Withdrawn-correction.")
    reader = make_user()
    comment = post(article=article, by=reader, body="Withdrawn-comment.", key="1")
    Client().get(article.get_absolute_url())
    withdraw(article)
    surfaces = [*newsroom.surfaces(), "/corrections/", "/sitemap.xml", kept.get_absolute_url()]
    for trace in ("Withdrawn-headline", article.slug, "Withdrawn-correction", "Withdrawn-comment"):
        assert where(trace, surfaces) == []
    for address in (
        f"/articles/{article.slug}/print-wide.svg",
        f"/articles/{article.slug}/print-square.svg",
        f"/comments/{comment.pk}/",
    ):
        assert Client().get(address).status_code == 404
    client = signed_in(make_user())
    assert client.get(f"/comments/{comment.pk}/report/").status_code == 404
    assert client.post(f"/comments/{comment.pk}/report/", {"reason": "spam"}).status_code == 404
    assert "Withdrawn-headline" not in signed_in(reader).get("/account/").content.decode()


def test_nobody_comments_on_a_withdrawn_story():
    article = make_article(slug="one")
    withdraw(article)
    response = signed_in(make_user()).post(
        "/articles/one/comments/", {"body": "Still here?", "key": "1" * 32}
    )
    assert response.status_code == 404
    assert article.comments.count() == 0


def test_unpublishing_says_nothing():
    article = make_article(slug="one")
    publishing.unpublish(article=article, by=make_user(role="Editor"))
    assert read("one")[0] == 404


# How it ends


def test_publishing_again_ends_a_withdrawal_and_brings_the_comments_back():
    editor = make_user(role="Editor")
    article = make_article(slug="one")
    post(article=article, by=make_user(), body="Said before.", key="1")
    withdraw(article)
    publishing.publish(article=article, by=editor)
    status, html = read("one")
    assert status == 200
    assert "Said before." in html
    assert NOTE not in html
    publishing.unpublish(article=article, by=editor)
    assert read("one")[0] == 404


def test_a_withdrawal_holds_until_the_second_of_a_planned_publication():
    editor = make_user(role="Editor")
    article = make_article(slug="one")
    withdraw(article)
    publishing.schedule(article=article, by=editor, at=timezone.now() + HOUR)
    article.refresh_from_db()
    assert NOTE in read("one")[1]
    publishing.cancel_schedule(article=article, by=editor)
    assert NOTE in read("one")[1]
    publishing.schedule(article=article, by=editor, at=timezone.now() + HOUR)
    article.revisions.scheduled().update(live_from=timezone.now())
    assert read("one")[0] == 200
    article.refresh_from_db()
    assert not is_withdrawn(article)
    publishing.unpublish(article=article, by=editor)
    assert read("one")[0] == 404  # it was back, and that is what ended


def test_withdrawing_calls_off_what_was_planned():
    editor = make_user(role="Editor")
    article = make_article(slug="one", by=editor)
    change_headline(article, "Later", by=editor)
    publishing.schedule(article=article, by=editor, at=timezone.now() + HOUR)
    assert "is called off" in signed_in(editor).get(page_of(article)).content.decode()
    withdraw(article)
    assert article.scheduled_revision() is None
    assert article.live_revision() is None


# The page in the newsroom


def test_the_page_says_what_will_happen():
    editor = make_user(role="Editor")
    article = make_article(slug="one", by=editor)
    publishing.change_slug(article=article, slug="two", by=editor)
    post(article=article, by=make_user(), body="First.", key="1")
    make_article(headline="The one that links", body="See [it](/articles/two/).", by=editor)
    make_article(headline="The one that does not", body="See [it](/articles/three/).", by=editor)
    html = signed_in(editor).get(page_of(article)).content.decode()
    for sentence in (
        "/articles/two/ answers “410 Gone”",
        "1 earlier address leads there",
        "1 comment can no longer be read",
        "The one that links</a>.",
    ):
        assert sentence in html
    assert "The one that does not" not in html
    assert read("two")[0] == 200


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"manner": "note", "note": "  "}, "Write the note, or choose “Without a word”."),
        ({"manner": "", "note": NOTE}, "This field is required."),
        ({"manner": "loudly", "note": NOTE}, "Select a valid choice"),
        ({"manner": "note", "note": "a" * 401}, "at most 400 characters"),
        ({"manner": "note", "note": "a\x07b"}, "control character"),
    ],
)
def test_a_form_that_is_not_whole_withdraws_nothing_and_keeps_what_was_typed(data, sentence):
    article = make_article(slug="one")
    response = signed_in(make_user(role="Editor")).post(page_of(article), data)
    html = response.content.decode()
    assert response.status_code == 400
    assert sentence in html
    assert data["note"].strip() in html
    assert read("one")[0] == 200


def test_a_line_break_counts_as_one_character():
    article = make_article(slug="one")
    assert withdraw(article, note="a" * 199 + "\r\n" + "b" * 200).status_code == 302
    assert len(article.withdrawal_note) == 400


def test_a_note_that_was_typed_and_then_not_wanted_is_not_shown():
    article = make_article(slug="one")
    signed_in(make_user(role="Editor")).post(page_of(article), {"manner": "silent", "note": NOTE})
    assert NOTE not in read("one")[1]


def test_the_note_can_be_changed_and_the_day_of_the_withdrawal_stays():
    article = make_article(slug="one")
    withdraw(article)
    Article.objects.filter(pk=article.pk).update(withdrawn_at=article.withdrawn_at - HOUR / 2)
    article.refresh_from_db()
    day = article.withdrawn_at
    client = signed_in(make_user(role="Editor"))
    html = client.get(page_of(article)).content.decode()
    assert NOTE in html
    withdraw(article, note="The figures were wrong.", client=client)
    assert article.withdrawn_at == day
    assert "The figures were wrong." in read("one")[1]


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_what_readers_never_saw_is_not_withdrawn(state):
    editor = make_user(role="Editor")
    article = make_draft(slug="one")
    if state == "scheduled":
        publishing.schedule(article=article, by=editor, at=timezone.now() + HOUR)
    client = signed_in(editor)
    assert "there is nothing to withdraw" in client.get(page_of(article)).content.decode()
    assert withdraw(article, client=client).status_code == 400
    assert (article.withdrawn_at, read("one")[0]) == (None, 404)
    with pytest.raises(publishing.NotPublishable):
        publishing.withdraw(article=article, by=editor)
    assert (article.scheduled_revision() is not None) == (state == "scheduled")


def test_a_story_that_is_off_the_site_can_still_be_withdrawn():
    article = make_article(slug="one")
    publishing.unpublish(article=article, by=make_user(role="Editor"))
    withdraw(article)
    assert read("one")[0] == 410


@pytest.mark.parametrize("who", ["anonymous", "reader", "Moderator", "Writer", "own"])
def test_only_editors_withdraw(who):
    user = make_user(role={"reader": None, "own": "Writer", "anonymous": None}.get(who, who))
    article = make_article(slug="one", created_by=user if who == "own" else None)
    client = Client() if who == "anonymous" else signed_in(user)
    answers = [client.get(page_of(article)), client.post(page_of(article), {"manner": "silent"})]
    expected = 302 if who in {"anonymous", "reader"} else 403
    assert [answer.status_code for answer in answers] == [expected] * 2
    assert read("one")[0] == 200
    with pytest.raises(PermissionDenied):
        publishing.withdraw(article=article, by=user)


@pytest.mark.browser
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_an_editor_moves_a_story_and_withdraws_it_on_a_phone(page, new_context, troubles, assert_accessible):
    editor = make_user(name="Edda", role="Editor")
    article = make_article(headline="Unconfirmed", slug="one", by=editor)
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, editor)
    page.goto(f"/admin/articles/article/{article.pk}/address/")
    page.get_by_label("Last part of the address").fill("two")
    page.get_by_role("button", name="Change the address").click()
    expect(page.get_by_text("Whoever comes to /articles/one/ is led there.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert_accessible(page)

    troubles.allow("response: 4(00|10)")
    page.goto(page_of(article))
    page.get_by_label("With a note for readers").check()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the note")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert_accessible(page)
    page.get_by_label("Note for readers", exact=True).fill(NOTE)
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("Withdrawn. Readers who come to /articles/two/ read your note.")).to_be_visible()

    reader = new_context(viewport={"width": 360, "height": 780}).new_page()
    assert reader.goto("/articles/one/").status == 410
    expect(reader.get_by_text(NOTE)).to_be_visible()
    assert reader.evaluate("document.documentElement.scrollWidth") <= 360
    assert_accessible(reader)
