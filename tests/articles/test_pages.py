"""Pages that are no stories: editors write them, readers find them at the foot of the site."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from articles.models import Page
from articles.page_pictures import picture_replaced, showing_pictures
from articles.pages import save_page, taken_words
from tests.factories import make_image, make_user

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def editor():
    return make_user(role="Editor")


@pytest.fixture
def desk(editor):
    client = Client()
    client.force_login(editor)
    return client


def make_page(editor, **fields) -> Page:
    given = {"title": "About", "slug": "about", "body": "We **write**.", "is_published": True, **fields}
    return save_page(page=Page(**given), by=editor)


def form(**fields: str) -> dict[str, str]:
    return {
        "title": "About",
        "slug": "about",
        "summary": "",
        "body": "We **write**.",
        "position": "0",
        **fields,
    }


def test_a_published_page_shows_its_text_and_stands_at_the_foot_of_every_page(editor):
    make_page(editor, summary="Who we are.")
    page = Client().get("/about/").content.decode()
    assert "<strong>write</strong>" in page
    assert '<meta name="description" content="Who we are.">' in page
    assert '<link rel="canonical" href="http://testserver/about/">' in page
    assert page.count("<h1") == 1
    assert 'href="/about/"' in Client().get("/").content.decode()


def test_an_unpublished_page_shows_nowhere_but_to_editors(editor, desk):
    page = make_page(editor, title="Hidden-title", is_published=False)
    assert Client().get("/about/").status_code == 404
    assert "Hidden-title" not in Client().get("/").content.decode()
    preview = f"/admin/articles/page/{page.pk}/preview/"
    assert "<strong>write</strong>" in desk.get(preview).content.decode()
    assert Client().get(preview).status_code == 302
    writer = Client()
    writer.force_login(make_user(role="Writer"))
    assert writer.get(preview).status_code == 403


def test_an_editor_writes_a_page_in_the_admin(desk):
    response = desk.post("/admin/articles/page/add/", form(is_published="on"))
    assert response.status_code == 302
    assert "<strong>write</strong>" in Client().get("/about/").content.decode()
    page = Page.objects.get()
    assert desk.get(f"/admin/articles/page/{page.pk}/change/").status_code == 200
    assert "/about/" in desk.get("/admin/articles/page/").content.decode()
    desk.post(f"/admin/articles/page/{page.pk}/change/", form(body="Others now.", is_published="on"))
    assert "Others now." in Client().get("/about/").content.decode()
    desk.post(f"/admin/articles/page/{page.pk}/delete/", {"post": "yes"})
    assert Client().get("/about/").status_code == 404


@pytest.mark.parametrize("role", ["Writer", "Moderator"])
def test_only_editors_write_pages(editor, role):
    somebody = make_user(role=role)
    client = Client()
    client.force_login(somebody)
    page = make_page(editor)
    for address in ("", "add/", f"{page.pk}/change/", f"{page.pk}/delete/"):
        assert client.get(f"/admin/articles/page/{address}").status_code == 403
    with pytest.raises(PermissionDenied):
        save_page(page=page, by=somebody)


@pytest.mark.parametrize(
    "slug",
    ["articles", "sections", "archive", "briefing", "outlook", "glossary", "admin", "accounts", "account",
     "feeds", "comments", "preview", "static", "media", "healthz", "search", "sitemap", "robots", "Admin"],
)  # fmt: skip
def test_an_address_that_the_site_uses_itself_is_refused(editor, desk, slug):
    with pytest.raises(ValidationError, match="The site uses"):
        make_page(editor, slug=slug)
    page = desk.post("/admin/articles/page/add/", form(slug=slug)).content.decode()
    assert f"The site uses /{slug}/ itself. Choose another address" in page
    assert not Page.objects.exists()


def test_what_begins_like_an_address_of_the_site_is_free(editor):
    assert not {"about", "contact", "articles-we-liked", ""} & taken_words()
    make_page(editor, slug="articles-we-liked")
    assert Client().get("/articles-we-liked/").status_code == 200


def test_a_page_never_hides_what_the_site_has_itself(editor):
    Page.objects.create(title="Mine", slug="archive", is_published=True)
    assert "Mine" not in Client().get("/archive/").content.decode().partition("<footer")[0]


def test_markdown_is_as_safe_as_a_storys(editor):
    make_page(editor, body="<script>alert(1)</script>\n\n[x](javascript:alert(1))")
    page = Client().get("/about/").content.decode()
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_a_picture_on_a_page_is_in_use_and_is_shown_anew_when_replaced(editor):
    image = make_image()
    page = make_page(editor, body=f"![]({image.file.url})", is_published=False)
    assert "<img" in page.body_html
    uses = showing_pictures([image], in_history=False, seen_by=editor, most=9)
    assert [use.label for use in uses[image.pk].shown] == ["About (page)"]
    writer = make_user(role="Writer")
    others = showing_pictures([image, make_image()], in_history=False, seen_by=writer, most=9)
    assert [use.label for use in others.pop(image.pk).shown] == ["A page that is not public"]
    assert not others
    Page.objects.update(body_html=f'<p><img src="{image.file.url}"></p>')
    picture_replaced(image)
    assert Page.objects.get().body_html == page.body_html
