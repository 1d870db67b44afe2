"""How a draft moves from its writer to the editors and back, and who may move it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from articles import discussions, editing, publishing, workflow
from articles.models import Article
from tests.articles.forms import change_url, form, signed_in, signed_in_as, stored_form
from tests.factories import make_article, make_author, make_draft, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/admin/articles/article/"


def verbs(article: Article) -> list[str]:
    return [event.verb for event in article.events.order_by("at", "pk")]


def test_a_story_goes_from_its_writer_through_review_to_readers():
    writing, writer = signed_in_as("Writer")
    editing_client = signed_in("Editor")
    article = make_draft(created_by=writer, by=writer)
    assert (
        "Submitted."
        in writing.post(change_url(article), stored_form(article, _submit="1"), follow=True).content.decode()
    )
    article.refresh_from_db()
    assert article.status == "in_review"
    editing_client.post(change_url(article), stored_form(article, _ready="1"))
    editing_client.post(change_url(article), stored_form(article, _publish="1"))
    article.refresh_from_db()
    assert article.live_revision() is not None
    assert article.status == "draft"
    assert verbs(article) == ["submitted", "ready", "published"]


def test_a_story_sent_back_carries_the_editors_note_above_the_writers_form():
    writing, writer = signed_in_as("Writer")
    article = make_draft(created_by=writer, by=writer, status="in_review")
    signed_in("Editor", name="Edda").post(
        change_url(article),
        stored_form(article, review_note="Name a source for the second figure.", _send_back="1"),
    )
    html = writing.get(change_url(article)).content.decode()
    assert "Name a source for the second figure." in html
    assert "Sent back by Edda" in html


def test_sending_back_needs_a_note():
    article = make_draft(status="in_review")
    response = signed_in().post(change_url(article), stored_form(article, review_note=" ", _send_back="1"))
    article.refresh_from_db()
    assert "Say what is to be done" in response.content.decode()
    assert article.status == "in_review"


def test_a_story_with_something_missing_is_not_submitted():
    writing, writer = signed_in_as("Writer")
    article = make_draft(created_by=writer, by=writer)
    response = writing.post(change_url(article), stored_form(article, tldr="", _submit="1"))
    article.refresh_from_db()
    assert "Write the TL;DR" in response.content.decode()
    assert article.status == "draft"


def test_a_writer_takes_a_story_back_from_review():
    writing, writer = signed_in_as("Writer")
    article = make_draft(created_by=writer, by=writer, status="in_review")
    writing.post(change_url(article), stored_form(article, _take_back="1"))
    article.refresh_from_db()
    assert article.status == "draft"


def test_pressing_a_button_twice_leaves_one_entry_in_the_record():
    article, editor = make_draft(), make_user(role="Editor")
    for _ in range(2):
        workflow.mark_ready(article=article, by=editor)
    assert verbs(article) == ["ready"]


@pytest.mark.parametrize("button", ["_ready", "_send_back", "_publish", "_schedule", "_end", "_cancel_end"])
def test_an_editors_button_is_not_the_writers_and_refused_if_sent(button):
    writing, writer = signed_in_as("Writer")
    article = make_draft(created_by=writer, by=writer, status="in_review")
    html = writing.get(change_url(article)).content.decode()
    assert f'name="{button}"' not in html
    typed = {"publish_at": "2030-01-01T10:00", "end_at": "2030-01-01T10:00", "review_note": "x"}
    assert (
        writing.post(change_url(article), stored_form(article, **typed, **{button: "1"})).status_code == 403
    )


@pytest.mark.parametrize(
    "verb",
    [
        lambda article, by: editing.save_revision(article=article, by=by),
        lambda article, by: editing.save_draft(
            article=article, content=article.revisions.latest().content, by=by
        ),
        lambda article, by: editing.restore_revision(article=article, to=article.revisions.latest(), by=by),
        lambda article, by: editing.name_revision(revision=article.revisions.latest(), name="x", by=by),
        lambda article, by: editing.approve_tldr(article=article, by=by),
        lambda article, by: editing.duplicate(article=article, by=by),
        lambda article, by: workflow.submit(article=article, by=by),
        lambda article, by: workflow.take_back(article=article, by=by),
        lambda article, by: workflow.send_back(article=article, by=by, note="x"),
        lambda article, by: workflow.mark_ready(article=article, by=by),
        lambda article, by: publishing.publish(article=article, by=by),
        lambda article, by: publishing.cancel_end(article=article, by=by),
        lambda article, by: publishing.withdraw(article=article, by=by),
        lambda article, by: discussions.change_discussion(article=article, discussion="closed", by=by),
        lambda article, by: publishing.change_slug(article=article, slug="other", by=by),
    ],
)
@pytest.mark.parametrize("role", ["Writer", "Moderator", None])
def test_no_verb_works_on_somebody_elses_article(verb, role):
    with pytest.raises(PermissionDenied):
        verb(make_article(), make_user(role=role))


SIDE_DOORS = [
    "change/", "delete/", "history/", "preview/", "compare/", "revisions/1/", "print-wide.svg",
]  # fmt: skip


@pytest.mark.parametrize("door", SIDE_DOORS)
def test_a_writer_meets_403_at_every_door_of_somebody_elses_draft(door):
    article = make_draft(headline="Secret")
    response = signed_in("Writer").get(f"/admin/articles/article/{article.pk}/{door}")
    assert response.status_code == 403
    assert "Secret" not in response.content.decode()


@pytest.mark.parametrize("door", ["revisions/1/use/", "revisions/1/name/", "tldr/", "autosave/"])
def test_a_writer_may_not_change_somebody_elses_draft_by_any_door(door):
    article = make_draft(headline="Secret")
    response = signed_in("Writer").post(f"/admin/articles/article/{article.pk}/{door}", form())
    assert response.status_code == 403


def test_a_writer_lists_and_finds_only_their_own_articles():
    writing, writer = signed_in_as("Writer")
    make_draft(headline="Somebody elses")
    make_draft(headline="Begun by me", created_by=writer)
    make_draft(headline="With my byline", authors=[make_author(user=writer)])
    html = writing.get(LIST).content.decode()
    assert "Begun by me" in html
    assert "With my byline" in html
    assert "Somebody elses" not in html


def test_a_byline_opens_the_article_to_its_author():
    writing, writer = signed_in_as("Writer")
    article = make_draft(authors=[make_author(user=writer)])
    assert writing.get(change_url(article)).status_code == 200


def test_articles_are_not_completed_for_those_who_may_not_see_them():
    make_article(headline="Secret")
    query = "?app_label=articles&model_name=correction&field_name=article&term=Secret"
    for role in ("Writer", "Moderator"):
        response = signed_in(role).get(f"/admin/autocomplete/{query}")
        assert "Secret" not in response.content.decode()


def test_the_tldr_is_confirmed_once_it_was_read_again():
    article = make_draft(body="One.\n\nTwo.")
    Article.objects.filter(pk=article.pk).update(body="One.\n\nThree.\n\nFour.")
    signed_in().post(f"/admin/articles/article/{article.pk}/tldr/")
    article.refresh_from_db()
    assert len(article.tldr_basis) == 3
    assert verbs(article) == ["tldr_approved"]


def test_the_record_says_who_did_what():
    article = make_draft()
    client = signed_in("Editor", name="Edda")
    client.post(change_url(article), stored_form(article, _publish="1"))
    html = client.get(f"/admin/articles/article/{article.pk}/history/").content.decode()
    assert "<b>Published</b>, Edda" in html


def test_nobody_signed_out_sees_anything():
    article = make_draft(headline="Secret")
    for door in SIDE_DOORS:
        response = Client().get(f"/admin/articles/article/{article.pk}/{door}")
        assert response.status_code == 302
        assert "Secret" not in response.content.decode()
