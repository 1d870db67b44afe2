"""Any two revisions of an article compared; unless told otherwise, what is live with the draft."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.admin.history import SHOWN
from articles.admin.previews import require_newsroom
from articles.comparison import compare, impact_in_words
from articles.content import Content
from articles.models import Article, Author, Revision, Section, Topic
from articles.publishing import in_order
from articles.rendering import shown_impacts
from glossary.models import Term
from images.models import Image
from pulse.admin import is_key


@never_cache
@require_safe
def compare_revisions(request: HttpRequest, pk: int) -> HttpResponse:
    """`?from=` and `?to=` are revision numbers. About fifteen queries, however long the history."""
    require_newsroom(request)
    article = get_object_or_404(Article, pk=pk)
    before = _revision(article, request.GET.get("from")) or article.live_revision()
    after = _revision(article, request.GET.get("to")) or article.revisions.first()
    before = before or article.revisions.last()
    if before is None or after is None:
        raise Http404("Nothing of this article is stored yet.")
    context = {
        **admin.site.each_context(request),
        "title": f"Changes in “{article}”",
        "article": article,
        "opts": Article._meta,
        "before": before,
        "after": after,
        "changes": compare(in_words(before.content), in_words(after.content)),
        "revisions": article.revisions.only("number", "created_at", "live_from", "live_until")[:SHOWN],
    }
    return render(request, "admin/articles/article/compare.html", context)


def _revision(article: Article, number: str | None) -> Revision | None:
    """The revision with a number, None for no number; Http404 for one that is not there."""
    if number is None:
        return None
    if not is_key(number):
        raise Http404
    return get_object_or_404(article.revisions, number=number)


def in_words(content: Content) -> dict[str, str]:
    """Each part of a story as text, by the name the form gives it. Six queries."""
    section = Section.objects.filter(pk=content["section"] or 0).first()
    picture = Image.objects.filter(pk=content["lead_image"] or 0).first()
    return {
        "Headline": content["headline"],
        "Kicker": content["kicker"],
        "Standfirst": content["dek"],
        "The Pulse TL;DR": content["tldr"],
        "Story": content["body"],
        "Real-World Impact": "\n\n".join(impact_in_words(**impact) for impact in shown_impacts(content)),
        "Technical Briefing": _names(Term, content["terms"]),
        "Section": str(section or ""),
        "Topics": _names(Topic, content["topics"]),
        "Bylines": _names(Author, content["authors"]),
        "Lead picture": str(picture or ""),
    }


def _names(model: Any, pks: list[int]) -> str:
    return "\n\n".join(str(row) for row in in_order(model.objects.in_bulk(pks).get, pks))
