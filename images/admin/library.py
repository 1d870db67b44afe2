"""The picture library in the admin: a grid to look through, and a form for each picture."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User, member
from images.admin import describing, replacing
from images.admin.filters import AltFilter, UseFilter
from images.forms import WORDS, AddPictureForm, CropForm, PictureForm, ShortWordsForm
from images.framing import PRESETS
from images.library import PictureInUse, delete_image, markdown_for, sized, thumbnail_of
from images.models import Image
from images.uses import Use, uses_of, uses_of_each
from pulse.admin import PulseAdmin
from pulse.tags import changed

ORDERS = [
    ("Newest", "-uploaded"),
    ("Oldest", "uploaded"),
    ("A to Z", "title"),
    ("Largest", "-dimensions"),
]


@admin.register(Image)
class ImageAdmin(PulseAdmin):
    change_list_template = "admin/images/image/change_list.html"
    change_form_template = "admin/images/image/change_form.html"
    delete_confirmation_template = "admin/images/image/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/images/image/delete_selected.html"
    list_display = ["title", "dimensions", "uploaded"]
    list_filter = [
        UseFilter,
        AltFilter,
        "uploaded_at",
        ("uploaded_by", admin.RelatedOnlyFieldListFilter),
    ]
    list_per_page = 48
    search_fields = ["alt", "caption", "credit", "licence", "file"]
    search_help_text = "What it shows, caption, credit or licence"
    readonly_fields = ["dimensions", "markdown", "uploaded_by", "uploaded_at"]

    class Media:
        css = {"all": ["css/admin-images.css"]}

    def get_urls(self) -> list[Any]:
        own: list[tuple[str, Any, str]] = [
            ("<int:pk>/describe/", describing.describe, "describe"),
            ("<int:pk>/replace/", replacing.replace, "replace"),
        ]
        return [
            path(route, self.admin_site.admin_view(view), name=f"images_image_{name}")
            for route, view, name in own
        ] + super().get_urls()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        pictures = super().get_queryset(request).select_related("uploaded_by")
        return pictures.prefetch_related("renditions", "crops")

    # The list

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response = super().changelist_view(request, {"title": "Pictures"} | (extra_context or {}))
        if isinstance(response, TemplateResponse) and response.context_data and "cl" in response.context_data:
            changes: ChangeList = response.context_data["cl"]
            response.context_data |= {
                "cards": self._cards(list(changes.result_list), member(request)),
                "orders": list(_orders(changes, request)),
                "may_change": self.has_change_permission(request),
                "words": ShortWordsForm(auto_id="id_new_%s"),
            }
        return response

    def _cards(self, images: list[Image], seen_by: User) -> list[dict[str, Any]]:
        uses = uses_of_each(images, seen_by=seen_by)
        return [
            {
                "image": image,
                "thumbnail": thumbnail_of(image),
                "uses": uses.get(image.pk),
                "words": ShortWordsForm(instance=image, auto_id=f"id_{image.pk}_%s"),
            }
            for image in images
        ]

    @admin.display(description="Shows", ordering="alt")
    def title(self, image: Image) -> str:
        return str(image)

    @admin.display(description="Pixels", ordering="width")
    def dimensions(self, image: Image) -> str:
        return f"{image.width} × {image.height}"

    @admin.display(description="Uploaded", ordering="uploaded_at")
    def uploaded(self, image: Image) -> str:
        return date_format(timezone.localtime(image.uploaded_at), "j M Y, H:i")

    @admin.display(description="In a story, write")
    def markdown(self, image: Image) -> SafeString:
        return format_html("<code>{}</code>", markdown_for(image, image.alt))

    # The form

    def get_form(
        self, request: HttpRequest, obj: Image | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = PictureForm if change else AddPictureForm
        made: Any = super().get_form(request, obj, change, form=form, **kwargs)
        made.by = member(request)
        return made

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["upload", *WORDS]})]
        about = ("The file", {"fields": ["dimensions", "markdown", "uploaded_by", "uploaded_at"]})
        crops = ("Crops", {"fields": [("focal_x", "focal_y")]})
        return [crops, ("Words", {"fields": WORDS}), about]

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if image := context.get("original"):
            context |= {
                "crops": [_crop(image, form) for form in context["adminform"].form.crops],
                "uses": uses_of(image, seen_by=member(request)),
                "former_files": image.former_files.select_related("replaced_by"),
                "may_change": self.has_change_permission(request, image),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        if change:  # a valid form has kept a new picture, and cut the crops of an old one
            with transaction.atomic():
                obj.save(update_fields=WORDS)
                changed(f"image:{obj.pk}")

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Without Django's transaction around it: making the sizes takes seconds, and nobody has to wait."""
        response = self._changeform_view(request, *args, **kwargs)  # type: ignore[attr-defined]
        form = getattr(response, "context_data", {}).get("adminform")
        if too_many := getattr(form and form.form, "too_many", None):
            response.status_code, response["Retry-After"] = 429, str(too_many.seconds)
        return response

    # Deleting

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A picture that a story shows is not deleted, whether it leads or stands in the text."""
        images = list(objs)
        _, _, permissions, protected = super().get_deleted_objects(images, request)
        in_use = [
            _link(use)
            for uses in uses_of_each(images, seen_by=member(request)).values()
            for use in uses.shown
        ]
        titles = [str(image) for image in images]
        return titles, {"pictures": len(images)}, permissions, in_use or protected

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except PictureInUse as refusal:  # since the page was asked for
            messages.error(request, f"The picture is not deleted. {refusal}")
            return redirect("admin:images_image_change", object_id)

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        delete_image(image=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> None:
        for image in queryset:
            try:
                delete_image(image=image)
            except PictureInUse as refusal:
                messages.error(request, f"“{image}” is not deleted. {refusal}")


def _crop(image: Image, form: CropForm) -> dict[str, Any]:
    """A placement's crop as it is, and the form to change it."""
    wide, high = form.proportions
    return {
        "form": form,
        "title": form.title,
        "proportions": f"{wide} × {high}" if wide > 100 else f"{wide}:{high}",
        "ratio": str(wide / high),
        "wanted": min(preset.width for preset in PRESETS.values() if preset.family == form.placement),
        "picture": sized(image, form.placement),
    }


def _orders(changes: ChangeList, request: HttpRequest) -> Any:
    """Each way to order the list: its name, its address, and whether it is the present one."""
    chosen = request.GET.get("o", "")
    for place, (label, column) in enumerate(ORDERS):
        number = f"{'-' if column[0] == '-' else ''}{changes.list_display.index(column.lstrip('-'))}"
        is_chosen = chosen == number or (place == 0 and not chosen)
        yield label, changes.get_query_string({"o": number}, ["p"]), is_chosen


def _link(use: Use) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', use.address, use.label) if use.address else use.label
