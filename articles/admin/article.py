"""The article's form and list in the admin: buttons that say what they do, and nothing lost."""

from typing import Any

from django.contrib import admin, messages
from django.db import IntegrityError, transaction
from django.db.models import F, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timeuntil

from accounts.models import member
from articles import publishing
from articles.admin import comparing, conflicts, history, previews
from articles.admin.forms import ArticleForm
from articles.admin.inlines import BriefingInline, BylineInline, ImpactInline
from articles.models import Article, Byline, Correction
from pulse.admin import PulseAdmin, is_key, only_add_beside


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("live", "Live"),
            ("scheduled", "Scheduled"),
            ("draft", "Not public"),
            ("changed", "Live, with changes not yet public"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "live":
                return queryset.filter(live_since__isnull=False)
            case "scheduled":
                return queryset.filter(scheduled_for__isnull=False)
            case "draft":
                return queryset.filter(live_since__isnull=True, scheduled_for__isnull=True)
            case "changed":
                return queryset.exclude(live_number=None).filter(~Q(live_number=F("latest_number")))
        return queryset


# Everything the form writes. Not the number of comments, which a reader may have changed in the meantime.
WORKING_COPY = [
    field.name
    for field in Article._meta.concrete_fields
    if field.name not in {"id", "version", "comment_count", "created_by", "created_at"}
]


def _may_publish(request: HttpRequest) -> bool:
    return request.user.has_perm("articles.publish_article")


def _add(article: Article, *, slug: str) -> None:
    """Store a new article. Two people with the same headline at once get two addresses."""
    article.slug = slug or publishing.free_slug(article)
    try:
        with transaction.atomic():
            article.save()
    except IntegrityError:
        article.slug = publishing.free_slug(article)
        article.save()


@admin.register(Article)
class ArticleAdmin(PulseAdmin):
    form = ArticleForm
    change_form_template = "admin/articles/article/change_form.html"
    inlines = [ImpactInline, BriefingInline, BylineInline]
    autocomplete_fields = ["topics", "lead_image"]
    fieldsets = [
        ("Headline", {"fields": ["base_version", "headline", "kicker", "dek"], "classes": ["part-headline"]}),
        ("The Pulse TL;DR", {"fields": ["tldr"], "classes": ["part-tldr"]}),
        ("Story", {"fields": ["body"], "classes": ["part-story"]}),
        ("Filing", {"fields": ["section", "topics"], "classes": ["part-filing"]}),
        ("Page", {"fields": ["lead_image", "slug", "discussion", "status"], "classes": ["part-page"]}),
    ]
    list_display = ["__str__", "state", "section", "bylines_in_order", "saved", "updated_by", "comment_count"]
    list_filter = [StateFilter, "status", "section", "discussion"]
    list_select_related = ["section", "updated_by"]
    list_per_page = 50
    search_fields = ["headline", "tldr", "slug", "bylines__author__name"]
    search_help_text = "Headline, TL;DR, address or byline"
    actions = None

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return only_add_beside(super().formfield_for_dbfield(db_field, request, **kwargs))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        articles = Article.objects.with_state()
        return articles.prefetch_related(
            Prefetch("bylines", queryset=Byline.objects.select_related("author"))
        ).order_by("-updated_at", "-pk")

    @admin.display(description="State")
    def state(self, article: Any) -> str:
        if article.scheduled_for:
            when = date_format(timezone.localtime(article.scheduled_for), "j M, H:i")
            return f"{'Live, change' if article.live_since else 'Goes live'} {when}"
        if article.live_since:
            return "Live" if article.live_number == article.latest_number else "Live, with changes"
        return article.get_status_display()

    @admin.display(description="Bylines")
    def bylines_in_order(self, article: Article) -> str:
        return ", ".join(byline.author.name for byline in article.bylines.all())

    @admin.display(description="Saved", ordering="updated_at")
    def saved(self, article: Article) -> str:
        return date_format(timezone.localtime(article.updated_at), "j M Y, H:i")

    # Addresses of its own

    def get_urls(self) -> list[Any]:
        own: list[tuple[str, Any, str]] = [
            ("live-preview/", previews.live_preview, "live_preview"),
            ("preview-frame/", previews.preview_frame, "preview_frame"),
            ("<int:pk>/preview/", previews.preview, "preview"),
            ("<int:pk>/compare/", comparing.compare_revisions, "compare"),
            ("<int:pk>/print-<str:shape>.svg", previews.print_picture, "print"),
            ("<int:pk>/revisions/<int:number>/", previews.preview_revision, "revision"),
            ("<int:pk>/revisions/<int:number>/use/", history.use_revision, "use_revision"),
        ]
        return [
            path(route, self.admin_site.admin_view(view), name=f"articles_article_{name}")
            for route, view, name in own
        ] + super().get_urls()

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if not is_key(object_id):
            raise Http404
        return history.revisions(request, int(object_id))

    # The form

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        article = context.get("original")
        form = context["adminform"].form
        context["parts"] = in_writing_order(context["adminform"], context["inline_admin_formsets"])
        context["can_publish"] = _may_publish(request)
        context["live"] = article.live_revision() if article else None
        context["scheduled"] = article.scheduled_revision() if article else None
        context["stored_slug"] = form.stored_slug  # the form may hold another one that was refused
        context["has_changes"] = bool(context["live"]) and article.revisions.latest() != context["live"]
        if form.is_bound and form.conflict:
            context["differences"] = conflicts.differences(form, context["inline_admin_formsets"])
            form.data = form.data.copy()
            form.data["base_version"] = form.conflict.version
        return super().render_change_form(request, context, *args, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        """What changes a public page without being published is for those who may publish."""
        is_public = obj is not None and publishing.was_public(obj)
        return ["slug", "discussion"] if is_public and not _may_publish(request) else []

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """What was ever public is unpublished, never deleted: its address and its history stay."""
        if obj is not None and publishing.was_public(obj):
            return False
        return super().has_delete_permission(request, obj)

    # Saving

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Before the form: a take-down waits for no field to be right, and no text for its article."""
        if request.method != "POST" or not is_key(object_id):
            return super().change_view(request, object_id, form_url, extra_context)
        article = Article.objects.filter(pk=object_id).first()
        if article is None:
            return self._keep_as_new(request, form_url)
        if "_unpublish" in request.POST:
            publishing.unpublish(article=article, by=member(request))
            messages.success(request, "Unpublished. Readers no longer see this article.")
        if "_cancel_schedule" in request.POST:
            publishing.cancel_schedule(article=article, by=member(request))
            messages.success(request, "The schedule is cancelled. Nothing will change by itself.")
        return super().change_view(request, object_id, form_url, extra_context)

    def _keep_as_new(self, request: HttpRequest, form_url: str) -> HttpResponse:
        """Somebody deleted the draft while it was being written: what was typed becomes a new one."""
        messages.warning(
            request, "This article was deleted while you were writing. Your text is kept as a new draft."
        )
        typed = request.POST.copy()
        for button in ("_publish", "_schedule", "_preview"):
            typed.pop(button, None)
        request.POST = typed  # type: ignore[assignment]
        return self.add_view(request, form_url)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        obj.updated_by, obj.updated_at = member(request), timezone.now()
        wanted = form.cleaned_data.get("slug", form.stored_slug)
        if change:
            obj.slug = form.stored_slug
            obj.save(update_fields=WORKING_COPY)
            if not wanted:
                wanted = publishing.free_slug(obj) if publishing.needs_address(obj) else obj.slug
            publishing.change_slug(article=obj, slug=wanted)
        else:
            obj.created_by = obj.updated_by
            _add(obj, slug=wanted)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """With the last row stored the working copy is whole: keep it, and publish it if that was asked."""
        super().save_related(request, form, formsets, change)
        article, by = form.instance, member(request)
        publishing.save_revision(article=article, by=by)
        if "_publish" in request.POST:
            publishing.publish(article=article, by=by)
        elif "_schedule" in request.POST:
            publishing.schedule(article=article, by=by, at=form.cleaned_data["publish_at"])

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: Any = None) -> HttpResponse:
        return self._response(request, obj)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._response(request, obj)

    def _response(self, request: HttpRequest, article: Article) -> HttpResponse:
        """Back to the form with a sentence, or on to the preview."""
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse("admin:articles_article_preview", args=[article.pk]))
        messages.success(request, self._what_happened(request, article))
        if self._is_short_of_style(article):
            low, high = publishing.TLDR_WORDS
            messages.warning(request, f"The TL;DR is outside the house style of {low} to {high} words.")
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))

    def _what_happened(self, request: HttpRequest, article: Article) -> str:
        if "_publish" in request.POST:
            return f"Published. Readers see this version at {article.get_absolute_url()}"
        if "_schedule" in request.POST and (scheduled := article.scheduled_revision()):
            local = timezone.localtime(scheduled.live_from)
            return (
                f"Scheduled for {date_format(local, 'j F Y, H:i')} {local.tzname()}, in {timeuntil(local)}."
            )
        return "Draft saved. Readers see no change until you publish."

    def _is_short_of_style(self, article: Article) -> bool:
        low, high = publishing.TLDR_WORDS
        return bool(article.tldr) and not low <= len(article.tldr.split()) <= high


def in_writing_order(adminform: Any, formsets: Any) -> list[tuple[str, Any]]:
    """Fieldsets and inline rows in the order a writer thinks: text, impact, briefing, then filing."""
    rows = {formset.opts.verbose_name_plural: formset for formset in formsets}
    headline, tldr, story, filing, page = adminform
    order: list[tuple[str, Any]] = [("fields", headline), ("fields", tldr), ("fields", story)]
    order += [("rows", rows[name]) for name in ("Real-World Impact", "Technical Briefing") if name in rows]
    order += [("fields", filing)]
    order += [("rows", rows["Bylines"])] if "Bylines" in rows else []
    return [*order, ("fields", page)]


@admin.register(Correction)
class CorrectionAdmin(PulseAdmin):
    """Corrections are added and stay: what was put right is part of the record."""

    list_display = ["__str__", "article", "kind", "made_at", "by"]
    list_filter = ["kind", "made_at"]
    list_select_related = ["article", "by"]
    search_fields = ["text", "article__headline"]
    autocomplete_fields = ["article"]

    def has_change_permission(self, request: HttpRequest, obj: Correction | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Correction | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Correction, form: Any, change: bool) -> None:
        made = publishing.correct(article=obj.article, by=member(request), kind=obj.kind, text=obj.text)
        obj.pk, obj.made_at = made.pk, made.made_at
