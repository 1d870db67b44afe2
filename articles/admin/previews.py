"""Drafts as readers would see them, for the newsroom only: whole, beside the form, and of an old revision."""

from base64 import b64encode
from dataclasses import replace
from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts.models import member
from articles.access import require_may_edit
from articles.admin.doors import open_article, open_revision, require_newsroom
from articles.admin.typed import typed_content
from articles.drawings import PRINT_SIZES, draw, print_kind
from articles.models import Article
from articles.print_pictures import print_policy, svg_response
from articles.stories import Story, draft_story
from pulse.addresses import is_number
from pulse.text import TextTooLong


@never_cache
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The working copy on the public page's own template."""
    article = open_article(request, pk)
    return _page(request, article, None)


@never_cache
@require_safe
def preview_revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An old revision on the public page's template, with its text as it was and its terms as they are."""
    revision = open_revision(request, pk, number)
    return _page(request, revision.article, revision.content)


def _page(request: HttpRequest, article: Article, content: Any) -> HttpResponse:
    story = draft_story(article, content)
    context = {"story": story, "article": article, "is_preview": True}
    response = render(request, "articles/article.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@print_policy
@never_cache
@require_safe
def print_picture(request: HttpRequest, pk: int, shape: str) -> HttpResponse:
    """The drawing of a story that is not public yet."""
    article = open_article(request, pk, articles=Article.objects.select_related("section"))
    story = draft_story(article)
    return svg_response(
        draw(
            story.paragraphs,
            kind=print_kind(article.section),
            shape=shape if shape in PRINT_SIZES else "wide",
            seed=article.slug,
        )
    )


@csp_replace({"frame-ancestors": ["'self'"]})
@xframe_options_sameorigin
@never_cache
@require_safe
def preview_frame(request: HttpRequest) -> HttpResponse:
    """The empty page beside the form, in the public stylesheet, which the form's script fills."""
    require_newsroom(request)
    return render(request, "admin/articles/article/preview_frame.html")


@never_cache
@require_POST
def live_preview(request: HttpRequest) -> HttpResponse:
    """All parts of a story as a form holds it, saved or not, on the public page's template.

    `article` is the number of the stored article, if there is one. Answers 400 with a sentence for a text
    that is too long; the form keeps what was typed.
    """
    require_newsroom(request)
    pk = request.POST.get("article", "")
    article = Article.objects.filter(pk=pk).first() if is_number(pk) else None
    if article:
        require_may_edit(member(request), article)
    try:
        story = _with_drawing(draft_story(article or Article(), typed_content(request.POST)))
    except TextTooLong as error:
        return JsonResponse({"error": str(error)}, status=400)
    context = {"story": story, "article": story.article, "is_preview": True}
    return render(request, "admin/articles/article/_live_preview.html", context)


def _with_drawing(story: Story) -> Story:
    """The story with its drawing inside: what is only typed has no address it could be fetched from."""
    if story.lead_image:
        return story
    svg = draw(
        story.paragraphs, kind=print_kind(story.section), shape="square", seed=story.article.slug
    ).encode()
    return replace(story, drawing_url=f"data:image/svg+xml;base64,{b64encode(svg).decode()}")
