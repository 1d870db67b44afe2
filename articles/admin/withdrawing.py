"""Taking a story back for good: what will happen, what readers are told, and the button."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import member
from articles import preview_links, publishing
from articles.admin.doors import open_article_as_editor
from articles.models import Article, Revision
from articles.models.filing import CLEAN
from articles.withdrawals import is_withdrawn, was_seen


class NoteField(forms.CharField):
    """Text of several lines, measured as it was typed: a form sends every line break as two characters."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class WithdrawalForm(forms.Form):
    """What readers who come to the address are told."""

    WITH_NOTE, SILENT = "note", "silent"
    manner = forms.ChoiceField(
        label="What readers are told",
        choices=[(WITH_NOTE, "With a note for readers"), (SILENT, "Without a word")],
        widget=forms.RadioSelect,
    )
    note = NoteField(
        label="Note for readers",
        required=False,
        max_length=cast(int, Article._meta.get_field("withdrawal_note").max_length),
        validators=CLEAN,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Why the story is gone, in a sentence or two of plain text. It stands at the address.",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("manner") == self.WITH_NOTE and not data.get("note") and "note" not in self.errors:
            self.add_error("note", "Write the note, or choose “Without a word”.")
        return data

    def text(self) -> str:
        return self.cleaned_data["note"] if self.cleaned_data["manner"] == self.WITH_NOTE else ""


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a story that readers saw, or change what they are told about one that was withdrawn."""
    article = open_article_as_editor(request, pk)
    was_withdrawn, can_withdraw = is_withdrawn(article), was_seen(article)
    if request.method == "POST":
        form = WithdrawalForm(request.POST)
        if can_withdraw and form.is_valid():
            publishing.withdraw(article=article, by=member(request), note=form.text())
            messages.success(request, _what_happened(article, was_withdrawn))
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
    else:
        form = WithdrawalForm(initial=_initial(article) if was_withdrawn else {})
    context = {
        **admin.site.each_context(request),
        "title": f"{'Withdrawal of' if was_withdrawn else 'Withdraw'} “{article}”",
        "article": article,
        "opts": Article._meta,
        "form": form,
        "can_withdraw": can_withdraw,
        "is_withdrawn": was_withdrawn,
        **_consequences(article),
    }
    return render(
        request, "admin/articles/article/withdraw.html", context, status=400 if form.is_bound else 200
    )


def _initial(article: Article) -> dict[str, str]:
    manner = WithdrawalForm.WITH_NOTE if article.withdrawal_note else WithdrawalForm.SILENT
    return {"manner": manner, "note": article.withdrawal_note}


def _consequences(article: Article) -> dict[str, Any]:
    """What a withdrawal touches. Four queries, one of which reads the text of every live story."""
    links = preview_links.with_publication(article.preview_links.all())
    return {
        "old_addresses": article.previous_slugs.count(),
        "scheduled": article.scheduled_revision(),
        "linking": Revision.objects.live()
        .filter(body_html__contains=f'href="{article.get_absolute_url()}')
        .exclude(article=article)
        .select_related("article")
        .only("headline", "article__slug"),
        "working_links": sum(not preview_links.state_of(link).is_over for link in links),
    }


def _what_happened(article: Article, was_withdrawn: bool) -> str:
    if was_withdrawn:
        return "Stored. Readers who come to the address see it from now on."
    told = "your note" if article.withdrawal_note else "that it is no longer here"
    return f"Withdrawn. Readers who come to {article.get_absolute_url()} read {told}."
