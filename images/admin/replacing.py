"""The page on which a picture gets another file."""

import logging
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.models import member
from images.forms import NOT_STORED, ReplaceForm, in_library_already
from images.models import Image
from images.processing import PictureRefused
from images.replacing import PictureTaken, replace_image
from images.uses import uses_of

logger = logging.getLogger(__name__)


def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file and put it in the place of the one that the picture has."""
    image = get_object_or_404(Image, pk=pk)
    if not request.user.has_perm("images.change_image"):
        raise PermissionDenied
    form = ReplaceForm(request.POST or None, request.FILES or None)
    form.by = member(request)
    if request.method == "POST" and form.is_valid() and _is_replaced(form, image):
        messages.success(
            request, "The file is replaced. Check that the words still say what the picture shows."
        )
        return HttpResponseRedirect(reverse("admin:images_image_change", args=[image.pk]))
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "Replace the file",
        "opts": Image._meta,
        "original": image,
        "form": form,
        "uses": uses_of(image, seen_by=form.by),
    }
    response = TemplateResponse(request, "admin/images/image/replace.html", context)
    if form.too_many:
        response.status_code, response["Retry-After"] = 429, str(form.too_many.seconds)
    return response


def _is_replaced(form: ReplaceForm, image: Image) -> bool:
    """Replace the file, or say beside the field why not."""
    try:
        replace_image(image=image, data=form.cleaned_data["upload"].read(), by=form.by)
    except PictureTaken as taken:
        form.add_error("upload", in_library_already(taken.image))
    except PictureRefused as refusal:
        form.add_error("upload", str(refusal))
    except OSError:
        logger.exception("A picture could not be replaced")
        form.add_error("upload", f"The picture {NOT_STORED}")
    return form.is_valid()
