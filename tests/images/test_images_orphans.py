"""Pictures that nothing shows, and files that nobody knows: listed, and deleted when asked to."""

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from articles import publishing
from images.cropping import set_crop, set_focal_point
from images.files import names_of
from images.framing import Box
from images.models import Image
from images.replacing import replace_image
from tests.factories import make_article, make_draft, make_image, make_user, png

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LONG_AGO = timezone.now() - dt.timedelta(days=100)


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> Any:
    """The command, which answers with what it printed."""

    def command(*options: str) -> str:
        with django_capture_on_commit_callbacks(execute=True):
            call_command("orphan_pictures", *options)
        return capsys.readouterr().out

    return command


def make_old(alt: str = "Old") -> Image:
    """A picture that was uploaded long ago."""
    image = make_image(alt=alt)
    Image.objects.filter(pk=image.pk).update(uploaded_at=LONG_AGO)
    return image


def files(media_root: Path) -> set[str]:
    return {path.name for path in media_root.iterdir()}


def test_orphans_are_listed_with_their_size_and_left_alone(run: Any, media_root: Path) -> None:
    """Listing deletes nothing."""
    image = make_old("Nobody shows this")
    size = sum(default_storage.size(name) for name in names_of(image))
    out = run()
    assert f"{image.pk}  " in out
    assert "Nobody shows this" in out
    assert str(image.file) in out
    assert f"{size / 1024:.1f} KB" in out
    assert "Found 1 picture, " in out
    assert "Nothing was deleted." in out
    assert Image.objects.exists()
    assert files(media_root) == names_of(image)


def test_orphans_are_deleted_with_every_file(run: Any, media_root: Path) -> None:
    """Also those of earlier crops and of files that were replaced."""
    image, kept = make_old(), make_image()
    set_focal_point(image=image, x=0, y=0)
    set_crop(image=Image.objects.get(pk=image.pk), placement="card", box=Box(0, 0, 500, 444))
    replace_image(image=image, data=png(), by=None)
    image.former_files.update(replaced_at=LONG_AGO)
    assert "Deleted 1 picture, " in run("--delete")
    assert list(Image.objects.all()) == [kept]
    assert files(media_root) == names_of(kept)


def test_what_is_new_is_no_orphan(run: Any, settings: Settings) -> None:
    """A picture is uploaded before its story is written; the days of grace can be said for one run."""
    image = make_image()
    Image.objects.filter(pk=image.pk).update(uploaded_at=timezone.now() - dt.timedelta(days=20))
    assert "Found 0 pictures" in run()
    assert "Found 1 picture," in run("--days", "19")
    assert "Found 0 pictures" in run("--days", "21")
    with pytest.raises(CommandError, match="0 or more"):
        run("--days", "-1")


def test_what_was_replaced_lately_is_no_orphan(run: Any) -> None:
    """Somebody works with it."""
    replace_image(image=make_old(), data=png(), by=None)
    assert "Found 0 pictures" in run()


def test_what_any_version_of_a_story_shows_is_no_orphan(run: Any) -> None:
    """Live, scheduled, written, live once, or only ever a draft that could be restored."""
    lead, text, once, drafted = (make_old(alt) for alt in ("Lead", "Text", "Once", "Drafted"))
    make_article(lead_image=lead, body=f"![]({text.file.url})")
    editor = make_user(role="Editor")
    published = make_article(lead_image=once)
    published.lead_image = None
    published.save()
    publishing.publish(article=published, by=editor)
    draft = make_draft(body=f"![]({drafted.file.url})")
    draft.body = "Without."
    draft.save()
    publishing.save_revision(article=draft, by=editor)
    nobody = make_old("Nobody")
    assert "Found 1 picture," in run()
    run("--delete")
    assert set(Image.objects.all()) == {lead, text, once, drafted}
    assert nobody not in Image.objects.all()


def test_a_picture_put_to_use_meanwhile_is_kept(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between listing and deleting: the command says so and goes on."""
    taken, other = make_old("Taken"), make_old("Other")
    make_draft(headline="Just now", lead_image=taken)
    monkeypatch.setattr("images.orphans.uses_of_each", lambda *args, **kwargs: {})
    out = run("--delete")
    assert "Kept. Still in use: Just now (draft)." in out
    assert "Deleted 1 picture, " in out
    assert list(Image.objects.all()) == [taken]
    assert other.alt == "Other"


def test_files_that_no_row_knows_are_listed_and_deleted(run: Any, media_root: Path) -> None:
    """Under names of ours, and not while an upload may be on its way; other people's files are left alone."""
    image = make_image()
    set_focal_point(image=image, x=0, y=0)
    replace_image(image=image, data=png(), by=None)
    old, new, foreign = "a" * 32 + ".jpg", "b" * 32 + "-w480.webp", "lost+found.txt"
    for name in (old, new, foreign):
        (media_root / name).write_bytes(b"12345")
    for path in media_root.iterdir():
        if path.name != new:
            os.utime(path, (LONG_AGO.timestamp(), LONG_AGO.timestamp()))
    assert old not in run()
    out = run("--files")
    assert old in out
    assert "Found 1 file, 5 bytes." in out
    assert files(media_root) == names_of(image) | {old, new, foreign}
    assert "Deleted 1 file, 5 bytes." in run("--files", "--delete")
    assert files(media_root) == names_of(image) | {new, foreign}


def test_a_library_without_files_has_no_unknown_ones(run: Any) -> None:
    """The folder comes with the first picture."""
    assert "Found 0 files, 0 bytes." in run("--files")


def test_no_public_page_makes_a_size(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sizes are made at upload: reading opens and scales no picture."""
    image = make_image()
    article = make_article(headline="With pictures", lead_image=image, body=f"![Alt]({image.file.url})")
    Image.objects.get().renditions.filter(preset__startswith="square").delete()  # and makes no missing one

    def never(*args: object, **kwargs: object) -> None:
        raise AssertionError("a picture is opened for a reader")

    monkeypatch.setattr("PIL.Image.open", never)
    monkeypatch.setattr("PIL.Image.Image.resize", never)
    pages = ["/", article.get_absolute_url(), article.section.get_absolute_url(), "/feeds/rss/"]
    for page in [*pages, image.renditions.first().file.url]:
        response = client.get(page)
        assert response.status_code == 200, page
        if response.streaming:
            assert b"".join(response.streaming_content)
    assert image.file.name[:32] in client.get("/").content.decode()
