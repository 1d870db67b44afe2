"""The revisions of an article: who saved what, what was live when, and the way back."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import member
from articles import publishing
from articles.admin.previews import require_newsroom
from articles.models import Article, Revision

SHOWN = 200


def revisions(request: HttpRequest, pk: int) -> HttpResponse:
    """Every revision, newest first. Two queries beside the admin's own."""
    require_newsroom(request)
    article = get_object_or_404(Article, pk=pk)
    context = {
        **admin.site.each_context(request),
        "title": f"History of “{article}”",
        "article": article,
        "opts": Article._meta,
        "revisions": article.revisions.select_related("by").defer("body_html")[:SHOWN],
        "can_publish": request.user.has_perm("articles.publish_article"),
        "now": timezone.now(),
    }
    return render(request, "admin/articles/article/history.html", context)


@require_POST
def use_revision(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Make an old revision the draft, or, with `_publish`, what readers see."""
    require_newsroom(request)
    revision = get_object_or_404(Revision.objects.select_related("article"), article__pk=pk, number=number)
    article = revision.article
    try:
        if "_publish" in request.POST:
            publishing.roll_back(article=article, to=revision, by=member(request))
            messages.success(request, f"Revision {number} is what readers see now, as a new revision.")
        else:
            publishing.restore_revision(article=article, to=revision, by=member(request))
            messages.success(request, f"The draft is revision {number} again. Readers see no change.")
    except publishing.NotPublishable as refusal:
        messages.error(request, f"Not published. {refusal}")
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
