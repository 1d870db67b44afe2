"""The public pages of the publication. Each starts from `Revision.objects.live()`."""

from typing import Any

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from articles import listings
from articles.announcing import story_tag
from articles.composing import MOST_DISCUSSED, front_context, front_tags, story_context, story_tags
from articles.models import Article, Author, PreviousSlug, Revision, Section, Topic
from articles.serving import kept_front_page, kept_story, may_have_kept, tags_of_discussed
from articles.showing import tags_of_list, tags_of_rows
from articles.withdrawals import is_withdrawn
from pulse.addresses import absolute
from pulse.paging import Page, names_first_page, page_number
from pulse.tags import reads, shows


@require_safe
@reads()
def front_page(request: HttpRequest) -> HttpResponse:
    """Lead, next three, term of the day, river, most discussed. Three queries, or eight if made afresh."""
    kept = kept_front_page(request) if may_have_kept(request) else None
    if kept is not None:
        return kept
    among = listings.discussed_among()
    discussed = listings.most_discussed(MOST_DISCUSSED, among)
    context = front_context() | {"most_discussed": discussed}
    shows(request, *front_tags(context), *tags_of_discussed(discussed, (one.article_id for one in among)))
    return render(request, "articles/front_page.html", context)


@require_safe
@reads("page")
def latest(request: HttpRequest) -> HttpResponse:
    """Every story, newest first: where “Older stories” leads."""
    return _list_page(request, "articles/latest.html", None, {})


@require_safe
@reads("comments", "thread", "replies", "sort", "about")
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One story with its five parts: one query, or some fifteen if made afresh; an old address leads to the
    present one, a withdrawn one is gone."""
    is_first_page = request.GET.keys().isdisjoint(article.query_names)  # type: ignore[attr-defined]
    kept = kept_story(request, slug) if is_first_page and may_have_kept(request) else None
    if kept is not None:
        return kept
    revision = Revision.objects.live().for_page().filter(article__slug=slug).first()
    if revision is None:
        return _not_here(request, slug)
    context = story_context(revision)
    shows(request, *story_tags(revision, context))
    return render(request, "articles/article.html", context)


def _not_here(request: HttpRequest, slug: str) -> HttpResponse:
    """410 for a story that was withdrawn, otherwise where a story moved to from this address."""
    here = Article.objects.filter(slug=slug).first()
    if here is not None and is_withdrawn(here):
        shows(request, story_tag(here.pk))
        response = render(request, "articles/withdrawn.html", {"article": here}, status=410)
        response["X-Robots-Tag"] = "noindex"
        return response
    return _moved(request, slug)


def _moved(request: HttpRequest, slug: str) -> HttpResponsePermanentRedirect:
    """One hop to the live or withdrawn article that had this address; Http404 if there is none."""
    previous = PreviousSlug.objects.select_related("article").filter(slug=slug).first()
    if previous is None or not (previous.article.revisions.live().exists() or is_withdrawn(previous.article)):
        raise Http404
    shows(request, story_tag(previous.article_id))
    return HttpResponsePermanentRedirect(previous.article.get_absolute_url())


@require_safe
@reads("page")
def section(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Section, slug=slug)
    return _list_page(request, "articles/section.html", found, {"section": found}, pictures=1)


@require_safe
@reads("page")
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Topic.objects.in_use(), slug=slug)
    return _list_page(request, "articles/topic.html", found, {"topic": found})


@require_safe
@reads("page")
def author(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Author.objects.in_use(), slug=slug)
    return _list_page(request, "articles/author.html", found, {"author": found})


@require_safe
@reads("page")
def corrections(request: HttpRequest) -> HttpResponse:
    """Every correction of a story that readers see, newest first, under its live headline. Two queries."""
    if names_first_page(request):
        return redirect(request.path, permanent=True)
    page = listings.page_of_corrections(number=page_number(request))
    shows(request, "corrections", *(story_tag(correction.article_id) for correction in page.object_list))
    return _render_page(request, "articles/corrections.html", page, {})


def _list_page(
    request: HttpRequest, template: str, filed: Model | None, context: dict[str, Any], pictures: int = 0
) -> HttpResponse:
    """A page of stories, newest first: of a section, topic or author, or of the whole site."""
    if names_first_page(request):
        return redirect(request.path, permanent=True)
    page = listings.page_of_stories(filed, number=page_number(request), pictures=pictures)
    shows(request, *tags_of_list(filed), *tags_of_rows(page.object_list))
    return _render_page(request, template, page, context)


def _render_page(request: HttpRequest, template: str, page: Page, context: dict[str, Any]) -> HttpResponse:
    if page.number > 1:
        context["canonical_url"] = absolute(f"{request.path}?page={page.number}")
    return render(request, template, {"page": page, **context})
