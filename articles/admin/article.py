"""The article's form and list in the admin: buttons that say what they do, and nothing lost."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import F, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import smart_split, unescape_string_literal

from accounts.models import member
from articles import editing, publishing, slugs
from articles.access import may_edit, may_publish
from articles.admin import history, opening, routes, saving
from articles.admin.bulk import ListActions
from articles.admin.forms import ArticleForm
from articles.admin.inlines import BriefingInline, BylineInline, ImpactInline
from articles.announcing import story_tag
from articles.models import Article, Byline, Correction
from pulse.addresses import is_number
from pulse.admin import PulseAdmin, only_add_beside
from pulse.tags import changed

POLICY = ["moderation", "discussion_closes", "discussion_closes_at"]  # of the discussion, for editors


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


class StatusFilter(admin.ChoicesFieldListFilter):
    """What the editors have is looked up among the few that are no drafts, in an index of their own."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        found: Any = super().queryset(request, queryset)
        asked = self.lookup_val or [Article.Status.DRAFT]  # what stands in the address, or nothing
        return found if Article.Status.DRAFT in asked else found.exclude(status=Article.Status.DRAFT)


def _is_theirs(request: HttpRequest, article: Article | None) -> bool:
    return article is None or may_edit(member(request), article)


@admin.register(Article)
class ArticleAdmin(ListActions, PulseAdmin):
    form = ArticleForm
    change_form_template = "admin/articles/article/change_form.html"
    inlines = [ImpactInline, BriefingInline, BylineInline]
    autocomplete_fields = ["topics", "lead_image"]
    fieldsets = [
        ("Headline", {"fields": ["headline", "kicker", "dek"], "classes": ["part-headline"]}),
        ("The Pulse TL;DR", {"fields": ["tldr"], "classes": ["part-tldr"]}),
        ("Story", {"fields": ["body"], "classes": ["part-story"]}),
        ("Filing", {"fields": ["section", "topics"], "classes": ["part-filing"]}),
        ("Page", {"fields": ["lead_image", "lead_alt", "slug", "discussion"], "classes": ["part-page"]}),
    ]
    list_display = ["__str__", "state", "section", "bylines_in_order", "saved", "updated_by", "comment_count"]
    list_filter = [StateFilter, ("status", StatusFilter), "section", "discussion"]
    list_select_related = ["section", "updated_by"]
    list_per_page = 50
    search_fields = ["headline", "tldr", "slug"]
    search_help_text = "Headline, TL;DR, address or byline"

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return only_add_beside(super().formfield_for_dbfield(db_field, request, **kwargs))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        articles = Article.objects.editable_by(member(request)).with_state()
        return articles.prefetch_related(
            Prefetch("bylines", queryset=Byline.objects.select_related("author"))
        ).order_by("-updated_at", "-pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        """Every word, or what stands in quotes, in one of the fields or in the name of a byline.

        Bylines are not joined, as Django would: each story found would then be compared with all the others.
        """
        for part in smart_split(search_term):
            words = unescape_string_literal(part) if part[0] in "\"'" and part[0] == part[-1] else part
            bylines = Byline.objects.filter(author__name__icontains=words).order_by()
            found = Q(pk__in=bylines.values("article"))
            for field in self.search_fields:
                found |= Q(**{f"{field}__icontains": words})
            queryset = queryset.filter(found)
        return queryset, False

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
        behind_sign_in = [(route, self.admin_site.admin_view(view), name) for route, view, name in routes.OWN]
        return [
            path(route, view, name=f"articles_article_{name}")
            for route, view, name in [*behind_sign_in, *routes.ANSWERS]
        ] + super().get_urls()

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        if not is_number(object_id):
            raise Http404
        return history.revisions(request, int(object_id))

    # Who

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_view_permission(request, obj) and _is_theirs(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_theirs(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        """What was ever public is unpublished, never deleted: its address and its history stay."""
        if obj is not None and slugs.was_public(obj):
            return False
        return super().has_delete_permission(request, obj) and _is_theirs(request, obj)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Article | None:
        """Any article, so that one which is not theirs is refused with 403 and not called missing."""
        return Article.objects.filter(pk=object_id).first() if is_number(object_id) else None

    def delete_model(self, request: HttpRequest, obj: Article) -> None:
        """With what is kept of the draft, such as which pictures it shows."""
        changed(story_tag(obj.pk))
        super().delete_model(request, obj)

    # The form

    def get_form(
        self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        form.conflict = getattr(request, "conflict", None)  # type: ignore[attr-defined]
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        """Address and discussion of a public story change at once, on a page of their own."""
        *text, (name, options) = self.fieldsets or []
        if obj is None or not slugs.was_public(obj):
            own = POLICY if may_publish(member(request)) else []
            return [*text, (name, {**options, "fields": [*options["fields"], *own]})]
        return [*text, (name, {**options, "fields": ["lead_image", "lead_alt"]})]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form, rows = context["adminform"].form, context["inline_admin_formsets"]
        context["parts"] = in_writing_order(context["adminform"], rows)
        context.update(opening.form_context(request, context.get("original"), form, rows))
        return super().render_change_form(request, context, *args, **kwargs)

    # Saving

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """An autosave may have stored this form as an article while its button was being pressed."""
        sitting = saving.find_sitting(request) if request.method == "POST" else None
        if sitting is not None:
            return self.change_view(request, str(sitting.article_id), form_url, extra_context)
        return super().add_view(request, form_url, extra_context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Before the form: a take-down waits for no field to be right, and no text for its article."""
        if request.method != "POST" or not is_number(object_id):
            return super().change_view(request, object_id, form_url, extra_context)
        article = Article.objects.filter(pk=object_id).first()
        if article is None:
            return self._keep_as_new(request, form_url)
        saving.take_down(request, article)
        return super().change_view(request, object_id, form_url, extra_context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Twice if need be: a clash is found while saving, and then shown in the form."""
        try:
            return self._locked_form(request, object_id, form_url, extra_context)
        except editing.Conflict as conflict:
            request.conflict = conflict  # type: ignore[attr-defined]
            return self._locked_form(request, object_id, form_url, extra_context)

    @transaction.atomic
    def _locked_form(self, request: HttpRequest, object_id: str | None, *args: Any) -> Any:
        """With the article's row locked, so that the form shows one state of it and remembers the same."""
        if object_id is not None and is_number(object_id):
            Article.objects.select_for_update().filter(pk=object_id).first()
        return super().changeform_view(request, object_id, *args)

    def _keep_as_new(self, request: HttpRequest, form_url: str) -> HttpResponse:
        """Somebody deleted the draft while it was being written: what was typed becomes a new one."""
        messages.warning(
            request, "This article was deleted while you were writing. Your text is kept as a new draft."
        )
        typed = request.POST.copy()
        for button in (*saving.STEPS, "_preview"):
            typed.pop(button, None)
        request.POST = typed  # type: ignore[assignment]
        return self.add_view(request, form_url)

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        wanted, obj.slug = form.cleaned_data.get("slug", form.stored_slug), form.stored_slug
        if not change:
            obj.created_by = obj.updated_by = member(request)
            editing.start(article=obj, slug=wanted)
        elif "slug" in form.fields:
            wanted = wanted or (slugs.free_slug(obj) if slugs.needs_address(obj) else form.stored_slug)
            policy = {field: getattr(obj, field) for field in ["discussion", *POLICY]}
            Article.objects.filter(pk=obj.pk).update(**policy)
            stored = Article.objects.get(pk=obj.pk)
            publishing.change_slug(article=stored, slug=wanted, by=member(request))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """With every row read the story is whole: store it, and take the step that was asked for."""
        request.outcome = saving.save(  # type: ignore[attr-defined]
            request, form.instance, form, formsets, is_new=not change
        )

    def construct_change_message(self, *args: Any, **kwargs: Any) -> list[Any]:
        """Nothing for Django's log: the article's own record says more."""
        return []

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: Any = None) -> HttpResponse:
        return self._response(request)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return self._response(request)

    def _response(self, request: HttpRequest) -> HttpResponse:
        """Back to the form with a sentence, or on to the preview."""
        outcome: saving.Outcome = request.outcome  # type: ignore[attr-defined]
        if "_preview" in request.POST:
            return HttpResponseRedirect(reverse("admin:articles_article_preview", args=[outcome.article.pk]))
        saving.say(request, outcome)
        address = reverse("admin:articles_article_change", args=[outcome.article.pk])
        if outcome.is_asked:
            address += "?" + urlencode({"asked": 1, "publish_at": request.POST.get("publish_at", "")})
        return HttpResponseRedirect(address)


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
