"""Outlooks in the newsroom: what is due for a verdict, and the form that gives one."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import member
from articles.models import Article, Verdict
from articles.verdicts import GIVE, due_outlooks, give_verdict, live_outlook

SHOWN = 50  # on one page; the longest due come first
LATELY = 10


class VerdictForm(forms.ModelForm):
    class Meta:
        model = Verdict
        fields = ["outcome", "evidence"]
        widgets = {"outcome": forms.RadioSelect, "evidence": forms.Textarea(attrs={"rows": 5})}
        labels = {"outcome": "What became of it"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = Verdict.Outcome.choices  # type: ignore[attr-defined] # no empty one
        self.fields["outcome"].error_messages["required"] = "Choose what became of it."
        self.fields["evidence"].error_messages["required"] = "Say what happened, and where that can be read."


def require_judge(request: HttpRequest) -> None:
    """Raise PermissionDenied unless this person may give verdicts."""
    if not request.user.has_perm(GIVE):
        raise PermissionDenied("Only an editor may give a verdict.")


@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """What waits for a verdict, longest first, and what was given lately. Four queries."""
    require_judge(request)
    outlooks = due_outlooks(SHOWN)
    context = {
        **admin.site.each_context(request),
        "title": "Outlooks due for a verdict",
        "outlooks": outlooks.first,
        "number": outlooks.number,
        "lately": Verdict.objects.select_related("impact__article", "by")[:LATELY],
    }
    return render(request, "admin/articles/article/outlooks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Give a verdict on one outlook of a live story."""
    require_judge(request)
    article = get_object_or_404(Article, pk=pk)
    outlook = live_outlook(article, number)
    if outlook is None:
        raise Http404("Readers see no such outlook.")
    form = VerdictForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = give_verdict(impact=outlook.impact, by=member(request), **form.cleaned_data)
        messages.success(request, f"Verdict given: {given.get_outcome_display().lower()}.")
        return HttpResponseRedirect(reverse("admin:articles_article_outlooks"))
    context = {
        **admin.site.each_context(request),
        "title": "Give a verdict",
        "article": article,
        "outlook": outlook,
        "form": form,
        "earlier": outlook.impact.verdicts.select_related("by"),
    }
    return render(request, "admin/articles/article/verdict.html", context)
