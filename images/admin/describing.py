"""Words for a picture right where it is shown in the library."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from images.forms import ShortWordsForm
from images.models import Image


@require_POST
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Save a picture's alternative text and credit.

    A script that accepts JSON gets {"title"}, or 400 and {"error"}; a plain form goes back to its list with a
    sentence.
    """
    image = get_object_or_404(Image, pk=pk)
    if not request.user.has_perm("images.change_image"):
        raise PermissionDenied
    form = ShortWordsForm(request.POST, instance=image)
    is_valid = form.is_valid()
    if is_valid:
        image.save(update_fields=["alt", "is_decoration", "credit"])
    error = " ".join(str(sentence) for sentences in form.errors.values() for sentence in sentences)
    if request.accepts("text/html"):
        if is_valid:
            messages.success(request, "The picture is described.")
        else:
            messages.error(request, error)
        return redirect(_back(request))
    if not is_valid:
        return JsonResponse({"error": error}, status=400)
    return JsonResponse({"title": image.alt or "Decoration"})


def _back(request: HttpRequest) -> str:
    """The page of the library that the form was on."""
    back = request.POST.get("back", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return back
    return reverse("admin:images_image_changelist")
