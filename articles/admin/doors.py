"""Every page about a draft opens through here: who may not work on the article gets 403."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import member
from articles.access import CHANGE, require_may_edit, require_publisher
from articles.models import Article, Revision


def require_newsroom(request: HttpRequest) -> None:
    """Raise PermissionDenied unless this person may work on articles."""
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied("Only the newsroom may see drafts.")


def open_article(request: HttpRequest, pk: int, *, articles: QuerySet[Any] | None = None) -> Article:
    """The article, for somebody who may work on it. Raises Http404 or PermissionDenied. Two queries."""
    require_newsroom(request)
    article = get_object_or_404(Article.objects.all() if articles is None else articles, pk=pk)
    require_may_edit(member(request), article)
    return article


def open_article_as_editor(request: HttpRequest, pk: int) -> Article:
    """The article, for somebody who may publish. Raises Http404 or PermissionDenied."""
    require_newsroom(request)
    require_publisher(member(request))
    return get_object_or_404(Article, pk=pk)


def open_revision(request: HttpRequest, pk: int, number: int) -> Revision:
    """A revision of an article, for somebody who may work on it. Raises Http404 or PermissionDenied."""
    require_newsroom(request)
    revision = get_object_or_404(Revision.objects.select_related("article"), article__pk=pk, number=number)
    require_may_edit(member(request), revision.article)
    return revision
