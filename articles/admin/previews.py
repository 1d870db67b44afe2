"""Drafts as readers would see them, for the newsroom only: whole, beside the form, and of an old revision."""

from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from articles.content import Content
from articles.models import Article, Revision
from articles.stories import draft_story
from articles.views import PRINT_SIZES, draw, print_kind, print_policy, svg_response
from pulse.admin import is_key
from pulse.text import TextTooLong


def require_newsroom(request: HttpRequest) -> None:
    """Raise PermissionDenied unless this person may work on articles."""
    if not request.user.has_perm("articles.change_article"):
        raise PermissionDenied("Only the newsroom may see drafts.")


@never_cache
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The working copy on the public page's own template."""
    require_newsroom(request)
    article = get_object_or_404(Article, pk=pk)
    return _page(request, article, None)


@never_cache
@require_safe
def preview_revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """An old revision on the public page's template, with its text as it was and its terms as they are."""
    require_newsroom(request)
    revision = get_object_or_404(Revision.objects.select_related("article"), article__pk=pk, number=number)
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
    require_newsroom(request)
    article = get_object_or_404(Article.objects.select_related("section"), pk=pk)
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
    """Headline, TL;DR and story of a form that is not saved, drawn by the public renderer.

    Answers 400 with a sentence for a text that is too long; the form keeps what was typed.
    """
    require_newsroom(request)
    terms = [int(pk) for pk in request.POST.getlist("terms") if is_key(pk)][
        : settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    ]
    content = Content(
        headline=request.POST.get("headline", ""),
        kicker="",
        dek=request.POST.get("dek", ""),
        tldr=request.POST.get("tldr", ""),
        body=request.POST.get("body", ""),
        section=None,
        topics=[],
        authors=[],
        terms=terms,
        lead_image=None,
        impacts=[],
    )
    try:
        story = draft_story(Article(), content)
    except TextTooLong as error:
        return JsonResponse({"error": str(error)}, status=400)
    return render(request, "admin/articles/article/_live_preview.html", {"story": story})
