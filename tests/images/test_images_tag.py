"""The picture tag: sizes, formats and attributes as the page needs them, without a query."""

import re

import pytest
from django.db.models import prefetch_related_objects
from django.template import Context, Template
from PIL import Image as Pillow
from pytest_django import DjangoAssertNumQueries, Settings

from images.library import add_image
from images.models import Image
from tests.images.hostile import encoded

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture
def image() -> Image:
    """A picture wide enough for the larger of the two cards."""
    image = add_image(data=encoded(Pillow.new("RGB", (1_000, 900)), "JPEG"), by=None, alt='A "quoted" <alt>')
    prefetch_related_objects([image], "renditions")
    return image


def draw(image: Image, arguments: str) -> str:
    html = Template("{% load pictures %}{% picture image " + arguments + " %}").render(
        Context({"image": image})
    )
    return re.sub(r"\s+", " ", html).strip()


def test_picture_offers_webp_and_jpeg_in_sizes(
    image: Image, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """One source a format, an image for the rest, its size known before it is loaded; no query."""
    stem = image.file.url.removesuffix(".jpg")
    with django_assert_num_queries(0):
        html = draw(image, '"card"')
    sizes = "(min-width: 90rem) 26rem, (min-width: 46rem) 31vw, 100vw"
    webp, jpeg = (
        f"{stem}-card-50-50.{extension} 960w, {stem}-card1600-50-50.{extension} 1000w"
        for extension in ("webp", "jpg")
    )
    assert html == (
        "<picture> "
        f'<source type="image/webp" srcset="{webp}" sizes="{sizes}"> '
        f'<source type="image/jpeg" srcset="{jpeg}" sizes="{sizes}"> '
        f'<img src="{stem}-card-50-50.jpg" alt="A &quot;quoted&quot; &lt;alt&gt;" width="1000" height="667"'
        ' loading="lazy" decoding="async"> </picture>'
    )


@pytest.mark.parametrize(
    ("placement", "size"),
    [("lead", (1_000, 667)), ("card", (1_000, 667)), ("square", (900, 900)), ("inline", (1_000, 900))],
)
def test_picture_has_the_proportions_of_its_placement(
    image: Image, placement: str, size: tuple[int, int]
) -> None:
    """Width and height are those of what is shown, so that nothing moves when it arrives."""
    assert f'width="{size[0]}" height="{size[1]}"' in draw(image, f'"{placement}"')


def test_picture_can_be_eager(image: Image) -> None:
    """The first picture of a page is asked for at once."""
    html = draw(image, '"lead" eager=True')
    assert 'fetchpriority="high"' in html
    assert "loading=" not in html


def test_picture_can_be_described_for_its_place(image: Image) -> None:
    """Another text, or none where the picture is decoration, and a class."""
    assert 'alt="Here"' in draw(image, '"card" alt="Here"')
    assert 'alt=""' in draw(image, '"card" alt=""')
    assert 'class="wide"' in draw(image, '"card" css_class="wide"')


def test_picture_without_renditions_is_the_file_itself(image: Image) -> None:
    """A picture whose sizes are missing is still shown."""
    image.renditions.all().delete()
    html = draw(Image.objects.get(), '"lead"')
    assert f'<img src="{image.file.url}"' in html
    assert 'width="1000" height="900"' in html
    assert "<source" not in html


def test_picture_writes_sizes_without_separators(image: Image, settings: Settings) -> None:
    """Numbers in attributes are plain in every language."""
    settings.USE_THOUSAND_SEPARATOR = True
    assert 'width="1000"' in draw(image, '"card"')
