"""The house rules in the admin: one page, with a box that says what they would do to a text."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.models import member
from comments import house
from comments.admin.records import ReadOnly
from comments.models import HouseRules
from comments.pipeline import Attempt, Refused, Rules, Ruling, Standing, decide, tidy

NEW = Standing(is_new=True, has_spoken=False)
WRITERS = [("Somebody you know", Standing()), ("A new reader", NEW)]
BECOMES = {
    "pending": "It would wait for a moderator.",
    "withheld": "It would be withheld until a moderator has read it.",
    "rejected": "It would be rejected.",
}
OVERTAKEN = (
    "Somebody else changed the house rules after you opened this page. Nothing was saved, and yours are "
    "below: look at theirs in another window, then save yours again to replace them."
)


class RulesForm(forms.ModelForm):
    class Meta:
        model = HouseRules
        fields = ["mode", "close_after_days", "banned_words", "suspect_words", "banned_hosts"]
        widgets = {
            "mode": forms.RadioSelect,
            "banned_words": forms.Textarea(attrs={"rows": 6}),
            "suspect_words": forms.Textarea(attrs={"rows": 6}),
            "banned_hosts": forms.Textarea(attrs={"rows": 4}),
        }


class TryForm(forms.Form):
    text = forms.CharField(
        label="Try a text",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text="See what the rules above would do to it. Nothing is saved and nothing is published.",
    )


@dataclass(frozen=True)
class Tried:
    """What would become of a text, by whom it is written."""

    who: str
    becomes: str
    told: str  # what its author would read


@admin.register(HouseRules)
class HouseRulesAdmin(ReadOnly, admin.ModelAdmin):
    """One row, so one page, where others have a list."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Read and change the rules; “Try it” looks at what is typed, saved or not."""
        by = member(request)
        if not by.has_perm(house.CHANGE):
            raise PermissionDenied("Only an editor or a moderator may change the house rules.")
        stored = house.read()
        version = _version(stored)
        seen = request.POST.get("version", version)
        form = RulesForm(request.POST or None, instance=stored)
        trial = TryForm(request.POST or None)
        tried: list[Tried] = []
        if request.method == "POST" and form.is_valid() and trial.is_valid():
            if "_try" in request.POST:
                tried = try_text(trial.cleaned_data["text"], form.instance)
            elif seen != version:
                form.add_error(None, OVERTAKEN)
                seen = version
            else:
                house.change_rules(rules=form.instance, by=by)
                if form.changed_data:
                    self.log_change(request, form.instance, f"Changed {', '.join(form.changed_data)}.")
                messages.success(request, "The house rules are saved, and hold for the next comment.")
                return HttpResponseRedirect(reverse("admin:comments_houserules_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": "House rules",
            "opts": self.opts,
            "form": form,
            "version": seen,
            "trial": trial,
            "tried": tried,
        }
        return render(
            request, "comments/desk/rules.html", context, status=400 if form.is_bound and form.errors else 200
        )

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:comments_houserules_changelist"))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return member(request).has_perm(house.CHANGE)


def _version(rules: HouseRules) -> str:
    """What a page remembers of the rules that it showed, to tell whether others hold when it is sent."""
    shown = repr([getattr(rules, name) for name in RulesForm.Meta.fields])
    return blake2b(shown.encode(), digest_size=8).hexdigest()


def try_text(text: str, rules: HouseRules) -> list[Tried]:
    """What these rules would do to a text, by a reader the newsroom knows and by a new one. No query."""
    applied = Rules(
        mode=rules.mode,
        banned_words=rules.banned_words,
        suspect_words=rules.suspect_words,
        banned_hosts=rules.banned_hosts,
    )
    body = tidy(text)
    return [
        _tried(who, Attempt(body, timezone.now(), rules=applied, author=author)) for who, author in WRITERS
    ]


def _tried(who: str, attempt: Attempt) -> Tried:
    try:
        ruling = decide(attempt)
    except Refused as refusal:
        return Tried(who, "It would not be taken.", refusal.sentence)
    return Tried(who, _becomes(ruling), ruling.sentence)


def _becomes(ruling: Ruling) -> str:
    if ruling.is_flagged:
        return "It would be published, and moderators asked to look."
    return BECOMES.get(ruling.status, "It would be published.")
