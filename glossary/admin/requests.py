"""The editors' queue of words that readers ask about: one row a word, answered in one of three ways."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import member
from glossary.editing import answer, dismiss, may_publish, put_back
from glossary.forms import AnswerForm
from glossary.models import Term, TermRequest
from glossary.near import near
from pulse.admin import PulseAdmin, ReadOnly

# What POST does to a list's word: the verb, what is said of it, and what if the word was gone from the list.
DISMISS = (
    dismiss,
    "Dismissed. {readers} had asked; nobody is written to.",
    "Nobody waits for this word any more.",
)
PUT_BACK = (
    put_back,
    "Back on the list. {readers} had asked.",
    "This word is not among those dismissed any more.",
)
PLACES = 3  # pages named for one word; the others are counted


@dataclass
class Word:
    """A word that readers ask about: how many, since when, where, and which draft is to explain it."""

    folded: str
    word: str
    asked: int
    first_at: dt.datetime
    last_at: dt.datetime
    draft: Term | None
    places: list[dict[str, Any]] = field(default_factory=list)

    @property
    def shown(self) -> list[dict[str, Any]]:
        return self.places[:PLACES]

    @property
    def more(self) -> int:
        return len(self.places) - len(self.shown)

    @property
    def is_one_day(self) -> bool:
        return timezone.localdate(self.first_at) == timezone.localdate(self.last_at)

    @property
    def define(self) -> str:
        """Where a new term for it is written, with its name filled in."""
        query = urlencode({"name": self.word, "asked": self.folded})
        return f"{reverse('admin:glossary_term_add')}?{query}"

    @property
    def answer(self) -> str:
        return f"{reverse('admin:glossary_termrequest_answer')}?{urlencode({'asked': self.folded})}"


@admin.register(TermRequest)
class TermRequestAdmin(ReadOnly, PulseAdmin):
    """To decide on, for those who may publish terms; readers write the rows."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("glossary.publish_term")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_urls(self) -> list[Any]:
        own = [
            path("", self.admin_site.admin_view(queue), name="glossary_termrequest_changelist"),
            path("answer/", self.admin_site.admin_view(answer_one), name="glossary_termrequest_answer"),
        ]
        return own + super().get_urls()


def queue(request: HttpRequest) -> HttpResponse:
    """What waits, asked for by most first; POST dismisses one. Five queries a page.

    `?dismissed` lists what was dismissed, and POST there puts one back.
    """
    _require_editor(request)
    is_dismissed = "dismissed" in request.GET
    if request.method == "POST":
        return _moved(request, *(PUT_BACK if is_dismissed else DISMISS))
    asked = TermRequest.objects.dismissed() if is_dismissed else TermRequest.objects.waiting()
    page = Paginator(asked.by_word(), settings.PULSE_TERM_REQUESTS_SHOWN).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": "Dismissed words" if is_dismissed else "Words readers ask about",
        "opts": TermRequest._meta,
        "words": words(list(page.object_list)),
        "page": page,
        "is_dismissed": is_dismissed,
        "has_dismissed": not is_dismissed and TermRequest.objects.dismissed().exists(),
    }
    return render(request, "admin/glossary/termrequest/queue.html", context)


def answer_one(request: HttpRequest) -> HttpResponse:
    """Ask which term a word means, and answer with that."""
    _require_editor(request)
    found = words(list(TermRequest.objects.waiting().by_word().filter(folded=request.GET.get("asked", ""))))
    if not found:
        raise Http404("Nobody waits for this word.")
    word = found[0]
    is_sent = request.method == "POST"
    form = AnswerForm(request.POST if is_sent else None, initial={"term": word.draft or _nearest(word.word)})
    if form.is_valid() and _answered(request, word, form):
        return HttpResponseRedirect(reverse("admin:glossary_termrequest_changelist"))
    context = {
        **admin.site.each_context(request),
        "title": f"“{word.word}” is another name for…",
        "opts": TermRequest._meta,
        "word": word,
        "form": form,
    }
    status = 400 if is_sent else 200
    return render(request, "admin/glossary/termrequest/answer.html", context, status=status)


def words(rows: list[dict[str, Any]]) -> list[Word]:
    """Rows of `by_word`, with the pages they were asked on and the drafts. Two queries."""
    drafts = Term.objects.only("name").in_bulk([row["draft"] for row in rows if row["draft"]])
    found = {row["folded"]: Word(**{**row, "draft": drafts.get(row["draft"])}) for row in rows}
    asked = TermRequest.objects.filter(answered_at=None, folded__in=found).exclude(path="").order_by()
    places: Any = asked.values("folded", "path", "headline").annotate(number=Count("pk"))
    for place in places.order_by("-number", "path"):
        found[place["folded"]].places.append(place)
    return list(found.values())


def _moved(request: HttpRequest, verb: Callable[..., int], done: str, missing: str) -> HttpResponse:
    """Dismiss a word or put one back, say so, and show the same list again."""
    number = verb(asked=request.POST.get("asked", ""), by=member(request))
    if number:
        messages.success(request, done.format(readers=_readers(number)))
    else:
        messages.warning(request, missing)
    return HttpResponseRedirect(request.get_full_path())


def _answered(request: HttpRequest, word: Word, form: AnswerForm) -> bool:
    """Answer and say so; if it was refused, the reason stands beside the field."""
    term: Term = form.cleaned_data["term"]
    alias = word.word if form.cleaned_data["is_alias"] else ""
    try:
        answer(asked=word.folded, term=term, alias=alias, by=member(request))
    except ValidationError as refusal:
        form.add_error("is_alias", refusal)
        return False
    if term.is_published:
        messages.success(request, f"“{word.word}” leads to “{term}”. {_readers(word.asked)} told.")
    else:
        messages.success(request, f"“{word.word}” waits for the draft “{term}” to be published.")
    return True


def _nearest(word: str) -> Term | None:
    return next(iter(near(word, Term.objects.only("name", "aliases"))), None)


def _readers(number: int) -> str:
    return f"{number:,} reader{'' if number == 1 else 's'}"


def _require_editor(request: HttpRequest) -> None:
    if not may_publish(member(request)):
        raise PermissionDenied("Only an editor may answer what readers ask.")
