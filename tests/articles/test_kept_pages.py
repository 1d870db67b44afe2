"""Whatever changes is on every kept page at once: the same bytes as a page made afresh."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from articles import discussions, publishing
from articles.composing import FRONT_TOP
from articles.models import Lens, Page
from articles.pages import save_page
from comments import house, writing
from comments.moderation import approving, picking
from glossary.editing import save_term
from glossary.models import Term
from images.cropping import set_focal_point
from pulse.models import Part
from pulse.tags import NOTES
from tests.articles.kept import Publication, is_kept, keep_all, pages_of
from tests.factories import change_headline, make_article, make_user

pytestmark = pytest.mark.django_db


def rename(kind: str, filed: Any, **fields: Any) -> None:
    """In the newsroom, with its form."""
    client = Client()
    client.force_login(make_user(role="Editor"))
    response = client.post(f"/admin/articles/{kind}/{filed.pk}/change/", {"slug": filed.slug, **fields})
    assert response.status_code == 302, response.content.decode()


def correct_term(here: Publication) -> None:
    here.term.definition = "Memory that is written with light."
    save_term(term=here.term, by=here.editor)


def rename_term(here: Publication) -> None:
    here.term.name = "optical memory"
    save_term(term=here.term, by=here.editor)


def publish_term(here: Publication) -> None:
    here.draft.status = Term.Status.PUBLISHED
    save_term(term=here.draft, by=here.editor)


def describe_picture(here: Publication) -> None:
    client = Client()
    client.force_login(make_user(role="Editor"))
    address = f"/admin/images/image/{here.image.pk}/change/"
    fields = {"alt": "A wafer in a hand", "focal_x": 50, "focal_y": 50, "licence": here.image.licence}
    assert client.post(address, fields).status_code == 302


def change_story(here: Publication) -> None:
    change_headline(here.story, "Light recalls", by=here.editor)
    publishing.publish(article=here.story, by=here.editor)


def withdraw_other(here: Publication) -> None:
    publishing.withdraw(article=here.other, by=here.editor)


def rename_page(here: Publication) -> None:
    page = Page.objects.get(slug="about")
    page.title = "About us"
    save_page(page=page, by=here.editor)


def rename_reader(here: Publication) -> None:
    client = Client()
    client.force_login(here.reader)
    assert client.post("/account/", {"display_name": "Iris Other"}).status_code == 302


def link_author(here: Publication) -> None:
    fields = {"name": here.author.name, "role": "Reader", "place": "", "bio": "", "user": here.reader.pk}
    rename("author", here.author, **fields)


def stop_all_discussions(here: Publication) -> None:
    rules = house.read()
    rules.mode = "off"
    house.change_rules(rules=rules, by=make_user(is_superuser=True))


CHANGES: dict[str, Callable[[Publication], Any]] = {
    "a definition": correct_term,
    "a term's name": rename_term,
    "a term that was a draft": publish_term,
    "an author": lambda here: rename("author", here.author, name="Ada", role="", place="", bio=""),
    "an author's account": link_author,
    "a section": lambda here: rename("section", here.section, name="Wafers", print_kind="ridge", position=0),
    "a topic": lambda here: rename("topic", here.topic, name="Photonics"),
    "a lens": lambda here: rename("lens", Lens.objects.get(name="Market"), name="Money", position=0),
    "a picture's description": describe_picture,
    "a picture's crop": lambda here: set_focal_point(image=here.image, x=10, y=90),
    "a correction": lambda here: publishing.correct(
        article=here.story, by=here.editor, kind="update", text="Ten, after all."
    ),
    "a story": change_story,
    "a story's address": lambda here: publishing.change_slug(
        article=here.other, slug="light-forgets-again", by=here.editor
    ),
    "a story that left": lambda here: publishing.unpublish(article=here.other, by=here.editor),
    "a story taken back": withdraw_other,
    "a new story": lambda here: make_article(section=here.section, by=here.editor),
    "a comment": lambda here: writing.post(article=here.story, by=make_user(), body="Third.", key="3"),
    "a comment removed": lambda here: approving.reject(
        comment=here.story.comments.first(), by=make_user(role="Moderator"), reason="spam", text_number=1
    ),
    "a comment picked": lambda here: picking.pick(
        comment=here.story.comments.first(), by=make_user(role="Moderator"), text_number=1
    ),
    "respect for a comment": lambda here: writing.respect(
        comment=here.story.comments.first(), by=make_user()
    ),
    "a reader's name": rename_reader,
    "a closed discussion": lambda here: discussions.change_discussion(
        article=here.story, discussion="closed", by=here.editor
    ),
    "a hidden discussion": lambda here: discussions.change_discussion(
        article=here.story, discussion="hidden", by=here.editor
    ),
    "a page of the site": rename_page,
    "the house's rules": stop_all_discussions,
}
# What these show of a change comes with another piece of the site.
NOT_ON_THESE_PAGES = {"respect for a comment", "a picture's crop"}


@pytest.mark.once
@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_on_every_page_at_once_and_the_worker_keeps_it(
    what, here, assert_right, django_capture_on_commit_callbacks
):
    before = {address: Client().get(address).content for address in pages_of(here)}
    with django_capture_on_commit_callbacks(execute=True):
        CHANGES[what](here)
    assert_right(*pages_of(here))
    after = {address: Client().get(address).content for address in pages_of(here)}
    assert after != before or what in NOT_ON_THESE_PAGES
    keep_all()
    assert_right(*pages_of(here))
    assert is_kept(here.story.get_absolute_url())
    assert is_kept("/")


@pytest.mark.once
@pytest.mark.parametrize("is_kept_page", [True, False])
def test_the_front_page_changes_when_a_story_that_is_not_on_it_is_discussed_most(
    here, settings, is_kept_page, assert_right, django_capture_on_commit_callbacks
):
    """It shows its number of comments, as far as the page cache is told: each of them may be the most."""
    settings.PULSE_PAGE_SIZE = FRONT_TOP + 1
    articles = [make_article(headline=f"Story {number}", by=here.editor) for number in range(FRONT_TOP + 2)]
    with django_capture_on_commit_callbacks(execute=True):
        keep_all() if is_kept_page else Part.objects.all().delete()
    before = Client().get("/")
    assert "Story 0" not in before.content.decode()
    assert f"comments:{articles[0].pk}" in before.wsgi_request.META[NOTES]
    for number in range(3):
        writing.post(article=articles[0], by=make_user(), body=f"Thought {number}", key=f"n{number}")
    assert 'Story 0</a></h3><p class="meta">3 comments' in Client().get("/").content.decode()
    assert is_kept("/") is is_kept_page
    if is_kept_page:
        assert_right("/")
