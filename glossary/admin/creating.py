"""A new term made beside a story, without leaving its form. Answers are JSON, refusals sentences."""

from django.db import IntegrityError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import member
from glossary.editing import may_publish, save_term
from glossary.forms import NewTermForm
from glossary.models import MAX_NAME, Term
from glossary.near import near, taken

JUST_TAKEN = "Somebody has just added a term with this name. Look for it in the glossary."


@never_cache
@require_POST
def create(request: HttpRequest) -> JsonResponse:
    """Make a term from `name`, `aliases` (one a line), `definition` and `publish`.

    Answers 201 with its id and name, or 400 with `errors`: for each field its sentences.
    """
    if not request.user.has_perm("glossary.add_term"):
        return _refusal("Only the newsroom may add terms. Sign in with an account that may.")
    if "publish" in request.POST and not may_publish(member(request)):
        return _refusal("Only an editor may publish a term. Add it as a draft.")
    form = NewTermForm(request.POST)
    if not form.is_valid():
        return _errors({name: [str(error) for error in errors] for name, errors in form.errors.items()})
    term: Term = form.save(commit=False)
    term.status = Term.Status.PUBLISHED if form.cleaned_data["publish"] else Term.Status.DRAFT
    try:
        save_term(term=term, by=member(request))
    except IntegrityError:
        return _errors({"name": [JUST_TAKEN]})
    return JsonResponse(_described(term), status=201)


@never_cache
@require_safe
def names_near(request: HttpRequest) -> JsonResponse:
    """Whether the `name` in the query is taken, and which terms come close. One query."""
    if not request.user.has_perm("glossary.add_term"):
        return _refusal("Only the newsroom may add terms. Sign in with an account that may.")
    name = request.GET.get("name", "")[:MAX_NAME]
    terms = list(Term.objects.only("name", "aliases", "definition", "status"))
    found = taken(name, terms)
    close = [term for term in near(name, terms) if term != found]
    return JsonResponse({"taken": _described(found) if found else None, "near": [*map(_described, close)]})


def _described(term: Term) -> dict[str, str | int]:
    note = "" if term.is_published else "draft"
    return {"id": term.pk, "text": term.name, "definition": term.definition, "note": note}


def _errors(errors: dict[str, list[str]]) -> JsonResponse:
    return JsonResponse({"errors": errors}, status=400)


def _refusal(sentence: str) -> JsonResponse:
    return JsonResponse({"errors": {"__all__": [sentence]}}, status=403)
