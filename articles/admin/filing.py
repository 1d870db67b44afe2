"""Sections, topics, authors and lenses, each with how many live stories it has."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from articles.drawings import section_changed
from articles.listings import KINDS
from articles.models import Author, Lens, Listing, Revision, Section, Topic
from articles.rendering import render_again, showing_lens
from pulse.admin import PulseAdmin
from pulse.tags import SITE, changed


class FiledAdmin(PulseAdmin):
    """A list with the number of live stories filed under each row, counted in the list's own query."""

    relation: str
    tag: str
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        live_stories = Listing.objects.live().number_on(KINDS[self.model])
        return super().get_queryset(request).annotate(live_stories=live_stories)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Its name is what stories are found by, so they are rendered, and indexed, once more."""
        super().save_model(request, obj, form, change)
        self.announce(obj)
        if change and "name" in form.changed_data:
            stories = Revision.objects.public_or_due().filter(**{self.relation: obj})
            render_again(stories.values_list("pk", flat=True))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self.announce(obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for filed in queryset:
            self.delete_model(request, filed)

    def announce(self, filed: Any) -> None:
        """Have the pages that name it made again."""
        changed(f"{self.tag}:{filed.pk}")

    @admin.display(description="Live stories", ordering="live_stories")
    def stories(self, filed: Any) -> int:
        return filed.live_stories


@admin.register(Section)
class SectionAdmin(FiledAdmin):
    relation, tag = "section", "section"
    list_display = ["name", "position", "print_kind", "stories"]
    list_editable = ["position"]

    def save_model(self, request: HttpRequest, obj: Section, form: Any, change: bool) -> None:
        """Its name and kind of drawing stand in the pictures of its stories, which the worker draws again."""
        super().save_model(request, obj, form, change)
        if change and {"name", "print_kind"} & set(form.changed_data):
            section_changed(obj)

    def announce(self, filed: Section) -> None:
        """Every page has the sections in its navigation."""
        changed(SITE, f"section:{filed.pk}")


@admin.register(Topic)
class TopicAdmin(FiledAdmin):
    relation, tag = "topics", "topic"
    list_display = ["name", "slug", "stories"]
    search_fields = ["name", "description"]


@admin.register(Author)
class AuthorAdmin(FiledAdmin):
    relation, tag = "authors", "author"
    list_display = ["name", "role", "place", "user", "stories"]
    list_select_related = ["user"]
    list_filter = [("user", admin.EmptyFieldListFilter)]
    search_fields = ["name", "role", "place"]
    autocomplete_fields = ["user"]

    def get_readonly_fields(self, request: HttpRequest, obj: Author | None = None) -> list[str]:
        """Choosing an account means seeing accounts, which is not every editor's."""
        return [] if request.user.has_perm("accounts.view_user") else ["user"]


@admin.register(Lens)
class LensAdmin(admin.ModelAdmin):
    list_display = ["name", "position"]
    list_editable = ["position"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: Lens, form: Any, change: bool) -> None:
        """A lens's name and order stand in stored stories, so those are rendered once more."""
        super().save_model(request, obj, form, change)
        if change:
            render_again(showing_lens(obj))

    def delete_model(self, request: HttpRequest, obj: Lens) -> None:
        render_again(showing_lens(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Lens]) -> None:
        for lens in queryset:
            self.delete_model(request, lens)
