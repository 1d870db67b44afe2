"""A reader's own pages, and the page for somebody who tried too often."""

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import deletion, pace
from accounts.export import export
from accounts.forms import AccountNameForm, DeletionForm
from accounts.models import member
from accounts.sessions import end_sessions
from pulse import limits
from pulse.tags import changed


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Show and change what a signed-in reader may change about themselves."""
    form = AccountNameForm(request.POST or None, instance=member(request))
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            changed(f"reader:{form.save().pk}")
        messages.success(request, "Your display name has been changed.")
        return redirect("accounts:account")
    return render(request, "accounts/account.html", {"form": form}, status=400 if form.errors else 200)


@login_required
@require_safe
def comments(request: HttpRequest) -> HttpResponse:
    """All of a reader's own comments, with where each stands; `page`. The comments are a tag's."""
    return render(request, "accounts/comments.html")


# ---- Sessions


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one other browser of this reader's."""
    session = get_object_or_404(UserSession, pk=pk, user=member(request))
    session.end()
    messages.success(request, "That session is over.")
    return redirect("mfa_index")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out every browser of this reader's but this one."""
    end_sessions(member(request), but=request.session.session_key)
    messages.success(request, "All your other sessions are over.")
    return redirect("mfa_index")


# ---- One's data


@login_required
@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Where a reader takes their data, or leaves."""
    return render(request, "accounts/data.html", {"refusal": deletion.refusal(member(request))})


@login_required
@require_POST
@reauthentication_required
def download(request: HttpRequest) -> HttpResponseBase:
    """Everything the site knows of this reader, as a zip. 429 beyond PULSE_EXPORTS_PER_HOUR."""
    reader = member(request)
    most = settings.PULSE_EXPORTS_PER_HOUR
    try:
        limits.count("exports", limits.of_reader(reader.pk), most=most, within=limits.HOUR)
    except limits.TooMany as refusal:
        return _refused(request, refusal)
    return FileResponse(export(reader), as_attachment=True, filename="pulse-data.zip")


@login_required
@reauthentication_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Say what a deletion means, ask what becomes of the comments, and plan it."""
    reader = member(request)
    if sentence := deletion.refusal(reader):
        messages.error(request, sentence)
        return redirect("accounts:data")
    form = DeletionForm(request.POST or None, initial={"comments": DeletionForm.KEEP})
    if request.method == "POST" and form.is_valid():
        deletion.plan(user=reader, keep_comments=form.keeps_comments)
        return redirect("accounts:data")
    hours = settings.PULSE_DELETION_GRACE_HOURS
    context = {"form": form, "hours": hours}
    return render(request, "accounts/delete.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Cancel the planned deletion of one's account."""
    if deletion.cancel(user=member(request)):
        messages.success(request, "Your account stays.")
    return redirect("accounts:data")


@require_http_methods(["GET", "HEAD", "POST"])
def keep_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail, which works signed out: a page that asks, then cancels the planned deletion."""
    user = deletion.user_for(token)
    is_kept = request.method == "POST" and user is not None and deletion.cancel(user=user)
    answer = {"is_kept": is_kept, "planned": user, "token": token}
    response = render(request, "accounts/keep.html", answer, status=200 if user else 404)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response


# ---- Limits


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """429: which limit it was stays unsaid; when to come back is in the page and in Retry-After."""
    return _refused(request, limits.TooMany(pace.seconds_to_wait(request)))


def _refused(request: HttpRequest, refusal: limits.TooMany) -> HttpResponse:
    response = render(request, "429.html", {"wait": refusal.wait}, status=429)
    response["Retry-After"] = str(refusal.seconds)
    return response
