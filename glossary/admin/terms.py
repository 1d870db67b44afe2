"""Terms in the admin: changed by whoever may, with what uses them in sight."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.html import format_html

from accounts.models import member
from glossary.admin import creating
from glossary.editing import delete_term, free_slug, may_publish, save_term
from glossary.forms import TermForm
from glossary.models import Term, TermVersion
from glossary.uses import Kind, Uses, counted, in_words, uses_of
from pulse.admin import PulseAdmin

MATCHING = {"name", "slug", "aliases", "status"}  # fields whose change renders stories again


class TermVersionInline(admin.TabularInline):
    """Every wording so far, to read, for whoever may see the term."""

    model = TermVersion
    fields = ["created_at", "by", "name", "definition", "explanation"]
    readonly_fields = ["created_at", "by", "name", "definition", "explanation"]
    extra = 0
    can_delete = False
    verbose_name_plural = "Wordings so far, newest first"

    def get_queryset(self, request: HttpRequest) -> QuerySet[TermVersion]:
        return super().get_queryset(request).select_related("by")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Term | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Term)
class TermAdmin(PulseAdmin):
    form = TermForm
    change_form_template = "admin/glossary/term/change_form.html"
    delete_confirmation_template = "admin/glossary/term/delete_confirmation.html"
    list_display = ["name", "other_names", "status", "stories", "updated_at"]
    list_filter = ["status", "updated_at"]
    list_per_page = 100
    search_fields = ["name", "aliases_text", "definition"]
    search_help_text = "Name, alias or definition"
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["see_also"]
    fieldsets = [
        (None, {"fields": ["name", "aliases", "definition", "explanation", "see_also"]}),
        ("In public", {"fields": ["status", "slug"]}),
    ]
    inlines = [TermVersionInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Term]:
        revisions: Any = Term._meta.get_field("revisions").related_model  # a relation that points here
        listings = revisions.listings.rel.related_model
        live_stories = listings.objects.live().number_on(listings.Kind.TERM)
        terms = super().get_queryset(request)
        return terms.annotate(aliases_text=Cast("aliases", TextField()), live_stories=live_stories)

    @admin.display(description="Live stories", ordering="live_stories")
    def stories(self, term: Any) -> int:
        return term.live_stories

    @admin.display(description="also called")
    def other_names(self, term: Term) -> str:
        return ", ".join(term.aliases)

    def get_urls(self) -> list[Any]:
        own = [("create/", creating.create, "create"), ("near/", creating.names_near, "near")]
        return [
            path(route, self.admin_site.admin_view(view), name=f"glossary_term_{name}")
            for route, view, name in own
        ] + super().get_urls()

    # Who may

    def has_change_permission(self, request: HttpRequest, obj: Term | None = None) -> bool:
        """Writers change drafts; what readers see at once is for editors."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or not obj.is_published or may_publish(member(request)))

    def get_readonly_fields(self, request: HttpRequest, obj: Term | None = None) -> list[str]:
        return [] if may_publish(member(request)) else ["status"]

    # The form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A name that comes along, as it does from the words readers ask about, has its address made."""
        initial = super().get_changeform_initial_data(request)
        if initial.get("name") and not initial.get("slug"):
            initial["slug"] = free_slug(Term(name=initial["name"]))
        return initial

    def get_inlines(self, request: HttpRequest, obj: Term | None) -> Any:
        return self.inlines if obj else []

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Beside the definition stands how many live stories it changes."""
        form = super().get_form(request, obj, change, **kwargs)
        definition = form.base_fields.get("definition")
        if definition and obj and obj.is_published and obj.live_stories:
            definition.help_text = format_html(
                "{} <strong>Shown in {}: {} when you save.</strong>",
                definition.help_text,
                Kind.LIVE.counted(obj.live_stories),
                "it changes" if obj.live_stories == 1 else "they all change",
            )
        return form

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if context.get("original"):
            context["uses"] = uses_of(context["original"], by=member(request))
            context["uses_in_words"] = in_words(context["uses"])
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Term, form: Any, change: bool) -> None:
        save_term(term=obj, by=member(request), asked="" if change else request.GET.get("asked", ""))
        if change:
            self._say_what_changes(request, obj, set(form.changed_data))

    def _say_what_changes(self, request: HttpRequest, term: Term, changed: set[str]) -> None:
        found = uses_of(term, by=member(request))
        live = counted(found, Kind.LIVE)
        if "definition" in changed and term.is_published and live:
            verb = "shows" if live == 1 else "show"
            messages.success(request, f"{Kind.LIVE.counted(live)} {verb} the new definition now.")
        rendered = counted(found, Kind.LIVE, Kind.SCHEDULED)
        if changed & MATCHING and rendered:
            stories = "1 story is" if rendered == 1 else f"{rendered:,} stories are"
            messages.success(request, f"{stories} rendered again, since the name or visibility changed.")

    # Deleting

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A term in use is not deleted: what uses it stands in place of Django's list of rows."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        in_use = [
            format_html("{}: {}", term, in_words(found))
            for term in objs
            if (found := uses_of(term, by=member(request)))
        ]
        return to_delete, counts, lacking, in_use or protected

    def render_delete_form(self, request: HttpRequest, context: Any) -> HttpResponse:
        found: list[Uses] = uses_of(context["object"], by=member(request))
        return super().render_delete_form(
            request, {**context, "uses": found, "uses_in_words": in_words(found)}
        )

    def delete_model(self, request: HttpRequest, obj: Term) -> None:
        delete_term(term=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Term]) -> None:
        for term in queryset:
            delete_term(term=term)
