"""The prints of stories: made at publication, served as they were made, made again when a section changes."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import drawings, publishing, rendering
from articles.drawings import draw, keep_prints
from articles.models import Article, Drawing, Revision, Section
from tests.factories import change_headline, make_article, make_draft, make_section, make_user

pytestmark = [pytest.mark.once, pytest.mark.django_db]

BODY = "One short sentence. And a somewhat longer one after it.\n\nA second paragraph, to have two."


@pytest.fixture
def article() -> Article:
    return make_article(body=BODY)


def address(article: Article, shape: str = "wide") -> str:
    return f"/articles/{article.slug}/print-{shape}.svg"


def fetch(article: Article, shape: str = "wide") -> str:
    response = Client().get(address(article, shape))
    assert response.status_code == 200
    return response.content.decode()


def live(article: Article) -> Revision:
    return article.revisions.live().get()


@pytest.mark.parametrize("shape", ["wide", "square"])
def test_publishing_keeps_the_print(article: Article, shape: str) -> None:
    """In both shapes, drawn from the story's own sentences in its section's kind."""
    kept = Drawing.objects.get(revision=live(article), shape=shape)
    revision = live(article)
    kind = article.section.print_kind
    assert kept.svg == draw(revision.paragraphs, kind=kind, shape=shape, seed=article.slug)
    assert fetch(article, shape) == kept.svg


def test_print_is_served_and_not_drawn(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    """One query, and nothing is laid out for a reader."""
    monkeypatch.setattr(drawings, "print_marks", None)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = Client().get(address(article))
    assert response.status_code == 200
    assert len(queries) == 1
    assert response.headers["Content-Type"] == "image/svg+xml"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'sha256-" in policy
    assert "unsafe-inline" not in policy
    assert not response.cookies
    assert "Vary" not in response.headers


def test_print_of_a_draft_is_nobodys() -> None:
    """Nor one of a story that is scheduled, has ended or is withdrawn."""
    editor = make_user(role="Editor")
    draft = make_draft()
    scheduled = make_draft(by=editor)
    publishing.schedule(article=scheduled, by=editor, at=timezone.now() + dt.timedelta(hours=1))
    ended, withdrawn = make_article(), make_article()
    publishing.unpublish(article=ended, by=editor)
    publishing.withdraw(article=withdrawn, by=editor)
    for article in (draft, scheduled, ended, withdrawn):
        assert Client().get(address(article)).status_code == 404
    assert Client().get("/articles/nothing-here/print-wide.svg").status_code == 404


def test_print_changes_with_the_story(article: Article) -> None:
    """The live version's, and a scheduled one's not before its time."""
    editor = make_user(role="Editor")
    before = fetch(article)
    article.body = BODY + "\n\nA third. With many more short sentences. Really. Many."
    change_headline(article, "Another headline")
    publishing.schedule(article=article, by=editor, at=timezone.now() + dt.timedelta(hours=1))
    assert fetch(article) == before
    publishing.publish(article=article, by=editor)
    assert fetch(article) != before


def test_story_from_before_prints_were_kept_has_one(article: Article) -> None:
    """Drawn when it is asked for, until the command has filled it in."""
    kept = fetch(article)
    Drawing.objects.all().delete()
    assert fetch(article) == kept
    assert not Drawing.objects.exists()
    call_command("make_social_pictures", verbosity=0)
    assert set(Drawing.objects.values_list("shape", flat=True)) == {"wide", "square"}
    assert fetch(article) == kept


def test_keeping_prints_again_changes_nothing(article: Article) -> None:
    before = list(Drawing.objects.order_by("pk").values_list("pk", "svg"))
    keep_prints(live(article))
    assert list(Drawing.objects.order_by("pk").values_list("pk", "svg")) == before


def test_drawing_is_made_again_when_its_section_draws_otherwise() -> None:
    """By the worker. Until then readers see the old one; other sections' stories keep theirs."""
    section = make_section()
    article, other = make_article(section=section, body=BODY), make_article(body=BODY)
    before, others = fetch(article), fetch(other)
    Section.objects.filter(pk=section.pk).update(print_kind=Section.Print.POLAR)
    drawings.section_changed(Section.objects.get(pk=section.pk))
    assert fetch(article) == before
    rendering.render_stale_batch()
    polar = draw(live(article).paragraphs, kind="polar", shape="wide", seed=article.slug)
    assert fetch(article) == polar != before
    assert fetch(other) == others


def test_editor_changes_a_sections_drawing() -> None:
    """In the admin: its kind or its name has its stories drawn again, a description does not."""
    section = make_section()
    article = make_article(section=section)
    client = Client()
    client.force_login(make_user(role="Editor"))
    fields = {"name": section.name, "slug": section.slug, "position": "0", "description": ""}
    change = f"/admin/articles/section/{section.pk}/change/"
    for asked, is_stale in [
        ({"print_kind": "strip", "description": "New."}, False),
        ({"print_kind": "polar"}, True),
    ]:
        assert client.post(change, fields | asked).status_code == 302
        assert live(article).is_stale is is_stale
