"""What the article form shows beside its fields: state, who else is here, two versions that clash."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import get_random_string

from accounts.models import User, member
from articles import sittings
from articles.access import may_publish
from articles.admin import checking, conflicts, saving
from articles.admin.filled import filled_content
from articles.content import Content, snapshot
from articles.merging import merge, settle
from articles.models import Article, Event, Sitting
from articles.withdrawals import is_withdrawn, was_seen

REVIEW = {Event.Verb.SUBMITTED, Event.Verb.SENT_BACK, Event.Verb.READY, Event.Verb.REOPENED}


def form_context(request: HttpRequest, article: Article | None, form: Any, rows: Any) -> dict[str, Any]:
    """Everything the form's page needs beside Django's own. Opens a sitting. About fifteen queries."""
    by = member(request)
    context: dict[str, Any] = {
        "title": "New article" if article is None else (article.headline or "Untitled"),
        "subtitle": None,
        "can_publish": may_publish(by),
        "panel": checking.panel(Article.objects.filter(pk=article.pk).first() if article else None),
        "autosave_delay": settings.PULSE_AUTOSAVE_DELAY,
        "stored_slug": form.stored_slug,  # the form may hold another one that was refused
    }
    if article is None:
        form.initial["sitting"] = form.initial.get("sitting") or _new_key()
        return context
    for part in rows:
        _ = part.formset.forms  # read now, with the row locked: the page is rendered later
    if form.is_bound and form.conflict:
        context["differences"] = _settle(request, article, form, rows)
    if "asked" in request.GET and not form.is_bound:
        context["asked"] = [check for check in context["panel"].found if check.severity == "serious"]
        form.initial["publish_at"] = request.GET.get("publish_at", "")
    sitting = _sitting(request, article, form, by)
    context["others"] = sittings.in_words(sittings.others(article, than=sitting), to=by)
    context["can_duplicate"] = request.user.has_perm("articles.add_article")
    if context["can_publish"] and was_seen(article):
        context["withdraw_url"] = reverse("admin:articles_article_withdraw", args=[article.pk])
    return context | _state(article)


def _state(article: Article) -> dict[str, Any]:
    stored = Article.objects.get(pk=article.pk)  # the form's own may hold what was typed and refused
    live = stored.live_revision()
    return {
        "stored": stored,
        "live": live,
        "is_withdrawn": is_withdrawn(stored),
        "scheduled": stored.scheduled_revision(),
        "ends_at": _planned_end(stored),
        "has_changes": live is not None and stored.revisions.latest().content != live.content,
        "review": stored.events.filter(verb__in=REVIEW).select_related("by").first(),
    }


def _planned_end(article: Article) -> Any:
    last = article.revisions.public_or_due().order_by("-live_from").first()
    return last.live_until if last else None


def _sitting(request: HttpRequest, article: Article, form: Any, by: User) -> Sitting:
    """The window's sitting: the one it came from, or a new one."""
    sitting = saving.find_sitting(request, article) if form.is_bound else None
    if sitting is None:
        sitting = sittings.open_sitting(article=article, by=by)
        form.initial["sitting"] = sitting.key.hex
        if form.is_bound:
            form.data = form.data.copy()
            form.data["sitting"] = sitting.key.hex
    return sitting


def _settle(request: HttpRequest, article: Article, form: Any, rows: Any) -> list[conflicts.Difference]:
    """Both versions of what clashes; from here on, what this window sends for it counts."""
    stored = snapshot(Article.objects.get(pk=article.pk))
    yours = filled_content(form, [part.formset for part in rows])
    sitting = saving.find_sitting(request, article)
    base = cast(Content, sitting.base) if sitting else None
    found = conflicts.differences(base=base, theirs=stored, yours=yours)
    form.data = form.data.copy()
    form.data["base_version"] = Article.objects.values_list("version", flat=True).get(pk=article.pk)
    for difference in found:
        if difference.part == "body":
            form.data["body"] = difference.texts[conflicts.KEEP_MINE]
    if sitting is not None:
        theirs = cast(dict[str, Any], stored)
        sitting.base = settle(sitting.base, theirs, merge(sitting.base, theirs, cast(dict[str, Any], yours)))
        sitting.save(update_fields=["base"])
    return found


def _new_key() -> str:
    return get_random_string(32, "0123456789abcdef")
