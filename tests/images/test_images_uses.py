"""Where pictures are used: in stories that are live, scheduled or being written, by any address."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import publishing
from articles.models import Article
from images.library import PictureInUse, add_image, delete_image
from images.models import Image
from images.replacing import replace_image
from images.uses import uses_of, uses_of_each
from tests.factories import change_headline, make_article, make_draft, make_image, make_user, png

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = reverse("admin:images_image_changelist")


def shows(image: Image, name: str = "") -> str:
    """A text with a picture in it."""
    return f"Before.\n\n![Alt](/media/{name or image.file})\n\nAfter."


def labels(image: Image, **how: Any) -> list[str]:
    return [use.label for use in uses_of(image, **how).shown]


def set_aside(article: Article) -> None:
    """Take every picture out of the working copy."""
    article.body, article.lead_image = "No picture.", None
    article.save()


@pytest.fixture
def image() -> Image:
    return make_image()


# ---- What is a use


def test_a_picture_that_nothing_shows_has_no_uses(image: Image) -> None:
    make_article(lead_image=make_image())
    assert not uses_of(image)


@pytest.mark.parametrize("how", ["lead", "text"])
def test_drafts_use_pictures(image: Image, how: str) -> None:
    """Leading them, or in their text."""
    fields: Any = {"lead_image": image} if how == "lead" else {"body": shows(image)}
    article = make_draft(headline="Being written", **fields)
    (use,) = uses_of(image).shown
    assert use.label == "Being written (draft)"
    assert use.address == reverse("admin:articles_article_change", args=[article.pk])


@pytest.mark.parametrize("how", ["lead", "text"])
def test_live_stories_use_pictures_though_the_draft_has_none(image: Image, how: str) -> None:
    """Readers see it until the change is published."""
    fields: Any = {"lead_image": image} if how == "lead" else {"body": shows(image)}
    set_aside(make_article(headline="Out there", **fields))
    assert labels(image) == ["Out there (live)"]


@pytest.mark.parametrize("how", ["lead", "text"])
def test_scheduled_stories_use_pictures(image: Image, how: str) -> None:
    """Readers will see it."""
    fields: Any = {"lead_image": image} if how == "lead" else {"body": shows(image)}
    set_aside(make_article(headline="Soon", at=timezone.now() + dt.timedelta(days=1), **fields))
    assert labels(image) == ["Soon (scheduled)"]


def test_a_size_in_a_text_is_a_use(image: Image) -> None:
    """A text may name any of a picture's files, such as one that somebody linked to."""
    make_draft(headline="Links", body=f"[Large]({image.renditions.get(preset='card.jpg').file.url})")
    assert labels(image) == ["Links (draft)"]


def test_an_address_from_before_a_replacement_is_a_use(image: Image) -> None:
    """The old address means the picture still."""
    make_article(headline="Named of old", body=shows(image))
    replace_image(image=image, data=png(), by=make_user())
    assert labels(image) == ["Named of old (live)"]


def test_an_earlier_version_is_a_use_only_for_history(image: Image) -> None:
    """It might be shown or restored, so it keeps a picture from being called an orphan."""
    article = make_article(headline="Long ago", body=shows(image))
    drafted = make_image()
    article.body, article.lead_image = "None.", drafted
    article.save()
    publishing.save_revision(article=article, by=make_user(role="Editor"))
    set_aside(article)
    publishing.publish(article=article, by=make_user(role="Editor"))
    assert labels(image) == []
    assert labels(image, in_history=True) == ["Long ago (earlier version)"]
    assert labels(drafted, in_history=True) == ["Long ago (earlier version)"]


def test_a_story_is_named_once_for_each_picture(image: Image) -> None:
    """By where most people see it, however often it shows the picture."""
    article = make_article(headline="Once", lead_image=image, body=shows(image))
    change_headline(article, "Twice")
    assert labels(image, in_history=True) == ["Twice (live)"]


def test_uses_of_many_cost_as_much_as_of_one() -> None:
    """A constant number of queries, for a page of the library and for all of it."""
    images = [make_image() for _ in range(4)]
    make_article(lead_image=images[0], body=shows(images[1]))
    with CaptureQueriesContext(connection) as one:
        uses_of_each(images[:1])
    for image in images[2:]:
        make_article(lead_image=image, body=shows(images[1]))
    with CaptureQueriesContext(connection) as all_of_them:
        found = uses_of_each(images)
    assert {pk: uses.count for pk, uses in found.items()} == {
        image.pk: count for image, count in zip(images, [1, 3, 1, 1], strict=True)
    }
    assert len(all_of_them) == len(one)


def test_others_drafts_are_not_named_to_a_writer(image: Image) -> None:
    """A writer sees that a picture is in use, and of other people's stories only what everybody may read."""
    writer = make_user(role="Writer")
    make_draft(headline="A secret", lead_image=image)
    live = make_article(headline="Public", lead_image=image)
    live.headline = "Another secret"
    live.save()
    own = make_draft(headline="My own", lead_image=image)
    Article.objects.filter(pk=own.pk).update(created_by=writer)
    uses = {use.label: use.address for use in uses_of(image, seen_by=writer).shown}
    assert uses == {
        "My own (draft)": reverse("admin:articles_article_change", args=[own.pk]),
        "Public (live)": live.get_absolute_url(),
        "Somebody else’s story (draft)": "",
    }


# ---- Deleting


@pytest.mark.parametrize("how", ["lead", "text"])
def test_a_picture_in_use_is_not_deleted(image: Image, how: str) -> None:
    """Whoever asks: the verb itself refuses, and says what uses it."""
    fields: Any = {"lead_image": image} if how == "lead" else {"body": shows(image)}
    make_draft(headline="Needs it", **fields)
    with pytest.raises(PictureInUse, match=r"Needs it \(draft\)") as refusal:
        delete_image(image=image)
    assert [use.label for use in refusal.value.uses.shown] == ["Needs it (draft)"]
    assert Image.objects.filter(pk=image.pk).exists()


def test_what_an_earlier_live_version_led_with_is_not_deleted(image: Image) -> None:
    """The site of that day can still be shown."""
    article = make_article(headline="History", lead_image=image)
    set_aside(article)
    publishing.publish(article=article, by=make_user(role="Editor"))
    assert not uses_of(image)
    with pytest.raises(PictureInUse, match="History, revision 1"):
        delete_image(image=image)


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user(role="Editor"))
    return client


def test_the_page_to_delete_says_what_uses_a_picture(editor: Client, image: Image) -> None:
    """With links, and without a button; sending the form all the same deletes nothing."""
    article = make_article(headline="Needs it", body=shows(image))
    address = reverse("admin:images_image_delete", args=[image.pk])
    html = editor.get(address).content.decode()
    assert f'<a href="/admin/articles/article/{article.pk}/change/">Needs it (live)</a>' in html
    assert "Delete the picture" not in html
    editor.post(address, {"post": "yes"})
    assert Image.objects.filter(pk=image.pk).exists()


def test_one_picture_in_use_keeps_all_that_are_ticked(editor: Client, image: Image) -> None:
    """Nothing is deleted by half; the page says which stories are in the way."""
    make_article(headline="Needs it", body=shows(image))
    ticked = {"action": "delete_selected", "_selected_action": [image.pk, make_image().pk]}
    assert "Needs it (live)" in editor.post(LIST, ticked).content.decode()
    editor.post(LIST, ticked | {"post": "yes"})
    assert Image.objects.count() == 2


def test_a_picture_put_to_use_in_the_last_moment_stays(
    editor: Client, image: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the page and the verb: a sentence, not a failure."""
    from images.admin.library import ImageAdmin

    nothing: Any = lambda *args: ([], {}, set(), [])  # noqa: E731
    monkeypatch.setattr(ImageAdmin, "get_deleted_objects", nothing)
    make_draft(headline="Just now", body=shows(image))
    response = editor.post(
        reverse("admin:images_image_delete", args=[image.pk]), {"post": "yes"}, follow=True
    )
    assert "Still in use: Just now (draft)." in response.content.decode()
    ticked = {"action": "delete_selected", "_selected_action": [image.pk], "post": "yes"}
    assert "Still in use" in editor.post(LIST, ticked, follow=True).content.decode()
    assert Image.objects.filter(pk=image.pk).exists()


# ---- The library


def test_the_library_says_where_a_picture_is_used(editor: Client, image: Image) -> None:
    """In the list and on its own page, with links; the first three, and how many more."""
    make_image()
    stories = [make_article(headline=f"Story {number}", lead_image=image) for number in range(5)]
    for page in (LIST, reverse("admin:images_image_change", args=[image.pk])):
        html = editor.get(page).content.decode()
        for story in stories:
            assert f'<a href="/admin/articles/article/{story.pk}/change/">{story.headline} (live)</a>' in html
        assert "2 more" in html
    assert editor.get(LIST).content.decode().count("Not used</p>") == 1


def test_the_library_is_narrowed_to_what_is_used_or_not(editor: Client, image: Image) -> None:
    make_image(alt="Idle")
    make_article(body=shows(image))
    shown = {use: editor.get(LIST, {"use": use}).content.decode() for use in ("used", "unused", "nonsense")}
    assert [("A grey square" in html, "Idle" in html) for html in shown.values()] == [
        (True, False), (False, True), (True, True),
    ]  # fmt: skip


def test_the_library_is_put_in_order(editor: Client) -> None:
    """Newest first, unless asked otherwise; and for a writer, whose list has no boxes to tick, the same."""
    small = add_image(data=png(width=10), by=None, alt="Anchor")
    large = add_image(data=png(width=90), by=None, alt="Zebra")

    def order(client: Client, label: str) -> list[str]:
        orders = {name: address for name, address, _ in client.get(LIST).context["orders"]}
        return [str(card["image"]) for card in client.get(LIST + orders[label]).context["cards"]]

    writer = Client()
    writer.force_login(make_user(role="Writer"))
    for client in (editor, writer):
        assert order(client, "Newest") == ["Zebra", "Anchor"]
        assert order(client, "Oldest") == ["Anchor", "Zebra"]
        assert order(client, "A to Z") == ["Anchor", "Zebra"]
        assert order(client, "Largest") == [str(large), str(small)]
