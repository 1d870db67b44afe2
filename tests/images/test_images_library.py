"""The verbs of the picture library: files and rows come and go together."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from images import library
from images.cropping import set_focal_point
from images.files import FILE_NAME
from images.library import add_image, delete_image, make_missing_renditions, sized, sizes_lookup
from images.models import Image, Rendition
from images.processing import PictureRefused
from tests.factories import make_user
from tests.images.hostile import encoded, halves, opened, photo

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def files(media_root: Path) -> set[str]:
    return {path.name for path in media_root.rglob("*") if path.is_file()}


def names(image: Image) -> set[str]:
    return {str(image.file), *(str(rendition.file) for rendition in image.renditions.all())}


def add(picture: Any = None, **words: Any) -> Image:
    return add_image(data=encoded(picture or halves(), "PNG"), by=make_user(), **words)


def square_colour(image: Image, media_root: Path) -> Any:
    square = image.renditions.get(preset="square.jpg")
    return opened((media_root / str(square.file)).read_bytes()).getpixel((10, 10))


def is_reddish(colour: Any) -> bool:
    return colour[0] > colour[2]


# ---- Adding


def test_library_keeps_a_picture_with_all_its_sizes(media_root: Path) -> None:
    """Original and renditions are there when the verb returns, under names of ours."""
    user = make_user()
    data = encoded(photo(600, 400), "JPEG")
    image = add_image(data=data, by=user, alt="Noise", caption="A caption", credit="A. Nyone", licence="CC0")
    assert files(media_root) == names(image)
    assert all(FILE_NAME.fullmatch(name) for name in names(image))
    assert str(image.file) == f"{image.content_hash[:32]}.jpg"
    assert (image.width, image.height, image.uploaded_by) == (600, 400, user)
    assert (image.alt, image.caption, image.credit, image.licence) == (
        "Noise",
        "A caption",
        "A. Nyone",
        "CC0",
    )
    assert {rendition.preset for rendition in image.renditions.all()} == {
        "w480.webp", "w480.jpg", "w960.webp", "w960.jpg", "card.webp", "card.jpg",
        "square.webp", "square.jpg", "social.jpg", "news4x3.jpg", "news16x9.jpg",
    }  # fmt: skip
    for rendition in image.renditions.all():
        size = opened((media_root / str(rendition.file)).read_bytes()).size
        assert size == (rendition.width, rendition.height)


def test_library_recognises_the_same_bytes(media_root: Path) -> None:
    """A picture sent twice is one picture, as it was first described."""
    first = add(alt="First")
    before = files(media_root)
    assert add(alt="Second") == first
    assert Image.objects.get().alt == "First"
    assert files(media_root) == before


def test_library_survives_two_uploads_at_once(monkeypatch: pytest.MonkeyPatch, media_root: Path) -> None:
    """Whoever comes second gets the first one's picture, whose files stay."""
    first = add()
    monkeypatch.setattr(library, "find_image", lambda data: None)  # both looked before either had saved
    assert add() == first
    assert Image.objects.count() == 1
    assert files(media_root) == names(first)


def test_library_checks_the_words(media_root: Path) -> None:
    """What the form would refuse, the verb refuses too."""
    with pytest.raises(ValidationError):
        add(alt="x" * 301)
    assert not files(media_root)


def full_disk(after: int) -> Callable[[FileSystemStorage, str, Any], str]:
    """A store that takes so many files, and then half of one."""
    left = [after]
    save: Any = FileSystemStorage._save  # type: ignore[attr-defined]

    def _save(self: FileSystemStorage, name: str, content: Any) -> str:
        if left[0]:
            left[0] -= 1
            return save(self, name, content)
        Path(self.path(name)).parent.mkdir(parents=True, exist_ok=True)
        Path(self.path(name)).write_bytes(content.read()[:20])
        raise OSError(errno.ENOSPC, "No space left on device")

    return _save


@pytest.mark.parametrize("after", [0, 1, 4])
def test_library_leaves_nothing_on_a_full_disk(
    monkeypatch: pytest.MonkeyPatch, media_root: Path, after: int
) -> None:
    """No row and no part of a file stays behind when the disk is full."""
    monkeypatch.setattr(FileSystemStorage, "_save", full_disk(after))
    with pytest.raises(OSError, match="No space left"):
        add()
    assert not files(media_root)
    assert not Image.objects.exists()
    assert not Rendition.objects.exists()


def test_library_leaves_no_files_if_the_database_fails(
    monkeypatch: pytest.MonkeyPatch, media_root: Path
) -> None:
    """Files without a row are removed again."""

    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(Rendition.objects, "bulk_create", fail)
    with pytest.raises(DatabaseError):
        add()
    assert not files(media_root)
    assert not Image.objects.exists()


def test_library_replaces_what_a_crash_left(media_root: Path) -> None:
    """Half a file under a picture's name is overwritten when the picture comes again."""
    image = add()
    whole = (media_root / str(image.file)).read_bytes()
    Image.objects.all().delete()
    (media_root / str(image.file)).write_bytes(whole[:20])
    again = add()
    assert (media_root / str(again.file)).read_bytes() == whole
    assert files(media_root) == names(again)


# ---- Focal point


def test_library_crops_again_about_a_new_focal_point(media_root: Path) -> None:
    """New crops under new names, the whole sizes as they were, the old crops still there for old pages."""
    image = add(halves(120, 40))
    before = names(image)
    set_focal_point(image=image, x=0, y=50)
    assert is_reddish(square_colour(image, media_root))
    left = names(image)
    set_focal_point(image=image, x=100, y=50)
    assert not is_reddish(square_colour(image, media_root))
    kept = {name for name in before if "-w480" in name or "-" not in name}
    assert kept < names(image)
    assert left & names(image) == kept
    assert files(media_root) == before | left | names(image)
    image.refresh_from_db()
    assert (image.focal_x, image.focal_y) == (100, 50)
    assert set(image.retired_files) == (before | left) - names(image)


def test_library_takes_old_crops_back_in_use(monkeypatch: pytest.MonkeyPatch, media_root: Path) -> None:
    """Going back to an earlier focal point gives the earlier names, and no file is written again."""
    image = add()
    before = names(image)
    set_focal_point(image=image, x=0, y=50)
    monkeypatch.setattr(FileSystemStorage, "_save", full_disk(0))
    set_focal_point(image=image, x=50, y=50)
    set_focal_point(image=image, x=50, y=50)
    assert names(image) == before
    image.refresh_from_db()
    assert not before & set(image.retired_files)
    assert before < files(media_root)


def test_library_keeps_the_old_crops_on_a_full_disk(
    monkeypatch: pytest.MonkeyPatch, media_root: Path
) -> None:
    """If cropping fails, everything is as it was."""
    image = add()
    before, stored = files(media_root), names(image)
    monkeypatch.setattr(FileSystemStorage, "_save", full_disk(2))
    with pytest.raises(OSError, match="No space left"):
        set_focal_point(image=image, x=10, y=10)
    image = Image.objects.get()
    assert files(media_root) == before
    assert names(image) == stored
    assert (image.focal_x, image.focal_y) == (50, 50)


@pytest.mark.parametrize(("x", "y"), [(-1, 50), (101, 50), (50, 101)])
def test_library_refuses_a_focal_point_outside(x: int, y: int) -> None:
    """Percent run from 0 to 100."""
    with pytest.raises(ValidationError):
        set_focal_point(image=add(), x=x, y=y)


def test_library_says_when_the_file_is_gone(media_root: Path) -> None:
    """A picture whose file is lost cannot be cropped, and the error says so in a sentence."""
    image = add()
    (media_root / str(image.file)).unlink()
    with pytest.raises(PictureRefused, match="missing or damaged"):
        set_focal_point(image=image, x=10, y=10)


# ---- Deleting


def test_library_deletes_files_with_the_picture(
    media_root: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Original, sizes and old crops go, and nothing else."""
    other = add(halves(30, 30))
    image = add()
    set_focal_point(image=image, x=0, y=0)
    with django_capture_on_commit_callbacks(execute=True):
        delete_image(image=image)
    assert files(media_root) == names(other)


def test_library_keeps_files_if_the_deletion_does_not_hold(
    media_root: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    """Files go when the transaction has committed, not before."""
    image = add()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        delete_image(image=image)
        transaction.set_rollback(True)
    assert files(media_root) == names(Image.objects.get())


# ---- Missing sizes


def test_library_makes_missing_sizes(media_root: Path) -> None:
    """A size whose row or file is missing is made again; a second run finds nothing to do."""
    image = add()
    wanted = names(image)
    image.renditions.get(preset="w480.webp").delete()
    (media_root / str(image.renditions.get(preset="square.jpg").file)).unlink()
    assert make_missing_renditions(image=image) == 2
    assert names(image) == wanted
    assert files(media_root) == wanted
    assert make_missing_renditions(image=image) == 0


def test_make_renditions_goes_on_past_a_lost_picture(
    media_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command does what it can, names what it could not, and fails."""
    lost, image = add(halves(30, 30)), add()
    Rendition.objects.all().delete()
    (media_root / str(lost.file)).unlink()
    with pytest.raises(CommandError, match=str(lost.file)):
        call_command("make_renditions")
    assert image.renditions.count() == 9
    assert "Made 9 sizes." in capsys.readouterr().out


# ---- For the text of a story


def test_sizes_lookup_knows_the_pictures_of_a_text(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    """Two queries for any number of pictures; what is not ours is unknown."""
    images = [add(halves(width, 20)) for width in (500, 1_200, 30)]
    text = "\n\n".join(f"![Alt]({image.file.url})" for image in images) + "\n\n![](/media/other.png)"
    with django_assert_num_queries(2):
        lookup = sizes_lookup(text)
        pictures = [lookup(image.file.url) for image in images]
    assert [picture and (picture.width, picture.height) for picture in pictures] == [
        (500, 20), (1_200, 20), (30, 20),
    ]  # fmt: skip
    assert lookup("/media/other.png") is None
    assert lookup(f"https://elsewhere.example{images[0].file.url}") is None


def test_sizes_lookup_asks_nothing_for_a_text_without_pictures(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    """Most texts have no picture."""
    with django_assert_num_queries(0):
        assert sizes_lookup("Only words, and [a link](/media/x.png).")("/media/x.png") is None


def test_sized_lists_each_width_once_from_small_to_large() -> None:
    """WebP before JPEG, and a JPEG in the middle for browsers that do not choose."""
    image = add(photo(1_200, 300))
    stem = str(image.file).removesuffix(".jpg")
    picture = sized(image, "whole")
    assert picture.src == f"/media/{stem}-w960.jpg"
    assert (picture.width, picture.height) == (1_200, 300)
    assert list(picture.sources) == [
        (
            "image/webp",
            f"/media/{stem}-w480.webp 480w, /media/{stem}-w960.webp 960w, /media/{stem}-w1600.webp 1200w",
        ),
        (
            "image/jpeg",
            f"/media/{stem}-w480.jpg 480w, /media/{stem}-w960.jpg 960w, /media/{stem}-w1600.jpg 1200w",
        ),
    ]


def test_sized_ignores_sizes_that_are_no_longer_made() -> None:
    """A row of a preset that was taken away does no harm."""
    image = add()
    image.renditions.filter(preset="w480.webp").update(preset="gone.gif")
    assert [kind for kind, _ in sized(image, "whole").sources] == ["image/jpeg"]


def test_image_gives_a_crop_to_other_sites() -> None:
    """The social crop, or the file itself where there is none."""
    image = add()
    assert image.social_url.endswith("-social-50-50.jpg")
    image.renditions.all().delete()
    assert Image.objects.get().social_url == image.file.url


def test_image_is_named_by_what_it_shows() -> None:
    """In lists a picture is called by its text, else by its caption, else by what it lacks."""
    image = Image(pk=7)
    assert str(image) == "Not described yet (picture 7)"
    image.is_decoration = True
    assert str(image) == "Decoration (picture 7)"
    image.caption = "Caption"
    assert str(image) == "Caption"
    image.alt = "Alt"
    assert str(image) == "Alt"
