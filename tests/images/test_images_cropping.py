"""Crops of their own: cut from a box in place of what lies about the focal point."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from images.cropping import crop_again, set_crop, set_focal_point
from images.framing import Box, Framing
from images.library import add_image, make_missing_renditions, sized
from images.models import Crop, Image
from images.processing import PictureRefused
from tests.factories import make_user
from tests.images.hostile import BLUE, RED, encoded, halves, opened

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LEFT, RIGHT = Box(0, 0, 250, 750), Box(750, 250, 250, 750)  # squares of a picture that is three times as wide


def add(width: int = 120, height: int = 40) -> Image:
    return add_image(data=encoded(halves(width, height), "PNG"), by=make_user(), alt="Two colours")


def names(image: Image, family: str = "") -> set[str]:
    return {str(r.file) for r in image.renditions.all() if r.preset.startswith(family)}


def colour(image: Image, media_root: Path, preset: str) -> Any:
    picture = opened((media_root / str(image.renditions.get(preset=preset).file)).read_bytes())
    return picture.getpixel((picture.width // 2, picture.height // 2))


def is_near(found: Any, wanted: Any) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(found, wanted, strict=True))


# ---- The verbs


def test_a_crop_of_its_own_is_cut_from_its_box(media_root: Path) -> None:
    """Its placement shows the box under a new name; the other placements stay as they were."""
    image = add()
    before = names(image)
    set_crop(image=image, placement="square", box=LEFT)
    assert is_near(colour(image, media_root, "square.jpg"), RED)
    set_crop(image=Image.objects.get(), placement="square", box=RIGHT)
    assert is_near(colour(image, media_root, "square.jpg"), BLUE)
    assert names(image, "square") == {
        f"{image.content_hash[:32]}-square-750-250-250-750.{ending}" for ending in ("jpg", "webp")
    }
    assert before - names(image) == {name for name in before if "-square" in name}
    assert {str(rendition.file) for rendition in image.renditions.all()} <= {
        path.name for path in media_root.iterdir()
    }


def test_a_crop_of_its_own_stays_where_it_is_when_the_focal_point_moves(media_root: Path) -> None:
    """That is what it is for."""
    image = add()
    set_crop(image=image, placement="square", box=LEFT)
    own = names(image, "square")
    set_focal_point(image=Image.objects.get(), x=100, y=50)
    assert names(image, "square") == own
    assert all("-100-50." in name for name in names(image, "card"))


def test_a_crop_is_reset_to_the_focal_point(media_root: Path) -> None:
    """Without a box the placement shows what it did before, from the file that is still there."""
    image = add()
    before = names(image)
    set_crop(image=image, placement="card", box=LEFT)
    own = names(image, "card")
    set_crop(image=Image.objects.get(), placement="card", box=None)
    assert names(image) == before
    assert not Crop.objects.exists()
    image.refresh_from_db()
    assert set(image.retired_files) == own
    assert all((media_root / name).exists() for name in own)  # pages that are out there show them


def test_pages_show_a_crop_of_its_own() -> None:
    """What the picture tag and other sites' previews read are the rows, so nothing else has to know."""
    image = add()
    set_crop(image=image, placement="social", box=LEFT)
    set_crop(image=Image.objects.get(), placement="card", box=RIGHT)
    image = Image.objects.get()
    assert image.social_url.endswith("-social-0-0-250-750.jpg")
    assert "-card-750-250-250-750." in sized(image, "card").src


def test_missing_sizes_are_made_as_they_were_cropped(media_root: Path) -> None:
    """A lost file of a crop of its own is cut from its box again."""
    image = add()
    set_crop(image=image, placement="square", box=LEFT)
    lost = media_root / str(image.renditions.get(preset="square.jpg").file)
    lost.unlink()
    assert make_missing_renditions(image=Image.objects.get()) == 1
    assert is_near(colour(image, media_root, "square.jpg"), RED)


@pytest.mark.parametrize("box", [Box(900, 0, 250, 500), Box(0, 900, 250, 500), Box(0, 0, 0, 500)])
def test_the_database_refuses_a_box_outside_the_picture(box: Box) -> None:
    """And the verb does before it."""
    image = add()
    with pytest.raises(ValidationError):
        set_crop(image=image, placement="card", box=box)
    with pytest.raises(DatabaseError), transaction.atomic():
        Crop.objects.create(image=image, placement="card", **box._asdict())


def test_the_database_refuses_a_second_crop_and_unknown_placements() -> None:
    """One box for each placement there is."""
    image = add()
    Crop.objects.create(image=image, placement="card", **LEFT._asdict())
    for placement in ("card", "banner"):
        with pytest.raises(DatabaseError), transaction.atomic():
            Crop.objects.create(image=image, placement=placement, **LEFT._asdict())


def test_of_two_people_who_crop_at_once_the_second_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's crops are overwritten unseen."""
    from images import cropping

    image = add()
    cut = cropping.renditions

    def meanwhile(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(cropping, "renditions", cut)
        set_focal_point(image=Image.objects.get(), x=0, y=0)
        return cut(*args, **kwargs)

    monkeypatch.setattr(cropping, "renditions", meanwhile)
    with pytest.raises(PictureRefused, match="Somebody else changed this picture"):
        crop_again(image=image, framing=Framing((100, 100)))
    assert Image.objects.get().focal_x == 0


# ---- The form


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user(role="Writer"))  # who may do all of this
    return client


def change(client: Client, image: Image, **fields: Any) -> Any:
    form = {"alt": image.alt, "caption": "", "credit": "", "licence": "", "focal_x": 50, "focal_y": 50}
    return client.post(reverse("admin:images_image_change", args=[image.pk]), form | fields)


def box(placement: str, left: Any, top: Any, across: Any) -> dict[str, Any]:
    return {
        f"{placement}-is_own": "on",
        f"{placement}-left": left,
        f"{placement}-top": top,
        f"{placement}-across": across,
    }


def test_an_editor_gives_a_placement_a_crop_of_its_own(editor: Client, media_root: Path) -> None:
    """By three numbers in percent where there is no script; the height follows."""
    image = add()
    assert change(editor, image, **box("square", "75", "25", "25")).status_code == 302
    assert Crop.objects.get().box == RIGHT
    assert is_near(colour(image, media_root, "square.jpg"), BLUE)


def test_an_editor_resets_a_crop(editor: Client) -> None:
    """By unticking one box."""
    image = add()
    set_crop(image=image, placement="square", box=LEFT)
    numbers = {key: value for key, value in box("square", 0, 0, 25).items() if "is_own" not in key}
    assert change(editor, image, **numbers).status_code == 302
    assert not Crop.objects.exists()


def test_a_form_that_nobody_touched_crops_nothing(editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the form shows is what is stored, to the last per mille."""
    image = add(121, 77)
    set_crop(image=image, placement="card", box=Box(333, 111, 333, 349))
    form = editor.get(reverse("admin:images_image_change", args=[image.pk])).context["adminform"].form
    sent: dict[str, Any] = {}
    for crop in form.crops:
        sent |= {f"{crop.prefix}-{name}": crop[name].value() for name in ("left", "top", "across")}
        if crop["is_own"].value():
            sent[f"{crop.prefix}-is_own"] = "on"
    assert sent["card-left"] == Decimal("33.3")
    monkeypatch.setattr("images.forms.crop_again", lambda **kwargs: pytest.fail("cropped again"))
    assert change(editor, image, **sent).status_code == 302


@pytest.mark.parametrize("left", ["", "abc", "-1", "101", "1.23", "NaN"])
def test_a_crop_needs_numbers(editor: Client, left: str) -> None:
    """Anything else is a sentence, and nothing typed is lost."""
    response = change(editor, add(), credit="Kept as typed", **box("card", left, "7", "50"))
    html = response.content.decode()
    assert response.status_code == 200
    assert "needs three numbers from 0 to 100" in html
    assert "Kept as typed" in html
    assert 'value="7"' in html
    assert not Crop.objects.exists()


def test_a_crop_that_would_stand_out_is_moved_in(editor: Client) -> None:
    """Typed numbers need no arithmetic."""
    assert change(editor, add(), **box("square", "95", "95", "25")).status_code == 302
    assert Crop.objects.get().box == RIGHT


def test_a_full_disk_is_a_sentence_and_keeps_the_crops(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither a crop nor a word is saved by half."""
    image = add()
    before = names(image)

    def fail(*args: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", fail)
    response = change(editor, image, credit="Kept as typed", **box("square", 0, 0, 25))
    assert response.status_code == 200
    assert "could not be stored" in response.content.decode()
    assert "Kept as typed" in response.content.decode()
    assert names(image) == before
    assert not Crop.objects.exists()
    assert Image.objects.get().credit == ""


def test_who_may_only_look_sees_crops_and_no_controls(client: Client) -> None:
    """The numbers are not there, and the address answers 403."""
    from django.contrib.auth.models import Permission

    reader = make_user(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_image"))
    client.force_login(reader)
    image = add()
    html = client.get(reverse("admin:images_image_change", args=[image.pk])).content.decode()
    assert "-square-50-50.jpg" in html
    assert "crop-focal" not in html
    assert "card-left" not in html
    assert change(client, image, **box("card", 0, 0, 50)).status_code == 403
