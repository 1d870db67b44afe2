"""The pages that are no stories, in the admin: for editors, with a look at how each reads."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import member
from articles.access import may_publish, require_publisher
from articles.models import Page
from articles.pages import delete_page, page_response, save_page, validate_slug
from pulse.admin import PulseAdmin


class PageForm(forms.ModelForm):
    class Meta:
        model = Page
        fields = ["title", "slug", "summary", "body", "is_published", "position"]
        widgets = {
            "summary": forms.Textarea(attrs={"rows": 2}),
            "body": forms.Textarea(attrs={"rows": 24, "class": "vLargeTextField"}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if slug := cleaned.get("slug"):
            validate_slug(slug)
        return cleaned


@admin.register(Page)
class PageAdmin(PulseAdmin):
    form = PageForm
    list_display = ["title", "address", "is_published", "position", "updated_at"]
    search_fields = ["title", "summary"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [
        (None, {"fields": ["title", "summary", "body"]}),
        ("In public", {"fields": ["is_published", "slug", "position", "look"]}),
    ]
    readonly_fields = ["look"]
    view_on_site = False  # a draft has no page there

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(preview)
        return [path("<int:pk>/preview/", view, name="articles_page_preview"), *super().get_urls()]

    @admin.display(description="Address", ordering="slug")
    def address(self, page: Page) -> str:
        here = page.get_absolute_url()
        if page.is_published:
            return format_html('<a href="{}">{}</a>', here, here)
        return here

    @admin.display(description="Preview")
    def look(self, page: Page) -> str:
        if page.pk is None:
            return "Save it first, as a draft: it is one until “Published” is ticked."
        address = reverse("admin:articles_page_preview", args=[page.pk])
        return format_html('<a href="{}">See it as readers do</a>', address)

    # Who may: those who publish stories

    def has_view_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        return may_publish(member(request))

    has_add_permission = has_view_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    # What is saved goes through the verbs

    def save_model(self, request: HttpRequest, obj: Page, form: Any, change: bool) -> None:
        save_page(page=obj, by=member(request))

    def delete_model(self, request: HttpRequest, obj: Page) -> None:
        delete_page(page=obj, by=member(request))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for page in queryset:
            self.delete_model(request, page)


@never_cache
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """A page as it was saved last, published or not, on the public page's template."""
    require_publisher(member(request))
    response = page_response(request, get_object_or_404(Page, pk=pk))
    response["X-Robots-Tag"] = "noindex"
    return response
