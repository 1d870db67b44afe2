"""The picture library as the newsroom uses it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.storage import FileSystemStorage
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

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST, ADD = "admin:images_image_changelist", "admin:images_image_add"


@pytest.fixture
def editor(client: Client) -> Client:
    """A browser in which an editor is signed in."""
    client.force_login(make_user(role="Editor", name="Ed Itor"))
    return client


def make_image(width: int = 60, **words: Any) -> Image:
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
    assert image.renditions.count() == 9
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
    image = make_image(alt="Two colours")
    link = f'in the library already: <a href="{change_address(image)}">“Two colours”</a>'
    assert link in errors(add(editor, alt="Again"))
    assert Image.objects.count() == 1


def test_admin_says_beside_the_field_that_the_disk_is_full(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a 500; what was typed is still there."""

    def fail(*args: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", fail)
    response = add(editor, alt="Alt", credit="Kept as typed")
    assert "The picture could not be stored." in errors(response)
    assert "Kept as typed" in response.content.decode()
    assert not Image.objects.exists()


@pytest.mark.parametrize("page", ["add", "replace"])
def test_admin_refuses_too_many_pictures_in_a_minute(editor: Client, settings: Any, page: str) -> None:
    """With a sentence beside the field, and for machines with 429 and a time to come back."""
    image = make_image(alt="Alt")
    settings.PULSE_UPLOADS_PER_MINUTE = 0
    addresses = {"add": reverse(ADD), "replace": reverse("admin:images_image_replace", args=[image.pk])}
    file = SimpleUploadedFile("a.png", encoded(halves(30), "PNG"))
    response = editor.post(addresses[page], {"upload": file, "alt": "Alt"})
    assert response.status_code == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert "pictures in a minute" in response.content.decode()
    assert Image.objects.count() == 1


# ---- Describing in place


def describe(client: Client, image: Image, *, as_json: bool = True, **fields: str) -> Any:
    headers = {"Accept": "application/json" if as_json else "text/html"}
    return client.post(
        reverse("admin:images_image_describe", args=[image.pk]), fields, headers=headers, follow=not as_json
    )


def test_admin_marks_what_lacks_alternative_text(editor: Client) -> None:
    """A decoration lacks nothing; a picture that was only dropped asks for its words where it stands."""
    make_image(10, alt="Described")
    add_image(data=encoded(halves(20), "PNG"), by=None, is_decoration=True)
    assert "No alternative text" not in editor.get(reverse(LIST)).content.decode()
    image = make_image(30)
    html = editor.get(reverse(LIST)).content.decode()
    assert html.count("No alternative text") == 1
    assert f'action="/admin/images/image/{image.pk}/describe/"' in html
    form = editor.get(change_address(image)).context["adminform"].form
    assert not form["is_decoration"].value()  # nobody has said so


def test_admin_describes_a_picture_in_place(editor: Client) -> None:
    """For a script in JSON, else with a sentence on the page it was on."""
    image = make_image()
    assert describe(editor, image, alt="A harbour", credit="Studio").json() == {"title": "A harbour"}
    image.refresh_from_db()
    assert (image.alt, image.credit, image.lacks_alt) == ("A harbour", "Studio", False)
    response = describe(editor, image, as_json=False, is_decoration="on", back=f"{reverse(LIST)}?p=1")
    assert response.redirect_chain == [(f"{reverse(LIST)}?p=1", 302)]
    assert "The picture is described." in response.content.decode()
    image.refresh_from_db()
    assert (image.alt, image.is_decoration) == ("", True)


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_admin_goes_back_to_no_other_site(editor: Client, back: str) -> None:
    """A form made elsewhere cannot send an editor away."""
    response = describe(editor, make_image(), as_json=False, alt="A harbour", back=back)
    assert response.redirect_chain == [(reverse(LIST), 302)]


@pytest.mark.parametrize(
    "fields", [{}, {"alt": "x" * 301}, {"alt": "bell \x07"}, {"alt": "A", "is_decoration": "on"}]
)
def test_admin_refuses_words_in_place_with_a_sentence(editor: Client, fields: dict[str, Any]) -> None:
    """And changes nothing."""
    image = make_image(caption="As it was")
    response = describe(editor, image, **fields)
    assert response.status_code == 400
    assert response.json()["error"].endswith(".")
    assert response.json()["error"] in describe(editor, image, as_json=False, **fields).content.decode()
    image.refresh_from_db()
    assert (image.alt, image.is_decoration) == ("", False)


@pytest.mark.parametrize(
    ("who", "status"),
    [({"role": "Writer"}, 200), ({"role": "Moderator"}, 403), ({"is_staff": True}, 403), ({}, 302)],
)
def test_admin_lets_the_newsroom_describe(client: Client, who: dict[str, Any], status: int) -> None:
    """Writers too; nobody else."""
    client.force_login(make_user(**who))
    image = make_image()
    assert describe(client, image, alt="A harbour").status_code == status
    assert Image.objects.filter(alt="A harbour").exists() == (status == 200)


def test_admin_has_no_picture_to_describe(editor: Client) -> None:
    assert editor.post("/admin/images/image/404/describe/", {"alt": "A"}).status_code == 404
    assert editor.get(reverse("admin:images_image_describe", args=[make_image().pk])).status_code == 405


def test_admin_offers_nothing_that_is_not_allowed(client: Client) -> None:
    """A writer has no box to tick and no way to delete; who may only look can neither add nor describe."""
    image = make_image()
    client.force_login(make_user(role="Writer"))
    html = client.get(reverse(LIST)).content.decode()
    assert "Add pictures" in html
    assert "action-select" not in html
    assert client.get(reverse("admin:images_image_delete", args=[image.pk])).status_code == 403
    reader = make_user(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_image"))
    client.force_login(reader)
    html = client.get(reverse(LIST)).content.decode()
    assert "No alternative text" in html
    assert not any(words in html for words in ("Add pictures", "Add one picture", "describe/"))


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
    assert "2 pictures" in editor.get(reverse(LIST), {"alt": "missing"}).content.decode()
    assert "1 picture\n" in editor.get(reverse(LIST), {"alt": "written"}).content.decode()


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
