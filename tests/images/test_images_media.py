"""The files themselves: served as pictures and as nothing else."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from images.library import add_image
from images.models import Image
from tests.images.hostile import encoded, halves

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def image() -> Image:
    return add_image(data=encoded(halves(), "PNG"), by=None)


def body(response: Any) -> bytes:
    content = b"".join(response.streaming_content)
    response.close()
    return content


@pytest.mark.parametrize(
    ("preset", "kind"),
    [
        (None, "image/png"),
        ("w480.webp", "image/webp"),
        ("square.jpg", "image/jpeg"),
        ("social.jpg", "image/jpeg"),
    ],
)
def test_media_serves_our_files(
    client: Client, media_root: Path, image: Image, preset: str | None, kind: str
) -> None:
    """Each file comes with its own type and with orders to run nothing in it."""
    file = image.renditions.get(preset=preset).file if preset else image.file
    response = client.get(file.url)
    assert response.status_code == 200
    assert body(response) == (media_root / str(file)).read_bytes()
    assert response.headers["Content-Type"] == kind
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in response.headers
    assert "Vary" not in response.headers


def test_media_is_read_once(client: Client, image: Image) -> None:
    """A browser that has the file is told so, without it."""
    first = client.get(image.file.url)
    first.close()
    again = client.get(image.file.url, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.content
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]


def test_media_answers_head(client: Client, image: Image) -> None:
    """HEAD says how large the file is."""
    response = client.head(image.file.url)
    assert response.status_code == 200
    assert int(response.headers["Content-Length"]) == image.file.size
    response.close()


def test_media_takes_nothing(client: Client, image: Image) -> None:
    """Files are only read here."""
    assert client.post(image.file.url).status_code == 405


HASH = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    "name",
    [
        f"{HASH}.png",
        f"{HASH}-w480.webp",
        "evil.html",
        f"{HASH}.html",
        f"{HASH}.svg",
        f"{HASH}.png.html",
        f"{HASH}-w480.webp%0a",
        f"{HASH.upper()}.png",
        f"{HASH}-w481.webp",
        "..%2fsecret.txt",
        "%2e%2e/secret.txt",
        "..%5csecret.txt",
        "%252e%252e%252fsecret.txt",
        "",
        ".",
        "folder/",
    ],
)
def test_media_serves_nothing_else(client: Client, media_root: Path, name: str) -> None:
    """A name we would not give is 404, even if there is such a file."""
    media_root.mkdir()
    (media_root.parent / "secret.txt").write_text("secret")
    for stray in ("evil.html", f"{HASH}.html", f"{HASH}.svg", f"{HASH}-w481.webp", f"{HASH}.png.html"):
        (media_root / stray).write_text("<script>alert(1)</script>")
    assert client.get(f"/media/{name}").status_code == 404


def test_media_costs_no_query(client: Client, image: Image, django_assert_num_queries: Any) -> None:
    """The file's name is all it takes."""
    address = reverse("images:media", args=[str(image.file)])
    with django_assert_num_queries(0):
        client.get(address).close()
