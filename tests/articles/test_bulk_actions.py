"""List actions: a page says what will happen to each article and why not, one button does it."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from articles import publishing, workflow
from articles.admin.bulk import SUBMIT, make_plan
from articles.models import Article, Event
from tests.factories import (
    change_headline,
    make_article,
    make_author,
    make_draft,
    make_section,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/admin/articles/article/"


@pytest.fixture
def editor():
    return make_user(role="Editor")


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def choose(client: Client, action: str, articles: list[Article], **fields: Any) -> str:
    """What the list answers to an action on these articles; the page it leads to."""
    data = {"action": action, "_selected_action": [article.pk for article in articles], **fields}
    return client.post(LIST, data, follow=True).content.decode()


def do(client: Client, action: str, articles: list[Article], **fields: Any) -> str:
    return choose(client, action, articles, confirmed="yes", **fields)


def asked(page: str) -> list[int]:
    """The articles that the button of the page would take."""
    return [int(pk) for pk in re.findall(r'name="_selected_action" value="(\d+)"', page)]


def status(article: Article) -> str:
    return Article.objects.get(pk=article.pk).status


def offered(client: Client) -> list[str]:
    page = client.get(LIST).content.decode()
    return re.findall(r'<option value="(\w+)">[^<]+…</option>', page)


def test_writers_may_hand_in_and_editors_do_the_rest(editor):
    writer = make_user(role="Writer")
    make_draft(authors=[make_author(user=writer)])
    assert offered(client_of(writer)) == ["submit_for_review"]
    assert offered(client_of(editor)) == ["mark_as_ready", "send_back", "move_to_section", "unpublish"]


def test_the_page_says_what_will_happen_and_to_which_it_will_not_and_why(editor):
    whole, ready = make_draft(headline="Whole"), make_draft(headline="Found ready")
    workflow.mark_ready(article=ready, by=editor)
    lacking = make_draft(headline="Lacking", tldr="", authors=[])
    live = make_article(headline="Unchanged live")
    page = choose(client_of(editor), "mark_as_ready", [whole, ready, lacking, live])
    assert asked(page) == [whole.pk]
    for sentence in (
        "It may go live as it is.",
        "It is ready already.",
        "Something is missing. Write the TL;DR: the story in one paragraph. Add at least one byline.",
        "Readers see this text already.",
        "Mark as ready: 1 article<",
    ):
        assert sentence in page
    assert status(whole) == "draft"  # nothing is done before the button


def test_articles_are_marked_as_ready(editor):
    drafts = [make_draft(), make_draft()]
    assert "2 articles marked as ready." in do(client_of(editor), "mark_as_ready", drafts)
    assert [status(article) for article in drafts] == ["ready", "ready"]
    assert Event.objects.filter(verb=Event.Verb.READY, by=editor).count() == 2


def test_articles_are_sent_back_with_one_note_for_all(editor):
    drafts = [make_draft(), make_draft()]
    for article in drafts:
        workflow.submit(article=article, by=editor)
    client = client_of(editor)
    page = do(client, "send_back", drafts, note=" ")
    assert "Say what is to be done" in page
    assert asked(page) == [article.pk for article in reversed(drafts)]
    assert [status(article) for article in drafts] == ["in_review", "in_review"]
    assert "2 articles sent back." in do(client, "send_back", drafts, note="Shorter, please.")
    assert [status(article) for article in drafts] == ["draft", "draft"]
    assert set(Event.objects.filter(verb="sent_back").values_list("note", flat=True)) == {"Shorter, please."}


def test_a_draft_nobody_handed_in_is_not_sent_back(editor):
    page = choose(client_of(editor), "send_back", [make_draft()])
    assert "It is a draft: nobody has handed it in." in page
    assert "Nothing to do" in page
    assert "<button" not in page[page.index("Nothing to do") :].replace("theme", "")


def test_live_and_scheduled_stories_are_taken_off(editor):
    live, draft = make_article(headline="Live"), make_draft(headline="Never public")
    change_headline(live, "Live, changed")
    publishing.schedule(article=live, by=editor, at=timezone.now() + dt.timedelta(days=1))
    client = client_of(editor)
    page = choose(client, "unpublish", [live, draft])
    assert "Readers stop seeing it at once. The change planned for" in page
    assert "Readers do not see it, and nothing is scheduled." in page
    assert "1 article unpublished." in do(client, "unpublish", [live, draft])
    assert live.live_revision() is None
    assert live.scheduled_revision() is None


def test_moving_to_a_section_changes_drafts_only(editor):
    old, new = make_section(name="Old"), make_section(name="New")
    live, draft, there = make_article(section=old), make_draft(section=old), make_draft(section=new)
    client = client_of(editor)
    page = choose(client, "move_to_section", [live, draft, there])
    assert "Now in Old. Only the draft moves" in page
    assert "Choose the section they move to." in do(client, "move_to_section", [live, draft, there])
    page = do(client, "move_to_section", [live, draft, there], section=new.pk)
    assert "2 articles moved." in page
    assert "It is in New already." in page
    for article in (live, draft):
        stored = Article.objects.get(pk=article.pk)
        assert stored.section == new
        assert stored.revisions.latest().content["section"] == new.pk
        assert stored.updated_by == editor
    assert live.live_revision().section == old  # readers see no change


def test_moving_keeps_everything_else_of_the_draft(editor):
    draft = make_draft(body="Long story.", impacts=[(["Market"], "It matters.")])
    before = draft.revisions.latest().content
    new = make_section()
    do(client_of(editor), "move_to_section", [draft], section=new.pk)
    assert draft.revisions.latest().content == {**before, "section": new.pk}


def test_a_writer_hands_in_several_of_their_own():
    writer = make_user(role="Writer")
    author = make_author(user=writer)
    mine = [make_draft(authors=[author]), make_draft(authors=[author])]
    theirs = make_draft(headline="Somebody’s draft")
    client = client_of(writer)
    page = choose(client, "submit_for_review", [*mine, theirs])
    assert set(asked(page)) == {article.pk for article in mine}
    assert "Somebody’s draft" not in page  # not even its headline
    page = do(client, "submit_for_review", [*mine, theirs])
    assert "2 articles submitted for review." in page
    assert [status(article) for article in (*mine, theirs)] == ["in_review", "in_review", "draft"]


def test_a_plan_leaves_what_is_not_theirs_whoever_asks_for_it():
    draft = make_draft()
    plan = make_plan(SUBMIT, [draft.pk], by=make_user(role="Writer"))
    assert (plan.todo, plan.left) == ([], [(draft, "It is not yours to change.")])


@pytest.mark.parametrize("action", ["mark_as_ready", "send_back", "unpublish", "move_to_section"])
def test_a_writer_cannot_do_what_is_an_editors(action, editor):
    writer = make_user(role="Writer")
    article = make_article(authors=[make_author(user=writer)])
    workflow.submit(article=article, by=editor)
    section = make_section()
    do(client_of(writer), action, [article], note="x", section=section.pk)
    stored = Article.objects.get(pk=article.pk)
    assert stored.status == "in_review"
    assert stored.section != section
    assert stored.live_revision() is not None


def test_nothing_is_deleted_from_the_list(editor):
    draft = make_draft()
    page = choose(client_of(editor), "delete_selected", [draft], post="yes")
    assert "No action selected" in page
    assert Article.objects.filter(pk=draft.pk).exists()


def test_what_changed_since_the_page_was_shown_is_left_and_named(editor):
    first, second = make_draft(headline="Still whole"), make_draft(headline="Emptied meanwhile")
    client = client_of(editor)
    assert len(asked(choose(client, "mark_as_ready", [first, second]))) == 2
    Article.objects.filter(pk=second.pk).update(tldr="")
    page = do(client, "mark_as_ready", [first, second])
    assert "1 article marked as ready." in page
    assert "“Emptied meanwhile”: Something is missing." in page
    assert status(second) == "draft"


def test_too_many_at_once_are_refused(editor, settings):
    settings.PULSE_BULK_LIMIT = 2
    drafts = [make_draft() for _ in range(3)]
    page = do(client_of(editor), "mark_as_ready", drafts)
    assert "Nothing was done: choose up to 2 articles." in page
    assert {status(article) for article in drafts} == {"draft"}


def test_a_choice_that_is_no_article_is_a_bad_request(editor):
    data = {"action": "mark_as_ready", "_selected_action": ["1", "x"]}
    assert client_of(editor).post(LIST, data).status_code == 400
