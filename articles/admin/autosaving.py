"""What the form's page asks while somebody writes: keep this, who else is here, I am gone.

Every answer is JSON, also for somebody whose session ended: the page then asks them to sign in and goes on.
"""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db import transaction
from django.forms.formsets import all_valid
from django.http import Http404, HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import member
from articles import editing, sittings
from articles.access import CHANGE, may_edit
from articles.admin import saving
from articles.admin.filled import filled_content
from articles.content import TEXT_FIELDS
from articles.models import Article, Sitting
from articles.wording import part_names

# No autosave changes these.
NOT_CONTENT = ("slug", "discussion", "moderation", "discussion_closes", "discussion_closes_at", "publish_at",
               "end_at", "review_note")  # fmt: skip
SIGNED_OUT = "You are signed out. Sign in again to go on: your text is kept in this browser."
NOT_YOURS = "You may not change this article any more. Copy your text, and ask an editor."


def _refusal(request: HttpRequest, article: Article | None = None) -> JsonResponse | None:
    """Why somebody may not save, or None."""
    if not (request.user.is_authenticated and request.user.is_staff):
        return JsonResponse({"error": SIGNED_OUT}, status=401)
    if not request.user.has_perm(CHANGE) or (article and not may_edit(member(request), article)):
        return JsonResponse({"error": NOT_YOURS}, status=403)
    return None


@never_cache
@require_safe
def token(request: HttpRequest) -> JsonResponse:
    """A token for the next request, after somebody signed in again; 401 if nobody is signed in."""
    return _refusal(request) or JsonResponse({"token": get_token(request)})


@never_cache
@require_POST
def autosave(request: HttpRequest, pk: int | None = None) -> JsonResponse:
    """Keep what the form holds as the draft; of a new article, as one, under its window's key.

    200 with what was saved, 401 signed out, 403, 409 if somebody else changed the same text, 422 if a field
    is not right. Nothing but the draft is touched: no address, no discussion, nothing public.
    """
    article = get_object_or_404(Article, pk=pk) if pk else None
    if refusal := _refusal(request, article):
        return refusal
    with transaction.atomic():
        return _autosave(request, article)


def _autosave(request: HttpRequest, article: Article | None) -> JsonResponse:
    sitting = saving.find_sitting(request, article)
    if article is None and sitting is not None:
        article = sitting.article  # the answer to the first autosave was lost on the way
        if refusal := _refusal(request, article):
            return refusal
    form, formsets = _read(request, article)
    if problem := _first_problem(form, formsets):
        return JsonResponse({"error": problem}, status=422)
    content = filled_content(form, formsets)
    if article is None:
        article, sitting = _begin(request, content["headline"])
    try:
        with transaction.atomic():
            saved = editing.save_draft(
                article=article,
                content=content,
                by=member(request),
                sitting=sitting,
                version=form.cleaned_data.get("base_version") or 0,
                sequence=form.cleaned_data.get("sequence"),
                is_autosave=True,
            )
    except editing.Conflict as conflict:
        return JsonResponse({"error": _clash(conflict)}, status=409)
    return JsonResponse(_answer(request, article, saved, sitting))


def _answer(
    request: HttpRequest, article: Article, saved: editing.Saved, sitting: Sitting | None
) -> dict[str, Any]:
    content, names = saved.revision.content, part_names()
    unseen = [label for part, label in names.items() if part in saved.unseen]
    return {
        "saved_at": date_format(timezone.localtime(timezone.now()), "H:i"),
        "version": Article.objects.values_list("version", flat=True).get(pk=article.pk),
        "sitting": sitting.key.hex if sitting else "",
        "article": article.pk,
        "address": reverse("admin:articles_article_change", args=[article.pk]),
        "impacts": [] if "impacts" in saved.unseen else [impact["id"] for impact in content["impacts"]],
        "unseen": f"Somebody else changed this meanwhile: {', '.join(unseen)}." if unseen else "",
        "texts": {part: content[part] for part in TEXT_FIELDS if part in saved.unseen},
    }


def _begin(request: HttpRequest, headline: str) -> tuple[Article, Sitting]:
    by = member(request)
    article = Article(headline=headline, created_by=by, updated_by=by)
    editing.start(article=article)
    return article, sittings.open_sitting(article=article, by=by, key=_key(request))


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("sitting", ""))
    except ValueError:
        return None


def _read(request: HttpRequest, article: Article | None) -> tuple[Any, Any]:
    """The form and its rows as the admin would read them, without what no autosave changes."""
    model_admin: Any = admin.site.get_model_admin(Article)
    form = model_admin.get_form(request, article, change=bool(article))(request.POST, instance=article)
    for name in NOT_CONTENT:
        form.fields.pop(name, None)
    form.is_valid()
    formsets, _ = model_admin._create_formsets(request, form.instance, change=bool(article))
    return form, formsets


def _first_problem(form: Any, formsets: Any) -> str:
    """The first thing that keeps a form from being saved, as a sentence; empty if nothing does."""
    all_valid(formsets)
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label}: {errors[0]}" if label else str(errors[0])
    for formset in formsets:
        for row in formset.forms:
            for errors in row.errors.values():
                return f"{formset.model._meta.verbose_name.capitalize()}: {errors[0]}"
    return ""


def _clash(conflict: editing.Conflict) -> str:
    parts = [label for part, label in part_names().items() if part in conflict.clashes]
    return f"Somebody else changed the same text: {', '.join(parts) or 'this article'}."


@never_cache
@require_safe
def sitting_state(request: HttpRequest, key: str = "") -> JsonResponse:
    """The number of the last save taken from a window; 404 for a window that never saved anything."""
    if refusal := _refusal(request):
        return refusal
    sitting = sittings.find_sitting(key)
    if sitting is None:
        raise Http404
    return JsonResponse({"sequence": sitting.sequence})


@never_cache
@require_POST
def presence(request: HttpRequest, pk: int) -> JsonResponse:
    """A sign of life from a window, answered with who else has the form open."""
    article = get_object_or_404(Article, pk=pk)
    if refusal := _refusal(request, article):
        return refusal
    sitting = saving.find_sitting(request, article)
    if sitting is None:
        raise Http404
    if "close" in request.POST:
        sittings.close(sitting)
        return JsonResponse({})
    sittings.keep_open(sitting)
    here = sittings.others(article, than=sitting)
    return JsonResponse({"others": sittings.in_words(here, to=member(request))})
