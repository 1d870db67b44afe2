"""oEmbed (https://oembed.com): what another site shows when somebody pastes a story's address there."""

import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from articles.models import Revision
from pulse.addresses import absolute
from pulse.characters import without_controls
from pulse.posters import CARD_SIZE

FORMATS = {"json", "xml"}
CROPS = ["social.jpg", "card.jpg", "w480.jpg"]  # of a photograph, the best first


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """A live story as a link with its picture. Four queries. Asked with any size, so kept under none.

    400 without an address or with a size that is no number, 404 for an address that is no live story's, 501
    for another format.
    """
    form = request.GET.get("format", "json")
    try:
        largest = [int(request.GET.get(name, 10**6)) for name in ("maxwidth", "maxheight")]
    except ValueError:
        return _refused("maxwidth and maxheight must be numbers.", 400)
    if form not in FORMATS:
        return _refused("The formats are json and xml.", 501)
    if not request.GET.get("url"):
        return _refused("The address of a story is missing: ?url=…", 400)
    revision = _story_at(request.GET["url"])
    data = _described(revision, *largest)
    response = JsonResponse(data) if form == "json" else _xml(data)
    response["Access-Control-Allow-Origin"] = "*"  # nothing here is one reader's
    response["X-Robots-Tag"] = "noindex"
    return response


def _refused(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", content_type="text/plain; charset=utf-8", status=status)


def _story_at(address: str) -> Revision:
    """The live story that a whole address of ours leads to, now or before it moved. Raises Http404."""
    try:
        parts = urlsplit(address)
        match = resolve(parts.path)
    except (ValueError, Resolver404) as error:
        raise Http404 from error
    is_ours = parts.scheme in {"http", "https"} and parts.netloc == urlsplit(settings.BASE_URL).netloc
    if not is_ours or match.view_name != "articles:article":
        raise Http404
    live = Revision.objects.live().select_related("article", "section", "lead_image")
    live = live.defer("content", "body_html").prefetch_related("bylines__author", "lead_image__renditions")
    slug = match.kwargs["slug"]
    for where in ({"article__slug": slug}, {"article__previous_slugs__slug": slug}):
        if revision := live.filter(**where).first():
            return revision
    raise Http404


def _described(revision: Revision, max_width: int, max_height: int) -> dict[str, Any]:
    data: dict[str, Any] = {
        "version": "1.0",
        "type": "link",
        "title": revision.headline,
        "description": revision.dek or revision.tldr,
        "provider_name": settings.PULSE_SITE_NAME,
        "provider_url": absolute("/"),
        "cache_age": 3600,
    }
    if authors := revision.byline_authors:
        data["author_name"] = ", ".join(author.name for author in authors)
        data["author_url"] = absolute(authors[0].get_absolute_url())
    if picture := _thumbnail(revision, max_width, max_height):
        address, data["thumbnail_width"], data["thumbnail_height"] = picture
        data["thumbnail_url"] = absolute(address)
    return data


def _thumbnail(revision: Revision, max_width: int, max_height: int) -> tuple[str, int, int] | None:
    """Where its picture for other sites is, with its width and height, in the largest size that fits."""
    pictures: list[tuple[str, int, int]] = []
    if revision.lead_image:
        crops = [crop for crop in revision.lead_image.renditions.all() if crop.preset in CROPS]
        crops.sort(key=lambda crop: CROPS.index(crop.preset))
        pictures = [(crop.file.url, crop.width, crop.height) for crop in crops]
    elif revision.social_picture:
        pictures = [(revision.social_picture.url, *CARD_SIZE)]
    fitting = (one for one in pictures if one[1] <= max_width and one[2] <= max_height)
    return next(fitting, None)


def _xml(data: dict[str, Any]) -> HttpResponse:
    root = ET.Element("oembed")
    for name, value in data.items():
        ET.SubElement(root, name).text = without_controls(str(value))
    document = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(document, content_type="text/xml; charset=utf-8")
