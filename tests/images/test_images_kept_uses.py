"""Where pictures are used is kept, and put right by what was saved since: kept or not, the answer is one."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from articles import editing, pictured, publishing
from articles.content import snapshot
from articles.models import Article
from images.library import delete_image
from images.models import Image
from images.replacing import replace_image
from images.uses import SHOWN, uses_of, uses_of_each
from pulse import parts, worker
from pulse.models import Part
from tests.factories import make_article, make_draft, make_image, make_user, png

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def ago(hours: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() - hours * HOUR)


def shows(image: Image) -> str:
    return f"Before.\n\n![Alt](/media/{image.file})\n\nAfter."


def keep() -> None:
    """What the worker does once an hour."""
    with ago(1):
        assert parts.make(pictured.KIND)


def told(*images: Image) -> dict[int, list[str]]:
    found = uses_of_each(images)
    return {pk: sorted(use.label for use in uses.shown) for pk, uses in found.items()}


@pytest.fixture
def editor() -> User:
    return make_user(role="Editor")


@pytest.fixture
def image() -> Image:
    return make_image()


def save(article: Article, by: User, **changes: object) -> Article:
    content = {**snapshot(article), **changes}
    editing.save_draft(article=Article.objects.get(pk=article.pk), content=content, by=by)  # type: ignore[arg-type]
    return Article.objects.get(pk=article.pk)


def test_what_is_kept_follows_every_change(editor: User, image: Image) -> None:
    other = make_image()
    with ago(3):
        left, reworded, off, gone = (
            make_article(headline=name, body=shows(image)) for name in ("Left", "Reworded", "Off", "Gone")
        )
        led, drafted, planned, rolled = (make_draft(headline=name) for name in ("Led", "New", "Soon", "Back"))
        dropped = make_draft(headline="Dropped", body=shows(image), lead_image=other)
    with ago(2):
        publishing.unpublish(article=gone, by=editor)
        Article.objects.update(updated_at=timezone.now())
    keep()
    publishing.publish(article=save(reworded, editor, body="None."), by=editor)
    publishing.unpublish(article=off, by=editor)
    save(led, editor, lead_image=other.pk)
    save(drafted, editor, body=shows(image))
    publishing.schedule(article=save(planned, editor, body=shows(image)), by=editor, at=timezone.now() + HOUR)
    save(save(rolled, editor, body=shows(image)), editor, body="None.")
    save(off, editor, body="None.")
    client = Client()
    client.force_login(editor)
    client.post(reverse("admin:articles_article_delete", args=[dropped.pk]), {"post": "yes"})
    replace_image(image=image, data=png(), by=editor)
    image.refresh_from_db()
    kept = told(image, other)
    assert kept == {
        image.pk: ["Gone (draft)", "Left (live)", "New (draft)", "Soon (scheduled)"],
        other.pk: ["Led (draft)"],
    }
    Part.objects.all().delete()
    assert told(image, other) == kept
    assert Article.objects.filter(pk=left.pk).exists()


def test_the_texts_of_all_stories_are_not_read_again(image: Image, editor: User) -> None:
    with ago(2):
        article = make_article(body=shows(image))
    keep()
    Article.objects.update(body="Another.")  # by no verb
    article.revisions.update(body_html="Another.")
    with CaptureQueriesContext(connection) as captured:
        assert uses_of(image).count == 1
    with CaptureQueriesContext(connection) as again:
        assert uses_of(image).count == 1
    assert len(again) == len(captured)
    Part.objects.all().delete()
    assert uses_of(image).count == 0


def test_a_picture_used_by_many_names_the_newest_and_counts_the_others(image: Image, editor: User) -> None:
    """In the library, and where somebody tries to delete it."""
    stories = [make_draft(headline=f"Story {number}.", lead_image=image) for number in range(SHOWN + 2)]
    client = Client()
    client.force_login(editor)
    for page in ("/admin/images/image/", f"/admin/images/image/{image.pk}/change/"):
        html = client.get(page).content.decode()
        assert html.index(f">{stories[-1].headline} (draft)") < html.index(f">{stories[2].headline} (draft)")
        assert f">{stories[1].headline} (draft)" not in html
        assert f"{SHOWN - 1} more" in html
        assert "and 2 older" in html
    assert str(uses_of(image)).endswith(", and 2 more")
    with pytest.raises(Exception, match=r"and 2 more\."):
        delete_image(image=image)


def test_the_worker_keeps_it_and_reads_all_texts_again_within_the_hour(image: Image) -> None:
    assert (pictured.KIND, parts.ONE) in parts.missing()
    keep()
    assert (pictured.KIND, parts.ONE) not in parts.missing()
    ended = Part.objects.get(kind=pictured.KIND).ends_at
    worker.run_round()
    ends = Part.objects.get(kind=pictured.KIND).ends_at
    assert ended is not None
    assert ends is not None
    assert ended <= timezone.now() < ends
