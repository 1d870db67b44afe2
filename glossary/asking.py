"""The page where a reader asks what a word means."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from glossary import requests
from glossary.forms import AskForm
from glossary.models import Term, TermRequest
from glossary.near import near
from glossary.places import name_of

STATUS = {"too_many": 429, "suspended": 403}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask about `word`, met on the page at `page`. A word that is explained already leads to its term.

    Whoever is signed out signs in first, and comes back with what was typed. A POST asks; a GET never does.
    """
    given = request.POST if request.method == "POST" else request.GET
    word, page = given.get("word", ""), given.get("page", "")
    if word.strip() and (term := requests.term_for(word)):
        return _explained(request, word, term)
    if not isinstance(request.user, User):
        return redirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': _address(word, page)})}")
    if request.method != "POST":
        return _form(request, AskForm(initial={"word": word, "page": page}), word)
    form = AskForm(request.POST)
    if not form.is_valid():
        return _form(request, form, word, status=400)
    try:
        asked = requests.ask(word=form.cleaned_data["word"], by=request.user, path=page)
    except ValidationError as error:
        form.add_error("word", error)
        return _form(request, form, word, status=STATUS.get(str(getattr(error, "code", "")), 400))
    messages.success(request, _thanks(asked))
    response = redirect(asked.path or reverse("glossary:index"))
    response.status_code = 303
    return response


def _explained(request: HttpRequest, word: str, term: Term) -> HttpResponse:
    if request.method == "POST":
        messages.info(request, f"“{term}” is in the glossary already: here it is.")
    return redirect(term)


def _form(request: HttpRequest, form: AskForm, word: str, *, status: int = 200) -> HttpResponse:
    """The form, with terms whose names come close, and the way back. Two queries."""
    page = form["page"].value() or ""
    headline = name_of(page)
    context: dict[str, Any] = {
        "form": form,
        "near": near(word[:200], Term.objects.published().only("name", "slug", "aliases", "definition")),
        "headline": headline,
        "page": page if headline else "",
    }
    response = render(request, "glossary/ask.html", context, status=status)
    if status == STATUS["too_many"]:
        response["Retry-After"] = str(int(requests.PERIOD.total_seconds()))
    return response


def _thanks(asked: TermRequest) -> str:
    if asked.dismissed_at:
        return f"The editors looked at “{asked.word}” and decided against an entry in the glossary."
    return f"You asked about “{asked.word}”. You will hear from us when it is in the glossary."


def _address(word: str, page: str) -> str:
    given = {name: text for name, text in (("word", word[:200]), ("page", page[:200])) if text}
    return f"{reverse('glossary:ask')}?{urlencode(given)}" if given else reverse("glossary:ask")
