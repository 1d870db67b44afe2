"""What other sites show of a story: drawn after its publication, under names that never change content."""

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from articles import publishing, rendering, social
from articles.models import Article, Revision, Section
from articles.social import draw_missing, draw_pictures, pictures_of, remove_cancelled, remove_replaced
from articles.stories import draft_story, live_story
from pulse.models import Change
from tests.factories import change_headline, make_article, make_draft, make_image, make_section, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SHAPES = {"card": (1200, 630), "1x1": (800, 800), "4x3": (1000, 750), "16x9": (1200, 675)}
Callbacks = DjangoCaptureOnCommitCallbacks


@pytest.fixture(autouse=True)
def media_root(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PULSE_DRAW_AT_ONCE = True
    return tmp_path / "media"


@pytest.fixture
def published(django_capture_on_commit_callbacks: Callbacks) -> Article:
    """A story whose publication is committed."""
    with django_capture_on_commit_callbacks(execute=True):
        return make_article(headline="A picture for everybody")


def live(article: Article) -> Revision:
    return article.revisions.live().get()


def files(media_root: Path) -> set[str]:
    folder = media_root / "social"
    return {path.name for path in folder.iterdir()} if folder.exists() else set()


def head(article: Article) -> str:
    return Client().get(article.get_absolute_url()).content.decode().partition("</head>")[0]


def meta(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)"', html))


def body(response: Any) -> bytes:
    content = b"".join(response.streaming_content)
    response.close()
    return content


# ---- Publication


def test_publishing_draws_the_pictures(published: Article, media_root: Path) -> None:
    """As files under one hash, one in each shape, right after the commit."""
    name = str(live(published).social_picture)
    stem = name.removeprefix("social/").removesuffix("-card.png")
    assert re.fullmatch(r"[0-9a-f]{32}", stem)
    assert files(media_root) == {f"{stem}-{shape}.png" for shape in SHAPES}
    for shape, size in SHAPES.items():
        with Image.open(media_root / "social" / f"{stem}-{shape}.png") as picture:
            assert picture.size == size


def test_page_names_its_card(published: Article) -> None:
    """In whole addresses, with its size and its words; the picture is there."""
    said = meta(head(published))
    picture = live(published).social_picture
    assert said["og:image"] == f"http://testserver/media/{picture}"
    assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
    assert said["og:image:type"] == "image/png"
    assert said["og:image:alt"].startswith("A picture for everybody. The Pulse, ")
    assert said["twitter:card"] == "summary_large_image"
    response = Client().get(said["og:image"].removeprefix("http://testserver"))
    assert Image.open(io.BytesIO(body(response))).size == (1200, 630)


def test_page_without_a_picture_yet_names_none() -> None:
    """While it is to be drawn, and on a preview."""
    said = meta(head(make_article()))
    assert "og:image" not in said
    assert said["twitter:card"] == "summary"


def test_machines_get_three_ratios(published: Article) -> None:
    """Square, 4:3 and 16:9, of no words: the print. No query."""
    story = live_story(Revision.objects.live().for_page().get(article=published))
    with CaptureQueriesContext(connection) as queries:
        addresses = pictures_of(story)
    assert len(queries) == 0
    assert [address.rpartition("-")[2] for address in addresses] == ["1x1.png", "4x3.png", "16x9.png"]
    page = head(published)
    assert all(address in page for address in addresses)
    assert pictures_of(draft_story(published)) == []
    for address in addresses:
        assert body(Client().get(address.removeprefix("http://testserver"))).startswith(b"\x89PNG")


def test_photograph_is_shown_as_it_was_cropped(
    django_capture_on_commit_callbacks: Callbacks, media_root: Path
) -> None:
    """Nothing is drawn beside it; machines get its crops."""
    image = make_image()
    with django_capture_on_commit_callbacks(execute=True):
        article = make_article(lead_image=image)
    assert files(media_root) == set()
    assert meta(head(article))["og:image"] == f"http://testserver{image.social_url}"
    story = live_story(Revision.objects.live().for_page().get(article=article))
    assert pictures_of(story) == [
        f"http://testserver{image.renditions.get(preset=preset).file.url}"
        for preset in ("square.jpg", "news4x3.jpg", "news16x9.jpg")
    ]
    assert draw_missing() is False
    assert files(media_root) == set()


@pytest.mark.parametrize("broken", ["card", "default_storage"])
def test_failed_drawing_fails_no_publication(
    broken: str,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callbacks,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The story is live, the log says why, and the worker draws it when it can."""
    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr(social, broken, None)
        article = make_article()
    assert live(article).social_picture.name == ""
    assert "no pictures for other sites" in caplog.text
    assert "og:image" not in meta(head(article))
    assert draw_missing() is False
    assert live(article).social_picture.name


def test_drawing_can_be_left_to_the_worker(
    settings: Settings, django_capture_on_commit_callbacks: Callbacks, media_root: Path
) -> None:
    settings.PULSE_DRAW_AT_ONCE = False
    with django_capture_on_commit_callbacks(execute=True):
        make_article()
    assert files(media_root) == set()
    draw_missing()
    assert len(files(media_root)) == 4


def test_page_is_made_again_when_its_picture_is_there() -> None:
    article = make_article()
    before = Change.objects.count()
    draw_pictures(live(article).pk)
    assert Change.objects.order_by("pk").last().tags == f"article:{article.pk}"
    assert Change.objects.count() == before + 1


def test_scheduled_story_has_its_picture_in_time() -> None:
    """Drawn before it goes live, under a name that nobody can guess."""
    editor = make_user(role="Editor")
    article = make_draft(by=editor)
    publishing.schedule(article=article, by=editor, at=timezone.now() + dt.timedelta(hours=1))
    draw_missing()
    assert article.revisions.scheduled().get().social_picture


def test_draft_has_no_picture() -> None:
    article = make_draft()
    assert draw_pictures(article.revisions.get().pk)
    assert not article.revisions.get().social_picture


# ---- Files


def test_same_story_same_name(published: Article, media_root: Path) -> None:
    """A name is a hash of all that its files show: publishing the same again makes no new ones."""
    before = files(media_root), str(live(published).social_picture)
    publishing.publish(article=published, by=make_user(role="Editor"), note="Again")
    draw_missing()
    assert (files(media_root), str(live(published).social_picture)) == before
    change_headline(published, "Another headline")
    publishing.publish(article=published, by=make_user(role="Editor"))
    draw_missing()
    assert str(live(published).social_picture) != before[1]


def test_two_stories_share_no_file(media_root: Path) -> None:
    """Though they say the same: one may leave without the other."""
    section = make_section()
    for _ in range(2):
        make_article(headline="The same", section=section, body="Same words.")
    draw_missing()
    assert len(files(media_root)) == 8


def test_picture_is_served_as_a_picture(published: Article) -> None:
    """For ever, and with orders to run nothing in it."""
    response = Client().get(live(published).social_picture.url)
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "Set-Cookie" not in response.headers
    response.close()


@pytest.mark.parametrize(
    "name",
    ["x.png", "../pulse.sqlite3", "a" * 32 + "-card.svg", "a" * 32 + "-2x1.png", "a" * 32 + "-card.png"],
)
def test_other_names_are_not_served(media_root: Path, name: str) -> None:
    """Nor what lies beside them."""
    (media_root / "social").mkdir(parents=True)
    (media_root / "social" / "x.png").write_text("not ours")
    assert Client().get(f"/media/social/{name}").status_code == 404


def test_half_written_file_is_written_anew(published: Article, media_root: Path) -> None:
    """What a crash or a lost disk left: the command looks at every file's story."""
    path = media_root / str(live(published).social_picture)
    whole = path.read_bytes()
    path.unlink()
    (other := path.with_name(path.name.replace("card", "1x1"))).write_bytes(b"half")
    call_command("make_social_pictures", all=True, verbosity=0)
    assert path.read_bytes() == whole
    assert other.stat().st_size > 1_000


# ---- The worker


def test_worker_draws_in_batches(settings: Settings) -> None:
    """And says when there is more."""
    settings.PULSE_DRAW_BATCH = 2
    for _ in range(3):
        make_article()
    assert draw_missing() is True
    assert draw_missing() is False
    assert not Revision.objects.live().filter(social_picture="").exists()


def test_one_story_that_cannot_be_drawn_keeps_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker reports it, and tries it again later."""
    poor, good = make_article(headline="Poor"), make_article(headline="Good")
    real = social.card
    monkeypatch.setattr(social, "card", lambda shown: real(shown) if shown.headline == "Good" else 1 / 0)
    with pytest.raises(social.NotDrawn, match="1 of 2"):
        draw_missing()
    assert live(good).social_picture
    assert not live(poor).social_picture


def test_replaced_picture_stays_for_a_while(published: Article, media_root: Path, time_machine: Any) -> None:
    """Other sites link to it. Then the worker removes it, and nothing else."""
    old = files(media_root)
    change_headline(published, "Another headline")
    publishing.publish(article=published, by=make_user(role="Editor"))
    draw_missing()
    remove_replaced()
    assert len(files(media_root)) == 8
    time_machine.move_to(timezone.now() + dt.timedelta(days=8))
    remove_replaced()
    assert len(files(media_root)) == 4
    assert not old & files(media_root)
    assert live(published).social_picture
    assert default_storage.exists(str(live(published).social_picture))


@pytest.mark.parametrize("verb", [publishing.unpublish, publishing.withdraw])
def test_picture_of_a_story_that_left_goes_at_once(verb: Any, published: Article, media_root: Path) -> None:
    """Its headline is on it."""
    verb(article=published, by=make_user(role="Editor"))
    remove_replaced()
    assert files(media_root) == set()
    assert not published.revisions.exclude(social_picture="").exists()


def test_picture_that_another_version_has_stays(
    published: Article, media_root: Path, time_machine: Any
) -> None:
    """What was changed does not show on it, so both versions have the same."""
    published.dek = "Another dek"
    change_headline(published, published.headline)
    publishing.publish(article=published, by=make_user(role="Editor"))
    draw_missing()
    assert published.revisions.exclude(social_picture="").count() == 2
    time_machine.move_to(timezone.now() + dt.timedelta(days=8))
    remove_replaced()
    assert len(files(media_root)) == 4
    assert default_storage.exists(str(live(published).social_picture))


def test_picture_of_what_was_called_off_goes(media_root: Path) -> None:
    editor = make_user(role="Editor")
    article = make_draft(by=editor)
    publishing.schedule(article=article, by=editor, at=timezone.now() + dt.timedelta(hours=1))
    draw_missing()
    assert len(files(media_root)) == 4
    publishing.cancel_schedule(article=article, by=editor)
    remove_cancelled()
    assert files(media_root) == set()


def test_section_that_draws_otherwise_has_new_pictures(published: Article, media_root: Path) -> None:
    """Its new name stands on the card, its kind of drawing on the prints; the old files go at once."""
    old = files(media_root)
    Section.objects.filter(pk=published.section_id).update(name="Another", print_kind="polar")
    pk = live(published).pk
    Revision.objects.filter(pk=pk).update(is_stale=True)
    rendering.render_one(pk)
    draw_pictures(pk)
    assert len(files(media_root)) == 4
    assert not old & files(media_root)


def test_nothing_to_draw_costs_one_query(published: Article) -> None:
    pk = live(published).pk
    with CaptureQueriesContext(connection) as queries:
        assert draw_pictures(pk)
    assert len(queries) == 1


# ---- The command


def test_command_goes_on_where_it_was(media_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what failed and exits with an error; run again, it does the rest only."""
    first, _ = make_article(headline="First"), make_article(headline="Second")
    draw_pictures(live(first).pk)
    drawn: list[str] = []
    real = social.card

    def fail_once(shown: Any) -> bytes:
        drawn.append(shown.headline)
        return real(shown) if len(drawn) > 1 else 1 // 0  # type: ignore[return-value]

    monkeypatch.setattr(social, "card", fail_once)
    with pytest.raises(CommandError, match="1 stories have no pictures"):
        call_command("make_social_pictures", verbosity=0)
    call_command("make_social_pictures", verbosity=0)
    assert drawn == ["Second", "Second"]
    assert len(files(media_root)) == 8
