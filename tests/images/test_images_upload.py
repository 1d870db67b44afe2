"""Dropping a picture into the editor: who may, what is taken, and that a refusal is a sentence in JSON."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from images.models import Image
from tests.factories import make_user
from tests.images.hostile import BROKEN, NOT_PICTURES, encoded, from_a_phone, halves

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def editor(client: Client) -> Client:
    """A browser in which an editor is signed in."""
    client.force_login(make_user(role="Editor"))
    return client


def send(
    client: Client, data: bytes | None = None, name: str = "a.png", kind: str = "image/png", **fields: str
) -> Any:
    data = encoded(halves(), "PNG") if data is None else data
    file = SimpleUploadedFile(name, data, content_type=kind)
    return client.post(reverse("markdownx_upload"), {"image": file, **fields})


def sentence(response: Any) -> str:
    """The error of a refused upload, which must be JSON and read as a sentence."""
    assert response.headers["Content-Type"] == "application/json"
    error = str(response.json()["error"])
    assert error[0].isupper()
    assert error.endswith(".")
    return error


# ---- Taken


def test_upload_answers_with_what_to_write(editor: Client) -> None:
    """An editor gets the address and the Markdown of the picture, with their text."""
    answer = send(editor, alt="Red [and] blue").json()
    image = Image.objects.get()
    assert answer == {
        "id": image.pk,
        "address": f"/media/{image.file}",
        "markdown": rf"![Red \[and\] blue](/media/{image.file})",
        "width": 60,
        "height": 20,
        "is_new": True,
        "title": "Red [and] blue",
        "lacks_alt": False,
        "thumbnail": f"/media/{image.renditions.get(preset='w480.webp').file}",
        "change": f"/admin/images/image/{image.pk}/change/",
        "describe": f"/admin/images/image/{image.pk}/describe/",
    }
    assert image.alt == "Red [and] blue"
    shown = editor.get(answer["address"])
    assert shown.status_code == 200
    shown.close()


def test_upload_recognises_a_picture(editor: Client) -> None:
    """The same bytes again are the same picture; the text given with them is for this place only."""
    first = send(editor, alt="First").json()
    again = send(editor, alt="Again").json()
    assert again == {**first, "markdown": f"![Again]({first['address']})", "is_new": False}
    assert send(editor).json()["markdown"] == first["markdown"]
    assert Image.objects.get().alt == "First"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../../evil.html", "text/html"),
        ("..\\..\\evil.php", "application/x-php"),
        ("a.svg", "image/svg+xml"),
        ("a.png.html", "image/gif"),
        ("a" * 300, "nonsense"),
    ],
)
def test_upload_ignores_name_and_declared_type(
    editor: Client, media_root: Path, name: str, kind: str
) -> None:
    """A picture is kept under our name and extension, whatever it was called."""
    answer = send(editor, name=name, kind=kind).json()
    assert answer["address"] == f"/media/{Image.objects.get().content_hash[:32]}.png"
    assert {path.suffix for path in media_root.iterdir()} == {".png", ".jpg", ".webp"}
    assert {path.name for path in media_root.parent.iterdir()} == {"media"}


def test_upload_publishes_no_location(editor: Client, media_root: Path) -> None:
    """No file that came of a telephone's picture holds its tags."""
    send(editor, from_a_phone(), name="a.jpg")
    stored = [path.read_bytes() for path in media_root.iterdir()]
    assert len(stored) > 5
    assert not any(word in data for data in stored for word in (b"Secret", b"Exif", b"GPS"))


def test_upload_takes_transparency_declared_as_jpeg(editor: Client) -> None:
    """An RGBA picture with a JPEG's name is a PNG for us, and no error."""
    data = encoded(halves().convert("RGBA").resize((9, 9)).rotate(30), "PNG")
    assert send(editor, data, name="a.jpg", kind="image/jpeg").json()["address"].endswith(".png")


# ---- Refused


@pytest.mark.parametrize("kind", ["image/png", "image/gif", "image/svg+xml"])
@pytest.mark.parametrize("name", NOT_PICTURES)
def test_upload_refuses_what_is_no_picture(editor: Client, media_root: Path, name: str, kind: str) -> None:
    """A page or drawing that could run script is not kept, whatever it says it is."""
    response = send(editor, NOT_PICTURES[name](), name="a.gif", kind=kind)
    assert response.status_code == 415
    assert "JPEG, PNG, WebP, GIF or AVIF" in sentence(response)
    assert not media_root.exists()


@pytest.mark.parametrize("name", BROKEN)
def test_upload_refuses_broken_pictures(editor: Client, media_root: Path, name: str) -> None:
    """Damaged pictures and bombs are 400 with a sentence, never a 500."""
    response = send(editor, BROKEN[name]())
    assert response.status_code == 400
    assert sentence(response)
    assert not media_root.exists()


def test_upload_refuses_too_many_bytes(editor: Client, settings: Settings) -> None:
    """The limit is named in the answer, and the file is not even read."""
    settings.PULSE_UPLOAD_MAX_BYTES = 1_000_000
    response = send(editor, bytes(1_000_001))
    assert response.status_code == 413
    assert sentence(response) == "A picture may have at most 1 MB."


@pytest.mark.parametrize("fields", [{}, {"image": "no file"}, {"file": SimpleUploadedFile("a.png", b"x")}])
def test_upload_refuses_a_form_without_picture(editor: Client, fields: dict[str, Any]) -> None:
    """A missing field is 400."""
    response = editor.post(reverse("markdownx_upload"), fields)
    assert response.status_code == 400
    assert sentence(response)


@pytest.mark.parametrize("alt", ["x" * 301, "bell \x07"])
def test_upload_refuses_words_that_cannot_be_published(editor: Client, alt: str) -> None:
    """Alternative text that is too long or holds control characters is 400."""
    response = send(editor, alt=alt)
    assert response.status_code == 400
    assert sentence(response)
    assert not Image.objects.exists()


def test_upload_says_when_the_disk_is_full(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failing store is an answer too."""

    def fail(*args: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", fail)
    response = send(editor)
    assert response.status_code == 503
    assert "could not be stored" in sentence(response)
    assert not Image.objects.exists()


# ---- Not too many


def test_upload_refuses_too_many_in_a_minute(editor: Client, settings: Settings) -> None:
    """Of one person, taken or not; the answer says when to go on, and others are not kept waiting."""
    settings.PULSE_UPLOADS_PER_MINUTE = 2
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, 0, 20, tzinfo=dt.UTC), tick=False) as clock:
        assert send(editor).status_code == 200
        assert send(editor, b"no picture").status_code == 415
        response = send(editor)
        assert response.status_code == 429
        assert response.headers["Retry-After"] == "40"
        assert "2 pictures in a minute" in sentence(response)
        other = Client()
        other.force_login(make_user(role="Writer"))
        assert send(other).status_code == 200
        clock.shift(40)
        assert send(editor).status_code == 200


def test_upload_goes_on_without_a_cache(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that forgets at once keeps nobody from working."""
    monkeypatch.setattr("pulse.limits.cache.add", lambda *args, **kwargs: True)
    assert send(editor).status_code == 200


def test_upload_takes_a_decoration(editor: Client) -> None:
    """Whoever says so when sending it is not asked for words; text and decoration at once is text."""
    assert send(editor, is_decoration="on").json()["lacks_alt"] is False
    assert Image.objects.get().is_decoration
    other = send(editor, encoded(halves(30, 30), "PNG"), alt="Text", is_decoration="on").json()
    assert not Image.objects.get(pk=other["id"]).is_decoration


# ---- Who may


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ({"role": "Editor"}, 200),
        ({"role": "Writer"}, 200),
        ({"is_superuser": True, "is_staff": True}, 200),
        ({"role": "Moderator"}, 403),
        ({"is_staff": True}, 403),
        ({"role": "Editor", "is_staff": False}, 403),
        ({}, 403),
        (None, 403),
    ],
    ids=["editor", "writer", "superuser", "moderator", "bare staff", "not staff", "reader", "anonymous"],
)
def test_upload_is_for_those_who_may_add_pictures(
    client: Client, media_root: Path, who: dict[str, Any] | None, status: int
) -> None:
    """Everybody else gets 403 in JSON, not a redirect, and nothing is kept."""
    if who is not None:
        client.force_login(make_user(**who))
    response = send(client)
    assert response.status_code == status
    assert media_root.exists() == (status == 200)
    if status == 403:
        assert "Sign in" in sentence(response)


def test_upload_refuses_a_closed_account(client: Client) -> None:
    """An editor who has left uploads nothing."""
    user = make_user(role="Editor")
    client.force_login(user)
    user.is_active = False
    user.save()
    assert send(client).status_code == 403


def test_upload_needs_the_csrf_token() -> None:
    """Another site cannot send a picture in an editor's name."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(role="Editor"))
    assert send(client).status_code == 403
    assert not Image.objects.exists()


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_upload_is_post_only(editor: Client, method: str) -> None:
    """There is nothing to read here."""
    assert getattr(editor, method)(reverse("markdownx_upload")).status_code == 405


def test_upload_is_kept_by_no_cache(editor: Client) -> None:
    """Answers are for the person who asked."""
    assert "no-store" in send(editor).headers["Cache-Control"]
