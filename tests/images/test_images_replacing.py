"""Replacing a picture: another file in the same place."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image as Pillow
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from images import changes
from images.cropping import set_crop, set_focal_point
from images.files import names_of
from images.framing import Box
from images.library import add_image, delete_image, find_image, sizes_lookup
from images.models import FormerFile, Image
from images.processing import PictureRefused
from images.replacing import PictureTaken, replace_image
from tests.factories import make_article, make_user
from tests.images.hostile import BROKEN, NOT_PICTURES, encoded, halves

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def data(shade: int = 0, size: tuple[int, int] = (60, 40)) -> bytes:
    return encoded(Pillow.new("RGB", size, (shade, 90, 90)), "PNG")


def add(shade: int = 0, **words: Any) -> Image:
    return add_image(data=data(shade), by=make_user(), **{"alt": "Words that stay", **words})


def files(media_root: Path) -> set[str]:
    return {path.name for path in media_root.iterdir()}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Image]:
    """What subscribers hear."""
    heard: list[Image] = []
    monkeypatch.setattr(changes, "_subscribers", [heard.append])
    return heard


# ---- The verb


def test_a_replaced_picture_keeps_its_row_and_its_words(media_root: Path, told: list[Image]) -> None:
    """Same number, same words, same focal point; another file with all its sizes."""
    image, by = add(credit="Studio"), make_user()
    set_focal_point(image=image, x=10, y=90)
    old = names_of(image)
    replace_image(image=image, data=data(200, (90, 60)), by=by)
    stored = Image.objects.get()
    assert (stored.pk, stored.alt, stored.credit, stored.focal_x) == (
        image.pk,
        "Words that stay",
        "Studio",
        10,
    )
    assert (stored.width, stored.height) == (90, 60)
    assert {rendition.file.name[:32] for rendition in stored.renditions.all()} == {stored.content_hash[:32]}
    assert str(stored.renditions.get(preset="square.jpg").file).endswith("-square-10-90.jpg")
    assert old < files(media_root)  # old addresses go on working
    assert files(media_root) == names_of(stored)
    assert FormerFile.objects.get().replaced_by == by
    assert told == [stored]
    assert str(image.file) == str(stored.file)


def test_the_old_address_means_the_picture(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """A story that names the old file is rendered with the sizes of the new one."""
    image = add()
    old = image.file.url
    replace_image(image=image, data=data(200, (90, 60)), by=None)
    with django_assert_num_queries(3):
        lookup = sizes_lookup(f"![Alt]({old}) and ![Alt]({image.file.url})")
        shown = lookup(old)
    assert shown is not None
    assert (shown.width, shown.height) == (90, 60)
    assert shown == lookup(image.file.url)


def test_the_old_file_is_recognised() -> None:
    """Whoever uploads it again gets the picture that it once was."""
    image = add()
    replace_image(image=image, data=data(200), by=None)
    assert find_image(data(0)) == image
    assert add_image(data=data(0), by=None) == image
    assert Image.objects.count() == 1


def test_an_earlier_file_may_come_back(media_root: Path) -> None:
    """Replacing twice, the second time by the first file, leaves the picture as it was."""
    image = add()
    before, crops = str(image.file), {str(rendition.file) for rendition in image.renditions.all()}
    replace_image(image=image, data=data(200), by=None)
    replace_image(image=image, data=data(0), by=None)
    assert str(image.file) == before
    assert {str(rendition.file) for rendition in image.renditions.all()} == crops
    assert [former.file.name for former in image.former_files.all()] != [before]
    assert image.former_files.count() == 1
    assert not crops & set(image.retired_files)
    assert files(media_root) == names_of(image)


def test_own_crops_stay_if_the_proportions_are_the_same() -> None:
    """A better scan of the same photograph keeps its crops; another format goes back to the focal point."""
    image = add()
    set_crop(image=image, placement="square", box=Box(0, 0, 400, 600))
    replace_image(image=image, data=data(200, (90, 60)), by=None)
    assert image.crops.count() == 1
    assert str(image.renditions.get(preset="square.jpg").file).endswith("-square-0-0-400-600.jpg")
    replace_image(image=image, data=data(100, (40, 60)), by=None)
    assert not image.crops.exists()
    assert str(image.renditions.get(preset="square.jpg").file).endswith("-square-50-50.jpg")


def test_the_file_of_another_picture_is_refused(told: list[Image]) -> None:
    """Two pictures with one file would be one picture; the answer says which has it."""
    image, other = add(), add(100, alt="The other")
    with pytest.raises(PictureTaken, match="The other") as refusal:
        replace_image(image=image, data=data(100), by=None)
    assert refusal.value.image == other
    replace_image(image=other, data=data(150), by=None)
    with pytest.raises(PictureTaken):  # also one that it once had
        replace_image(image=image, data=data(100), by=None)
    assert told == [other]


def test_the_same_file_is_refused_unless_it_was_lost(media_root: Path) -> None:
    """There is nothing to replace; but a file that a disk lost is put back this way."""
    image = add()
    with pytest.raises(PictureRefused, match="has already"):
        replace_image(image=image, data=data(), by=None)
    for path in media_root.iterdir():
        path.unlink()
    replace_image(image=image, data=data(), by=None)
    assert files(media_root) == names_of(image)
    assert not FormerFile.objects.exists()


@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_full_disk_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, media_root: Path, told: list[Image], after: int
) -> None:
    """The picture is as it was, and no part of the new one stays."""
    image = add()
    before, name = files(media_root), str(image.file)
    left, save = [after], FileSystemStorage._save  # type: ignore[attr-defined]

    def full(self: FileSystemStorage, name: str, content: Any) -> Any:
        if not left[0]:
            raise OSError(28, "No space left on device")
        left[0] -= 1
        return save(self, name, content)

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(OSError, match="No space"):
        replace_image(image=image, data=data(200), by=None)
    assert files(media_root) == before
    assert str(Image.objects.get().file) == str(image.file) == name
    assert not FormerFile.objects.exists()
    assert not told


def test_of_two_who_replace_at_once_the_second_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one's file is not thrown out unseen."""
    from images import replacing

    image = add()
    cut = replacing.renditions

    def meanwhile(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(replacing, "renditions", cut)
        replace_image(image=Image.objects.get(), data=data(100), by=None)
        return cut(*args, **kwargs)

    monkeypatch.setattr(replacing, "renditions", meanwhile)
    with pytest.raises(PictureRefused, match="Somebody else"):
        replace_image(image=image, data=data(200), by=None)
    assert find_image(data(100)) == image
    assert find_image(data(200)) is None


def test_a_deleted_picture_takes_its_earlier_files_along(
    media_root: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Nothing is left on the disk."""
    image = add()
    replace_image(image=image, data=data(200), by=None)
    with django_capture_on_commit_callbacks(execute=True):
        delete_image(image=image)
    assert not files(media_root)
    assert not FormerFile.objects.exists()


def test_stories_show_the_new_file(
    client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Those that lead with the picture and those that name its old address, without anybody opening them."""
    image = add()
    old = image.content_hash[:32]
    article = make_article(lead_image=image, body=f"![Alt]({image.file.url})")
    with django_capture_on_commit_callbacks(execute=True):
        replace_image(image=image, data=data(200), by=None)
    html = client.get(article.get_absolute_url()).content.decode()
    assert old not in html
    assert f"{image.content_hash[:32]}-w480" in html
    assert f"{image.content_hash[:32]}-social" in html
    assert old in article.body  # what was written is not touched


# ---- The page


def address(image: Image) -> str:
    return reverse("admin:images_image_replace", args=[image.pk])


def send(client: Client, image: Image, content: bytes) -> Any:
    return client.post(address(image), {"upload": SimpleUploadedFile("new.png", content)}, follow=True)


@pytest.fixture
def writer(client: Client) -> Client:
    client.force_login(make_user(role="Writer", name="Wri Ter"))
    return client


def test_the_newsroom_replaces_a_file(writer: Client) -> None:
    """From the picture's page and back to it, where the earlier file is listed with who replaced it."""
    image = add()
    old = image.file.url
    form = reverse("admin:images_image_change", args=[image.pk])
    assert address(image) in writer.get(form).content.decode()
    assert writer.get(address(image)).status_code == 200
    response = send(writer, image, data(200))
    html = response.content.decode()
    assert response.redirect_chain == [(form, 302)]
    assert "The file is replaced." in html
    assert old in html
    assert "replaced by Wri Ter" in html
    kept = writer.get(old)
    assert kept.status_code == 200
    kept.close()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (NOT_PICTURES["svg"](), "JPEG, PNG, WebP, GIF or AVIF"),
        (BROKEN["truncated png"](), "damaged"),
        (data(), "has already"),
    ],
    ids=["svg", "damaged", "same"],
)
def test_what_cannot_replace_is_a_sentence(writer: Client, content: bytes, sentence: str) -> None:
    """Beside the field, and nothing changes."""
    image = add()
    response = send(writer, image, content)
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not FormerFile.objects.exists()


def test_another_pictures_file_leads_to_that_picture(writer: Client) -> None:
    """The sentence is a link."""
    image, other = add(), add_image(data=encoded(halves(), "PNG"), by=None, alt="The other")
    html = send(writer, image, encoded(halves(), "PNG")).content.decode()
    assert f'<a href="{reverse("admin:images_image_change", args=[other.pk])}">“The other”</a>' in html


def test_a_full_disk_is_a_sentence_on_the_page_too(writer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a 500."""

    def fail(*args: object) -> str:
        raise OSError(28, "No space left on device")

    image = add()
    monkeypatch.setattr(FileSystemStorage, "_save", fail)
    response = send(writer, image, data(200))
    assert response.status_code == 200
    assert "could not be stored" in response.content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [({"role": "Moderator"}, 403), ({"is_staff": True}, 403), ({}, 302)]
)
def test_replacing_is_for_those_who_may(client: Client, who: dict[str, Any], status: int) -> None:
    """Others are refused, and the file stays."""
    image = add()
    client.force_login(make_user(**who))
    assert client.get(address(image)).status_code == status
    answer = client.post(address(image), {"upload": SimpleUploadedFile("new.png", data(200))})
    assert answer.status_code == status
    assert not FormerFile.objects.exists()


def test_there_is_nothing_to_replace_where_there_is_no_picture(writer: Client) -> None:
    assert writer.get("/admin/images/image/404/replace/").status_code == 404
