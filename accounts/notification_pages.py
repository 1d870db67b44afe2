"""What a reader is told, and about what they want mail; and the page on which mail ends."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import unsubscribing
from accounts.forms import OwnForm
from accounts.models import MAIL_CHOICES, Notification, User, member
from accounts.notifications import mark_read, shown
from pulse.addresses import is_number
from pulse.paging import names_first_page, page_number, page_of


class MailChoicesForm(OwnForm):
    """How often a reader wants mail, and about what."""

    class Meta:
        model = User
        fields = ["digest", *MAIL_CHOICES.values()]
        widgets = {"digest": forms.RadioSelect}
        error_messages = {"digest": {"invalid_choice": "Choose how often you want mail."}}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: HttpRequest) -> HttpResponse:
    """A reader's notifications, the newest first, and the form about mail. Four or five queries."""
    reader = member(request)
    form = MailChoicesForm(request.POST or None, instance=User.objects.get(pk=reader.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your choices about mail are saved.")
        return redirect("accounts:notifications")
    if names_first_page(request):
        return redirect("accounts:notifications")
    number, size = page_number(request), settings.PULSE_NOTIFICATIONS_PER_PAGE
    rows = Notification.objects.standing().filter(to=reader).select_related("actor").order_by("-pk")
    page = page_of(list(rows[(number - 1) * size : number * size + 1]), number=number, size=size)
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "told": shown(page.object_list),
        "newest": page.object_list[0].pk if page.object_list else 0,
        "hour": settings.PULSE_DIGEST_HOUR,
    }
    return render(request, "accounts/notifications.html", context, status=400 if form.errors else 200)


@login_required
@require_safe
def notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a notification leads; from now on it is read."""
    reader = member(request)
    found = get_object_or_404(Notification.objects.standing(), pk=pk, to=reader)
    mark_read(by=reader, only=found.pk)
    return redirect(found.path)


@login_required
@require_POST
def all_read(request: HttpRequest) -> HttpResponse:
    """Mark as read what the page showed, not what came after it."""
    upto = request.POST.get("upto", "")
    if is_number(upto):
        mark_read(by=member(request), upto=int(upto))
    return redirect("accounts:notifications")


@csrf_exempt
@cache_control(private=True, no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End mail of one kind or all: for whoever holds the link, signed in or not (RFC 8058).

    Looking changes nothing, since mail programs look at every link. A POST needs no token of ours against
    forgery: the link's own is one.
    """
    known = unsubscribing.read(token)
    if known is None:
        raise Http404("No such link.")
    pk, what = known
    context = {"about": _about(what), "token": token, "done": "", "digest": ""}
    if request.method == "POST" and request.POST.get("again"):
        unsubscribing.subscribe_again(pk=pk, what=what, digest=request.POST.get("digest", ""))
        context["done"] = "again"
    elif request.method == "POST":
        context |= {"digest": unsubscribing.unsubscribe(pk=pk, what=what), "done": "ended"}
    return render(request, "accounts/unsubscribe.html", context)


def _about(what: str) -> str:
    """What mail is about, as the end of a sentence; empty for all of it."""
    return {
        "reply": "answers to your comments",
        "mention": "comments that name you",
        "decision": "decisions on your comments",
        "report": "what came of your reports",
        "term": "words that you asked about",
    }.get(what, "")
