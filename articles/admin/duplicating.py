"""A copy of an article as a new draft."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.models import member
from articles import editing
from articles.admin.doors import open_article


@require_POST
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy the stored working copy, and go on in the copy's form."""
    article = open_article(request, pk)
    if not request.user.has_perm("articles.add_article"):
        raise PermissionDenied("Your role may not start articles.")
    copied = editing.duplicate(article=article, by=member(request))
    messages.success(
        request, f"This is a copy of “{article}”: a draft of your own, which readers do not see."
    )
    return HttpResponseRedirect(reverse("admin:articles_article_change", args=[copied.pk]))
