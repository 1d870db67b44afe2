"""The picture library in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from images.forms import AddPictureForm, PictureForm
from images.library import delete_image, keep_picture, markdown_for, set_focal_point, sized
from images.models import Image
from images.uses import uses_of
from pulse.text import Picture

WORDS = ["alt", "is_decoration", "caption", "credit", "licence"]
SHAPES = [("whole", "Whole"), ("card", "In lists"), ("square", "Above a story"), ("social", "On other sites")]


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    list_display = ["title", "thumbnail", "dimensions", "credit", "uploaded_by", "uploaded"]
    list_display_links = ["title"]
    list_filter = ["uploaded_at", ("alt", admin.EmptyFieldListFilter)]
    list_per_page = 50
    search_fields = ["alt", "caption", "credit", "file"]
    readonly_fields = ["preview", "dimensions", "markdown", "uploaded_by", "uploaded_at"]

    class Media:
        css = {"all": ["css/admin-images.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        return super().get_queryset(request).select_related("uploaded_by").prefetch_related("renditions")

    def get_form(
        self, request: HttpRequest, obj: Image | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        return super().get_form(
            request, obj, change, form=PictureForm if change else AddPictureForm, **kwargs
        )

    def get_fieldsets(self, request: HttpRequest, obj: Image | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["upload", *WORDS]})]
        return [
            (None, {"fields": ["preview", *WORDS]}),
            (
                "Focal point",
                {
                    "fields": [("focal_x", "focal_y")],
                    "description": "What must stay in view in every crop. Saving crops again.",
                },
            ),
            ("About the file", {"fields": ["dimensions", "markdown", "uploaded_by", "uploaded_at"]}),
        ]

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        picture = super().save_form(request, form, change)
        if change:
            return picture
        words = {field: form.cleaned_data[field] for field in ["alt", "caption", "credit", "licence"]}
        return keep_picture(accepted=form.accepted, by=request.user, **words)  # type: ignore[arg-type]

    def save_model(self, request: HttpRequest, obj: Image, form: Any, change: bool) -> None:
        if not change:
            return  # kept by save_form
        obj.save(update_fields=["alt", "caption", "credit", "licence"])
        if {"focal_x", "focal_y"} & set(form.changed_data):
            set_focal_point(image=obj, x=obj.focal_x, y=obj.focal_y)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Without Django's transaction around it: making the sizes takes seconds, and nobody has to wait."""
        return self._changeform_view(request, *args, **kwargs)  # type: ignore[attr-defined]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """A picture that a story shows is not deleted, whether it leads or stands in the text."""
        to_delete, counts, permissions, protected = super().get_deleted_objects(objs, request)
        return (
            to_delete,
            counts,
            permissions,
            [*protected, *(use for image in objs for use in uses_of(image))],
        )

    def delete_model(self, request: HttpRequest, obj: Image) -> None:
        delete_image(image=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> None:
        for image in queryset:
            delete_image(image=image)

    @admin.display(description="Picture")
    def thumbnail(self, image: Image) -> SafeString:
        small = (rendition for rendition in image.renditions.all() if rendition.preset == "w480.webp")
        return _img(next(small, image).file.url, image.width, image.height, box=96)

    @admin.display(description="Shows", ordering="alt")
    def title(self, image: Image) -> str:
        return str(image) if image.alt or image.caption else "Decoration"

    @admin.display(description="Pixels", ordering="width")
    def dimensions(self, image: Image) -> str:
        return f"{image.width} × {image.height}"

    @admin.display(description="Uploaded", ordering="uploaded_at")
    def uploaded(self, image: Image) -> str:
        return date_format(timezone.localtime(image.uploaded_at), "j M Y, H:i")

    @admin.display(description="In a story, write")
    def markdown(self, image: Image) -> SafeString:
        return format_html("<code>{}</code>", markdown_for(image, image.alt))

    @admin.display(description="As it is shown")
    def preview(self, image: Image) -> SafeString:
        shapes = ((_shape(sized(image, family)), label) for family, label in SHAPES)
        figures = format_html_join("", "<figure>{}<figcaption>{}</figcaption></figure>", shapes)
        return format_html('<div class="crops">{}</div>', figures)


def _shape(picture: Picture) -> SafeString:
    return _img(picture.src, picture.width, picture.height, box=240)


def _img(address: str, width: int, height: int, *, box: int) -> SafeString:
    """A picture scaled into a square of so many pixels; described by the words beside it."""
    scale = min(1, box / max(width, height))
    return format_html(
        '<img src="{}" alt="" width="{}" height="{}" loading="lazy">',
        address,
        max(1, round(width * scale)),
        max(1, round(height * scale)),
    )
