"""Any two revisions of an article compared; unless told otherwise, what is live with the draft."""

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.admin.doors import open_article
from articles.admin.history import SHOWN
from articles.comparison import compare
from articles.models import Article, Revision
from articles.wording import in_words
from pulse.addresses import is_number


@never_cache
@require_safe
def compare_revisions(request: HttpRequest, pk: int) -> HttpResponse:
    """`?from=` and `?to=` are revision numbers. About fifteen queries, however long the history."""
    article = open_article(request, pk)
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
        "revisions": article.revisions.only("article", "number", "created_at", "live_from", "live_until")[
            :SHOWN
        ],
    }
    return render(request, "admin/articles/article/compare.html", context)


def _revision(article: Article, number: str | None) -> Revision | None:
    """The revision with a number, None for no number; Http404 for one that is not there."""
    if number is None:
        return None
    if not is_number(number):
        raise Http404
    return get_object_or_404(article.revisions, number=number)
