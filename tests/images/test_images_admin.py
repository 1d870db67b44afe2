"""The picture library as the newsroom uses it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from images.library import add_image
from images.models import Image
from tests.factories import make_user
from tests.images.hostile import BROKEN, NOT_PICTURES, encoded, halves

pytestmark = pytest.mark.django_db
LIST, ADD = "admin:images_image_changelist", "admin:images_image_add"


@pytest.fixture
def editor(client: Client) -> Client:
    """A browser in which an editor is signed in."""
    client.force_login(make_user(role="Editor", name="Ed Itor"))
    return client


def make_image(width: int = 60, **words: str) -> Image:
    return add_image(data=encoded(halves(width), "PNG"), by=make_user(), **words)


def add(client: Client, data: bytes | None = None, **fields: str) -> Any:
    file = SimpleUploadedFile("a.png", encoded(halves(), "PNG") if data is None else data)
    return client.post(reverse(ADD), {"upload": file, **fields})


def change_address(image: Image) -> str:
    return reverse("admin:images_image_change", args=[image.pk])


def change(client: Client, image: Image, **fields: Any) -> Any:
    form = {
        "alt": image.alt,
        "caption": "",
        "credit": "",
        "licence": "",
        "focal_x": 50,
        "focal_y": 50,
        **fields,
    }
    return client.post(change_address(image), form)


def errors(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', response.content.decode(), re.DOTALL))


# ---- Adding


def test_admin_adds_a_picture(editor: Client) -> None:
    """The form takes a file and words, and says who added it."""
    response = add(editor, alt="Two colours", caption="A caption", credit="Studio", licence="CC BY")
    image = Image.objects.get()
    assert response.status_code == 302
    assert (image.alt, image.caption, image.credit, image.licence) == (
        "Two colours",
        "A caption",
        "Studio",
        "CC BY",
    )
    assert image.uploaded_by is not None
    assert image.uploaded_by.display_name == "Ed Itor"
    assert image.renditions.count() == 7
    assert editor.get(change_address(image)).status_code == 200


def test_admin_asks_for_alternative_text(editor: Client, media_root: Path) -> None:
    """Without it the picture is not added, and the other words are still in the form."""
    response = add(editor, caption="Kept as typed")
    assert "Say what the picture shows" in errors(response)
    assert "Kept as typed" in response.content.decode()
    assert not Image.objects.exists()
    assert not media_root.exists()


def test_admin_lets_a_decoration_be_silent(editor: Client) -> None:
    """A picture without alternative text is one that somebody called decoration."""
    assert add(editor, is_decoration="on").status_code == 302
    assert Image.objects.get().alt == ""


def test_admin_refuses_a_decoration_with_text(editor: Client) -> None:
    """It is one or the other."""
    assert "A decoration has no alternative text" in errors(add(editor, alt="Text", is_decoration="on"))


@pytest.mark.parametrize("name", ["svg", "html", "nothing"])
def test_admin_refuses_what_is_no_picture(editor: Client, name: str) -> None:
    """The form says so beside the file."""
    message = errors(add(editor, NOT_PICTURES[name](), alt="Alt"))
    assert "JPEG, PNG, WebP, GIF or AVIF" in message or "empty" in message


@pytest.mark.parametrize("name", ["truncated png", "bomb of 169 million pixels"])
def test_admin_refuses_broken_pictures(editor: Client, name: str) -> None:
    """A damaged picture is an error in the form, not a failure."""
    assert "upload" in errors(add(editor, BROKEN[name](), alt="Alt"))


def test_admin_refuses_too_many_bytes(editor: Client, settings: Any) -> None:
    """The limit is named."""
    settings.PULSE_UPLOAD_MAX_BYTES = 1_000_000
    assert "at most 1 MB" in errors(add(editor, bytes(1_000_001), alt="Alt"))


def test_admin_names_the_picture_that_is_there_already(editor: Client) -> None:
    """A second upload of the same file leads to the first."""
    make_image(alt="Two colours")
    assert "in the library already: “Two colours”" in errors(add(editor, alt="Again"))
    assert Image.objects.count() == 1


# ---- Changing


def test_admin_changes_the_words(editor: Client) -> None:
    """Words change, the files do not."""
    image = make_image(alt="Old")
    before = {str(rendition.file) for rendition in image.renditions.all()}
    assert change(editor, image, alt="New", credit="Studio").status_code == 302
    image.refresh_from_db()
    assert (image.alt, image.credit) == ("New", "Studio")
    assert {str(rendition.file) for rendition in image.renditions.all()} == before


def test_admin_crops_again_about_a_new_focal_point(editor: Client) -> None:
    """Saving another focal point makes new crops."""
    image = make_image(alt="Alt")
    assert change(editor, image, focal_x=10, focal_y=90).status_code == 302
    image.refresh_from_db()
    assert (image.focal_x, image.focal_y) == (10, 90)
    assert str(image.renditions.get(preset="square.jpg").file).endswith("-square-10-90.jpg")


@pytest.mark.parametrize("focal", [{"focal_x": 101}, {"focal_y": -1}, {"focal_x": ""}])
def test_admin_refuses_a_focal_point_outside(editor: Client, focal: dict[str, Any]) -> None:
    """Percent run from 0 to 100."""
    assert errors(change(editor, make_image(alt="Alt"), **focal))


def test_admin_says_when_the_file_is_missing(editor: Client, media_root: Path) -> None:
    """A lost file cannot be cropped; its words can still be changed."""
    image = make_image(alt="Alt")
    (media_root / str(image.file)).unlink()
    assert "file of this picture is missing" in errors(change(editor, image, focal_x=10))
    assert change(editor, image, alt="New").status_code == 302


def test_admin_shows_every_crop(editor: Client) -> None:
    """The form shows how the picture will be cut, and what to write in a story."""
    image = make_image(alt="Alt")
    html = editor.get(change_address(image)).content.decode()
    assert all(f"-{crop}-50-50.jpg" in html for crop in ("card", "square", "social"))
    assert f"![Alt]({image.file.url})" in html


# ---- Listing and deleting


def test_admin_list_costs_the_same_for_many(editor: Client) -> None:
    """The number of queries does not grow with the pictures."""
    make_image(10)
    with CaptureQueriesContext(connection) as one:
        editor.get(reverse(LIST))
    for width in (20, 30, 40, 50):
        make_image(width)
    with CaptureQueriesContext(connection) as five:
        html = editor.get(reverse(LIST)).content.decode()
    assert len(five) == len(one)
    assert html.count("-w480.webp") == 5


def test_admin_finds_pictures(editor: Client) -> None:
    """By what they show, their caption and their credit; and those without alternative text."""
    for width, words in ((10, {"alt": "Harbour"}), (20, {"caption": "Winter"}), (30, {"credit": "Studio"})):
        make_image(width, **words)
    for search in ("harb", "winter", "studio"):
        assert "1 result" in editor.get(reverse(LIST), {"q": search}).content.decode()
    assert "2 images" in editor.get(reverse(LIST), {"alt__isempty": "1"}).content.decode()


def test_admin_deletes_files_with_pictures(
    editor: Client, media_root: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """One from its page, several from the list."""
    first, second, third = (make_image(width, alt="Alt") for width in (10, 20, 30))
    with django_capture_on_commit_callbacks(execute=True):
        editor.post(reverse("admin:images_image_delete", args=[first.pk]), {"post": "yes"})
        action = {"action": "delete_selected", "_selected_action": [second.pk, third.pk], "post": "yes"}
        editor.post(reverse(LIST), action)
    assert not Image.objects.exists()
    assert not list(media_root.iterdir())


@pytest.mark.parametrize(
    ("who", "status"), [({"role": "Moderator"}, 403), ({"is_staff": True}, 403), ({}, 302)]
)
def test_admin_is_for_those_who_may(client: Client, who: dict[str, Any], status: int) -> None:
    """Others see no library and add nothing."""
    client.force_login(make_user(**who))
    assert client.get(reverse(LIST)).status_code == status
    assert add(client, alt="Alt").status_code == status
    assert not Image.objects.exists()


def test_admin_pages_need_no_inline_style_or_script(editor: Client) -> None:
    """What we add to the admin keeps to the content security policy."""
    image = make_image(alt="Alt")
    for address in (reverse(LIST), reverse(ADD), change_address(image)):
        html = editor.get(address).content.decode()
        assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html)
