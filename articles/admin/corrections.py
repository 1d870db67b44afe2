"""A correction for a live story, two clicks from its form."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from accounts.models import member
from articles import publishing
from articles.admin.doors import open_article_as_editor
from articles.models import Article, Correction


class CorrectionForm(forms.ModelForm):
    class Meta:
        model = Correction
        fields = ["kind", "text"]
        widgets = {"kind": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 4})}
        labels = {"text": "What it says"}

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.article = article
        self.fields["kind"].choices = Correction.Kind.choices  # type: ignore[attr-defined] # no empty one
        self.fields["text"].error_messages["required"] = "Say what was wrong, and what is right."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        text = (cleaned.get("text") or "").strip()
        if text and self.article.corrections.filter(kind=cleaned.get("kind"), text=text).exists():
            self.add_error("text", "The story has this correction already.")
        return cleaned


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a correction to a story that readers see, with a look at how it will stand there."""
    article = open_article_as_editor(request, pk)
    to_form = HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
    live = article.live_revision()
    if live is None:
        messages.error(request, "Nothing to correct: readers do not see this story now.")
        return to_form
    form = CorrectionForm(request.POST if request.method == "POST" else None, article=article)
    if form.is_valid():
        added = publishing.correct(article=article, by=member(request), **form.cleaned_data)
        messages.success(request, _sentence(article, added))
        return to_form
    context = {
        **admin.site.each_context(request),
        "title": "Add a correction",
        "article": article,
        "headline": live.headline,
        "form": form,
        "earlier": article.corrections.select_related("by"),
        "kinds": dict(Correction.Kind.choices),
        "now": timezone.now(),
    }
    return render(request, "admin/articles/article/correct.html", context)


def _sentence(article: Article, added: Correction) -> str:
    return format_html(
        '{} added. <a href="{}#correction-{}">Read it on the story</a>',
        added.get_kind_display(),
        article.get_absolute_url(),
        added.pk,
    )
