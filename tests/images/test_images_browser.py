"""The picture library in a browser: dropping, describing, focal point and crop by keyboard and mouse."""

import base64
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from images.library import add_image
from images.models import Crop, Image
from tests.factories import make_article, make_user
from tests.images.hostile import encoded, halves
from tests.site.test_whole_story import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.once]

AXE = "Applying inline style|preload assets"  # its own, while it looks at a page's frames
DROP = """files => {
    const transfer = new DataTransfer();
    for (const [name, data] of files) {
        const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name));
    }
    const options = { dataTransfer: transfer, bubbles: true, cancelable: true };
    for (const kind of ["dragover", "drop"]) document.body.dispatchEvent(new DragEvent(kind, options));
}"""


def drop(page: Page, *files: tuple[str, bytes]) -> None:
    """Drop files from the desktop on the page."""
    page.evaluate(DROP, [[name, base64.b64encode(data).decode()] for name, data in files])


def press(page: Page, control: str, *keys: str) -> None:
    page.get_by_role("slider", name=control).focus()
    for key in keys:
        page.keyboard.press(key)


def values(page: Page, *names: str) -> list[float]:
    return [float(page.locator(f"[name={name}]").input_value()) for name in names]


def fits(page: Page) -> bool:
    """Whether nothing scrolls sideways on a phone."""
    size = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 800})
    width = page.evaluate("document.querySelector('#content').scrollWidth")
    page.set_viewport_size(size)
    return width <= 390


def test_pictures_are_dropped_and_described(page: Any, assert_accessible: Any, troubles: Any) -> None:
    """Several at once, each with its own result; words are saved in place, and what lacks them says so."""
    troubles.allow(f"response: 4(00|15)|{AXE}")
    known = add_image(data=encoded(halves(90, 60), "PNG"), by=None, alt="Known already")
    make_article(headline="Shows it", lead_image=known)
    sign_in(page, make_user(role="Editor"))
    page.goto("/admin/images/image/")
    drop(
        page, ("first.png", encoded(halves(120, 80), "PNG")), ("second.png", encoded(halves(150, 80), "PNG"))
    )
    results = page.locator(".drop-item")
    expect(results.nth(0)).to_contain_text("Added, 120 × 80")
    expect(results.nth(1)).to_contain_text("Added, 150 × 80")
    drop(page, ("again.png", encoded(halves(90, 60), "PNG")), ("notes.txt", b"not a picture"))
    expect(results.nth(2)).to_contain_text("Already in the library")
    link = results.nth(2).get_by_role("link", name="Known already")
    expect(link).to_have_attribute("href", f"/admin/images/image/{known.pk}/change/")
    expect(results.nth(2).locator("form")).to_have_count(0)
    expect(results.nth(3)).to_contain_text("Choose a JPEG, PNG, WebP, GIF or AVIF file.")
    assert Image.objects.count() == 3

    results.nth(0).get_by_role("button", name="Save words").click()
    expect(results.nth(0)).to_contain_text("Say what the picture shows")
    assert_accessible(page)
    results.nth(0).get_by_label("Alternative text").fill("Red beside blue")
    results.nth(0).get_by_label("Credit").fill("Studio")
    page.keyboard.press("Enter")
    expect(results.nth(0).locator(".words-state")).to_have_text("Saved")
    assert Image.objects.get(width=120).alt == "Red beside blue"
    assert Image.objects.get(width=120).credit == "Studio"

    page.reload()
    cards = page.locator(".library-card")
    expect(cards).to_have_count(3)
    expect(page.locator(".library-lack")).to_have_count(1)
    expect(cards.filter(has_text="Known already").get_by_role("link", name="Shows it (live)")).to_be_visible()
    assert_accessible(page)
    assert fits(page)
    cards.filter(has=page.locator(".library-lack")).locator("summary").click()
    page.get_by_label("Decoration only").check()
    page.get_by_role("button", name="Save words").click()
    expect(page.locator(".library-lack")).to_contain_text("Saved")
    assert Image.objects.get(width=150).is_decoration


def test_a_picture_sent_too_fast_goes_on_by_itself(page: Any, troubles: Any, settings: Any) -> None:
    """A hundred pictures dropped at once need no second try by hand."""
    troubles.allow("response: 429")
    sign_in(page, make_user(role="Writer"))
    page.goto("/admin/images/image/")
    settings.PULSE_UPLOADS_PER_MINUTE = 0
    page.clock.install()
    drop(page, ("first.png", encoded(halves(), "PNG")))
    expect(page.locator(".drop-item")).to_contain_text("Many at once: goes on in")
    settings.PULSE_UPLOADS_PER_MINUTE = 60
    page.clock.fast_forward("01:01")
    expect(page.locator(".drop-item")).to_contain_text("Added")


def test_focal_point_and_crop_are_set_on_the_picture(
    page: Any, assert_accessible: Any, troubles: Any
) -> None:
    """By keyboard alone, then by mouse; every crop follows at once, and is cut so when the form is saved."""
    troubles.allow(AXE)
    image = add_image(data=encoded(halves(1_200, 400), "PNG"), by=None, alt="Red beside blue")
    sign_in(page, make_user(role="Writer"))
    page.goto(f"/admin/images/image/{image.pk}/change/")
    press(page, "Focal point", *["Shift+ArrowLeft"] * 6, "ArrowUp")
    assert values(page, "focal_x", "focal_y") == [20, 49]
    preview = page.locator("fieldset.crop", has_text="Above a story").locator("img")
    left = preview.evaluate("image => parseFloat(image.style.left)")
    assert left == pytest.approx(-10)  # so that 20% of the picture is in its middle

    card = page.locator("fieldset.crop", has_text="Lead and lists")
    card.get_by_label("Own crop").check()
    press(page, "Lead and lists: width", *["Shift+ArrowLeft"] * 4)
    press(page, "Lead and lists: position", *["Shift+ArrowRight"] * 20, "ArrowDown", "ArrowDown")
    assert values(page, "card-left", "card-top", "card-across") == [70, 2, 30]
    assert_accessible(page)
    assert fits(page)
    page.get_by_role("button", name="Save and continue editing").click()
    page.wait_for_load_state()
    image.refresh_from_db()
    assert (image.focal_x, image.focal_y) == (20, 49)
    assert Crop.objects.get().box == (700, 20, 300, 600)
    presets = {rendition.preset: str(rendition.file) for rendition in image.renditions.all()}
    assert "-card-700-20-300-600." in presets["card.jpg"]
    assert "-square-20-49." in presets["square.jpg"]

    stage = page.locator(".crop-stage img")
    area = stage.bounding_box()
    stage.click(position={"x": area["width"] * 0.25, "y": area["height"] * 0.75})
    assert values(page, "focal_x", "focal_y") == [25, 75]
    frame = page.locator(".crop-frame").bounding_box()
    page.mouse.move(frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
    page.mouse.down()
    page.mouse.move(area["x"], area["y"], steps=4)
    page.mouse.up()
    assert values(page, "card-left", "card-top", "card-across") == [0, 0, 30]
    page.mouse.move(
        area["x"] + area["width"] * 0.3, area["y"] + area["height"] * 0.6
    )  # the corner below right
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] * 0.4, area["y"] + area["height"] * 0.7, steps=4)
    page.mouse.up()
    assert values(page, "card-across")[0] == pytest.approx(40, abs=0.5)
    card.get_by_label("Own crop").uncheck()
    page.get_by_role("button", name="Save and continue editing").click()
    page.wait_for_load_state()
    assert not Crop.objects.exists()
    assert image.renditions.get(preset="card.jpg").file.name.endswith("-card-25-75.jpg")
