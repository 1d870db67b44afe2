"""What the form's page asks the server while somebody writes, and what it is told."""

import uuid
from typing import Any

import pytest
from django.test import Client

from articles import editing, sittings
from articles.models import Article, Revision, Sitting
from tests.articles.forms import change_url, form, rows, signed_in, signed_in_as, stored_form
from tests.factories import make_article, make_draft, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NEW = "/admin/articles/article/autosave/"


def autosave_url(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/autosave/"


def opened(client: Client, article: Article, **fields: Any) -> dict[str, Any]:
    """The form as its page shows it, with the key of its window."""
    response = client.get(change_url(article))
    key = response.context["adminform"].form.initial["sitting"]
    return stored_form(article, sitting=key, **fields)


def test_an_autosave_keeps_the_draft_and_says_when():
    client, article = signed_in(), make_draft()
    answer = client.post(autosave_url(article), opened(client, article, headline="Typed", sequence=1))
    article.refresh_from_db()
    assert article.headline == "Typed"
    assert answer.json()["saved_at"]


def test_the_autosaves_of_one_sitting_share_one_revision():
    client, article = signed_in(), make_draft()
    data = opened(client, article)
    for number, headline in enumerate(["One", "Two", "Three"], start=1):
        client.post(autosave_url(article), data | {"headline": headline, "sequence": number})
    client.post(change_url(article), data | {"headline": "Four", "sequence": 4, "_save": "1"})
    assert [revision.content["headline"] for revision in article.revisions.all()][0] == "Four"
    assert article.revisions.count() == 2
    assert not article.revisions.filter(is_autosave=True).exists()


def test_a_named_revision_is_never_written_over_by_an_autosave():
    (client, user), article = signed_in_as("Editor"), make_draft()
    data = opened(client, article)
    client.post(autosave_url(article), data | {"headline": "One", "sequence": 1})
    editing.name_revision(revision=article.revisions.latest(), name="Keep this", by=user)
    client.post(autosave_url(article), data | {"headline": "Two", "sequence": 2})
    assert article.revisions.get(name="Keep this").content["headline"] == "One"


def test_a_late_autosave_does_not_undo_a_later_save():
    client, article = signed_in(), make_draft()
    data = opened(client, article)
    client.post(change_url(article), data | {"headline": "Whole sentence", "sequence": 2, "_save": "1"})
    late = client.post(autosave_url(article), data | {"headline": "Whole", "sequence": 1})
    article.refresh_from_db()
    assert late.status_code == 200
    assert article.headline == "Whole sentence"


def test_the_first_autosave_of_a_new_article_stores_it_once():
    client = signed_in("Writer")
    data = form(headline="New", sitting=uuid.uuid4().hex)
    first = client.post(NEW, data | {"sequence": 1}).json()
    client.post(NEW, data | {"headline": "New again", "sequence": 2})
    article = Article.objects.get()
    assert (article.pk, article.headline) == (first["article"], "New again")


def test_pressing_save_while_the_first_autosave_is_on_its_way_makes_no_second_article():
    client = signed_in("Writer")
    data = form(headline="New", sitting=uuid.uuid4().hex)
    client.post(NEW, data | {"sequence": 1})
    client.post("/admin/articles/article/add/", data | {"headline": "Newer", "sequence": 2, "_save": "1"})
    assert Article.objects.get().headline == "Newer"


def test_an_autosave_changes_nothing_public():
    client, article = signed_in(), make_article(headline="Public")
    data = opened(client, article, headline="Draft", slug="elsewhere", discussion="hidden", sequence=1)
    before = (article.slug, article.discussion)
    client.post(autosave_url(article), data)
    article.refresh_from_db()
    assert article.live_revision().headline == "Public"
    assert (article.slug, article.discussion) == before


def test_a_half_filled_row_is_kept_and_an_empty_one_is_not():
    client, article = signed_in(), make_draft()
    impacts = rows("impacts", [{"text": "Only words so far."}, {"text": ""}])
    answer = client.post(autosave_url(article), opened(client, article, sequence=1) | impacts)
    assert [impact.text for impact in article.impacts.all()] == ["Only words so far."]
    assert answer.json()["impacts"] == [article.impacts.get().pk]


def test_a_half_filled_row_keeps_the_story_from_being_published():
    client, article = signed_in(), make_draft()
    impacts = rows("impacts", [{"text": "Only words so far."}])
    response = client.post(change_url(article), opened(client, article) | impacts | {"_publish": "1"})
    assert "Choose whom it touches." in response.content.decode()
    assert article.live_revision() is None


def test_a_field_that_is_not_right_is_named_and_nothing_is_saved():
    client, article = signed_in(), make_draft(headline="Before")
    answer = client.post(autosave_url(article), opened(client, article, headline="x" * 200, sequence=1))
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("Headline: ")
    article.refresh_from_db()
    assert article.headline == "Before"


def test_nobody_signed_in_is_told_so_in_json():
    answer = Client().post(autosave_url(make_draft()), form())
    assert answer.status_code == 401
    assert "signed out" in answer.json()["error"]


@pytest.mark.parametrize("role", ["Writer", "Moderator"])
@pytest.mark.parametrize("address", ["autosave", "presence"])
def test_an_article_that_is_not_theirs_is_refused(role, address):
    answer = signed_in(role).post(f"/admin/articles/article/{make_draft().pk}/{address}/", form())
    assert answer.status_code == 403


@pytest.mark.parametrize("sequence", ["-1", "x", "99999999999999999999"])
def test_nonsense_for_a_number_is_refused_with_a_sentence(sequence):
    client, article = signed_in(), make_draft()
    answer = client.post(autosave_url(article), opened(client, article, sequence=sequence))
    assert answer.status_code == 422


@pytest.mark.parametrize("key", ["", "nonsense", "ab" * 16])
def test_a_window_that_is_unknown_saves_by_the_version_it_shows(key):
    client, article = signed_in(), make_draft()
    data = stored_form(article, sitting=key, headline="Mine")
    assert client.post(autosave_url(article), data).status_code == 200
    assert client.post(autosave_url(article), data | {"headline": "Again"}).status_code == 409


# Two people, or one in two windows


def test_what_two_people_change_in_different_places_is_kept_together():
    article = make_draft(headline="Start", body="One.\n\nTwo.\n\nThree.")
    ada, ben = signed_in(name="Ada"), signed_in(name="Ben")
    ada_sees, ben_sees = opened(ada, article), opened(ben, article)
    ada.post(autosave_url(article), ada_sees | {"body": "One, by Ada.\n\nTwo.\n\nThree.", "sequence": 1})
    answer = ben.post(
        autosave_url(article),
        ben_sees | {"headline": "By Ben", "body": "One.\n\nTwo.\n\nThree, by Ben.", "sequence": 1},
    )
    article.refresh_from_db()
    assert article.headline == "By Ben"
    assert article.body == "One, by Ada.\n\nTwo.\n\nThree, by Ben."
    assert answer.json()["texts"]["body"] == article.body
    assert "Story" in answer.json()["unseen"]


def test_a_window_that_never_saw_a_change_does_not_undo_it_later():
    article = make_draft(headline="Start", dek="Old")
    ada, ben = signed_in(), signed_in()
    ada_sees, ben_sees = opened(ada, article), opened(ben, article)
    ada.post(autosave_url(article), ada_sees | {"dek": "By Ada", "sequence": 1})
    for number in (1, 2, 3):
        ben.post(autosave_url(article), ben_sees | {"headline": f"By Ben {number}", "sequence": number})
    article.refresh_from_db()
    assert (article.headline, article.dek) == ("By Ben 3", "By Ada")


def test_oneself_in_a_second_window_is_no_false_alarm():
    article, client = make_draft(headline="Start"), signed_in()
    first, second = opened(client, article), opened(client, article)
    client.post(autosave_url(article), first | {"headline": "From the first", "sequence": 1})
    answer = client.post(autosave_url(article), second | {"tldr": "From the second.", "sequence": 1})
    article.refresh_from_db()
    assert answer.status_code == 200
    assert (article.headline, article.tldr) == ("From the first", "From the second.")


def test_the_same_text_changed_by_two_is_refused_and_nothing_is_lost():
    article = make_draft(headline="Start")
    ada, ben = signed_in(), signed_in()
    ada_sees, ben_sees = opened(ada, article), opened(ben, article)
    ada.post(autosave_url(article), ada_sees | {"headline": "Adas", "sequence": 1})
    answer = ben.post(autosave_url(article), ben_sees | {"headline": "Bens", "sequence": 1})
    assert answer.status_code == 409
    assert "Headline" in answer.json()["error"]
    article.refresh_from_db()
    assert article.headline == "Adas"


@pytest.mark.parametrize(
    ("choice", "kept"),
    [("mine", "One, by Ben."), ("theirs", "One, by Ada."), ("both", "One, by Ada.\n\nOne, by Ben.")],
)
def test_of_two_versions_either_or_both_can_be_kept_and_the_rest_is_merged(choice, kept):
    article = make_draft(body="One.\n\nTwo.\n\nThree.", dek="Start")
    ada, ben = signed_in(), signed_in()
    ada_sees, ben_sees = opened(ada, article), opened(ben, article)
    ada.post(
        autosave_url(article), ada_sees | {"body": "One, by Ada.\n\nTwo.\n\nThree, by Ada.", "sequence": 1}
    )
    refused = ben.post(
        change_url(article),
        ben_sees | {"body": "One, by Ben.\n\nTwo.\n\nThree.", "dek": "By Ben", "_save": "1"},
    )
    page = refused.context["adminform"].form
    (difference,) = refused.context["differences"]
    assert difference.part == "body"
    answer = {
        "body": page["body"].value(), "dek": "By Ben", "sitting": page["sitting"].value(),
        "choice-body": choice, "_save": "1",
        "theirs-body": difference.texts["theirs"], "both-body": difference.texts["both"],
    }  # fmt: skip
    assert ben.post(change_url(article), ben_sees | answer).status_code == 302
    article.refresh_from_db()
    assert article.body == f"{kept}\n\nTwo.\n\nThree, by Ada."
    assert article.dek == "By Ben"


def test_taking_what_is_stored_works_for_rows_too():
    article = make_draft(impacts=[(["Market"], "Start.")])
    ada, ben = signed_in(), signed_in()
    impact = article.impacts.get()
    ada_sees, ben_sees = opened(ada, article), opened(ben, article)

    def with_text(text: str) -> dict[str, Any]:
        lenses = [lens.pk for lens in impact.lenses.all()]
        return rows("impacts", [{"id": impact.pk, "article": article.pk, "text": text, "lenses": lenses}], 1)

    ada.post(autosave_url(article), ada_sees | with_text("Adas.") | {"sequence": 1})
    refused = ben.post(change_url(article), ben_sees | with_text("Bens.") | {"_save": "1"})
    assert refused.status_code == 200
    ben.post(change_url(article), ben_sees | with_text("Bens.") | {"choice-impacts": "theirs", "_save": "1"})
    assert article.impacts.get().text == "Adas."


def test_nothing_is_published_that_the_publisher_has_not_seen():
    article = make_draft(headline="Start")
    ada, ben = signed_in(), signed_in()
    ada_sees, ben_sees = opened(ada, article), opened(ben, article)
    ada.post(autosave_url(article), ada_sees | {"tldr": "word " * 29 + "unseen.", "sequence": 1})
    response = ben.post(change_url(article), ben_sees | {"headline": "By Ben", "_publish": "1"}, follow=True)
    assert "Nothing was published" in response.content.decode()
    assert article.live_revision() is None
    article.refresh_from_db()
    assert article.headline == "By Ben"
    ben.post(change_url(article), opened(ben, article, _publish="1"))
    assert article.live_revision().headline == "By Ben"


# Who is here


def test_a_form_says_who_else_has_it_open_until_they_leave():
    article = make_draft()
    ada, ben = signed_in(name="Ada"), signed_in(name="Ben")
    key = opened(ada, article)["sitting"]
    page = ben.get(change_url(article))
    assert "Ada has this article open too." in page.content.decode()
    ben_key = page.context["adminform"].form.initial["sitting"]
    presence = f"/admin/articles/article/{article.pk}/presence/"
    assert ada.post(presence, {"sitting": key}).json()["others"] == "Ben has this article open too."
    ada.post(presence, {"sitting": key, "close": "1"})
    assert ben.post(presence, {"sitting": ben_key}).json()["others"] == ""


def test_oneself_is_named_as_oneself():
    client, article = signed_in(), make_draft()
    opened(client, article)
    assert "You have it open in another window." in client.get(change_url(article)).content.decode()


def test_saving_and_coming_back_is_no_second_window():
    client, article = signed_in(), make_draft()
    response = client.post(change_url(article), opened(client, article, _save="1"), follow=True)
    assert "another window" not in response.content.decode()


def test_nobody_is_said_to_be_here_for_ever(settings):
    client, article = signed_in(name="Ada"), make_draft()
    opened(client, article)
    settings.PULSE_PRESENCE_SECONDS = -1
    assert sittings.others(article, than=None) == []


def test_a_window_asks_whether_its_last_save_arrived():
    client, article = signed_in(), make_draft()
    data = opened(client, article, sequence=7)
    client.post(autosave_url(article), data)
    answer = client.get(f"/admin/articles/article/sitting/{data['sitting']}/")
    assert answer.json() == {"sequence": 7}
    assert client.get(f"/admin/articles/article/sitting/{uuid.uuid4().hex}/").status_code == 404
    assert Client().get(f"/admin/articles/article/sitting/{data['sitting']}/").status_code == 401


def test_opening_the_form_leaves_history_alone():
    client, article = signed_in(), make_draft()
    opened(client, article)
    assert Revision.objects.count() == 1
    assert Sitting.objects.count() == 1


def test_a_writers_change_to_a_ready_story_puts_it_back_into_review():
    client, writer = signed_in_as("Writer")
    article = make_draft(created_by=writer, status="ready")
    client.post(autosave_url(article), opened(client, article, headline="Changed", sequence=1))
    article.refresh_from_db()
    assert article.status == "in_review"
    editor = make_user(role="Editor")
    assert article.events.filter(verb="reopened", by=writer).exists()
    assert not article.events.filter(by=editor).exists()
