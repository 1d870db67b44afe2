"""The drawings of stories, as files: the print that stands on the page, and the pictures for other sites."""

from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from articles.announcing import story_tag
from articles.drawings import draw, print_kind
from articles.models import Drawing, Revision
from articles.social import FILE_NAME, FOLDER
from images.views import stored_file
from pulse.art import STYLE_HASHES
from pulse.tags import reads, shows

# The drawing carries one style sheet of ours; its hash is the only thing the policy lets through.
print_policy: Any = csp_replace({"default-src": ["'none'"], "style-src": STYLE_HASHES})


@print_policy
@require_safe
@reads()
def print_picture(request: HttpRequest, slug: str, shape: str) -> HttpResponse:
    """The print of a live story, as it was drawn at publication. One query.

    Drawn here, with one more, only for a story published before prints were kept: see make_social_pictures.
    """
    live = Revision.objects.live().filter(article__slug=slug)
    drawing = (
        Drawing.objects.filter(revision__in=live, shape=shape).values_list("svg", "revision__article").first()
    )
    svg, article = drawing or _drawn_now(live, slug, shape)
    shows(request, story_tag(article))
    response = svg_response(svg)
    patch_cache_control(response, public=True, max_age=settings.PULSE_DRAWING_MAX_AGE)
    return response


def _drawn_now(live: Any, slug: str, shape: str) -> tuple[str, int]:
    found = live.select_related("section").only("article", "paragraphs", "section__print_kind")
    revision = get_object_or_404(found)
    kind = print_kind(revision.section)
    return draw(revision.paragraphs, kind=kind, shape=shape, seed=slug), revision.article_id


def svg_response(svg: str) -> HttpResponse:
    return HttpResponse(svg, content_type="image/svg+xml")


@require_safe
def social_picture(request: HttpRequest, name: str) -> HttpResponseBase:
    """A picture for other sites, where nothing in front serves it. No query; other names are 404."""
    if not FILE_NAME.fullmatch(name):
        raise Http404
    return stored_file(request, f"{FOLDER}/{name}")
