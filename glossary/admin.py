"""The glossary in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest

from glossary.editing import delete_term, save_term
from glossary.forms import TermForm
from glossary.models import Term, TermVersion
from pulse.admin import PulseAdmin


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
        live = revisions.objects.live().filter(terms=OuterRef("pk")).order_by().values("terms")
        return (
            super()
            .get_queryset(request)
            .annotate(
                aliases_text=Cast("aliases", TextField()),
                live_stories=Coalesce(Subquery(live.annotate(number=Count("pk")).values("number")), 0),
            )
        )

    @admin.display(description="Live stories", ordering="live_stories")
    def stories(self, term: Any) -> int:
        return term.live_stories

    def get_inlines(self, request: HttpRequest, obj: Term | None) -> Any:
        return self.inlines if obj else []

    @admin.display(description="also called")
    def other_names(self, term: Term) -> str:
        return ", ".join(term.aliases)

    def save_model(self, request: HttpRequest, obj: Term, form: Any, change: bool) -> None:
        save_term(term=obj, by=request.user)  # type: ignore[arg-type]

    def delete_model(self, request: HttpRequest, obj: Term) -> None:
        delete_term(term=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Term]) -> None:
        for term in queryset:
            delete_term(term=term)
