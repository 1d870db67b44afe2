"""What is done to the glossary. Each verb is one transaction, and who shows a term hears of it afterwards."""

import copy
from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Model, ProtectedError
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import User
from accounts.notifications import withdraw
from glossary.changes import term_changed
from glossary.models import MAX_NAME, PreviousSlug, Term, TermRequest, TermVersion, validate_aliases
from glossary.near import folded, taken
from glossary.requests import settle
from pulse.tags import changed
from pulse.text import editorial

SLUG_TAKEN = "Another term has, or had, this address. Choose another."
OWN_PAGES = {"ask"}  # addresses under /glossary/ that are no term's


def may_publish(user: User) -> bool:
    """Whether somebody may publish terms, and change published ones: readers see that at once."""
    return user.has_perm("glossary.publish_term")


@transaction.atomic
def save_term(*, term: Term, by: User | None, asked: str = "") -> Term:
    """Save a new or changed term, keep its wording as a version if that is new, and render its explanation.

    Readers who asked about one of its names, or about `asked` (folded), are told once they can see it.

    A term without a slug gets one made from its name. An address that readers knew leads on to the new one.
    Without `by` The Pulse itself does it. Raises PermissionDenied if the term is published, or was, and this
    person may not do that; ValidationError for a slug another term had; TextTooLong, which `full_clean` finds
    beforehand. Seven queries and a few more if readers asked.
    """
    before = Term.objects.select_for_update().filter(pk=term.pk).first() if term.pk else None
    is_public = term.is_published or (before is not None and before.is_published)
    if by is not None and is_public and not may_publish(by):
        raise PermissionDenied("Only an editor may publish a term, or change one that is published.")
    term.slug = term.slug or free_slug(term)
    if was_slug_of_another(term.slug, term):
        raise ValidationError({"slug": SLUG_TAKEN})
    term.explanation_html = editorial(term.explanation).html
    term.save()
    _keep_address(before, term)
    if before is None or before.wording != term.wording:
        TermVersion.objects.create(
            term=term, name=term.name, definition=term.definition, explanation=term.explanation, by=by
        )
    matching_changed = before is None or before.matching != term.matching
    changed(f"term:{term.pk}", *(["glossary"] if matching_changed else []))
    settle(term=term, asked=asked)
    transaction.on_commit(partial(term_changed, term, matching_changed=matching_changed))
    return term


@transaction.atomic
def delete_term(*, term: Term) -> None:
    """Delete a term and its versions.

    Raises ProtectedError while a story explains it in its briefing or another term leads to it.
    """
    deleted = copy.copy(term)
    others: set[Model] = set(term.seen_from.all())
    if others:
        raise ProtectedError("Other terms name this one under “See also”.", others)
    changed(f"term:{term.pk}", "glossary")
    withdraw(subject=f"term:{term.pk}")
    term.delete()
    transaction.on_commit(partial(term_changed, deleted, matching_changed=True))


@transaction.atomic
def answer(*, asked: str, term: Term, by: User, alias: str = "") -> None:
    """Say that a word readers ask about is a term there is: they are told, once readers can see that term.

    `alias` is added to its other names, so that stories link it too. Raises PermissionDenied; ValidationError
    if another term has this name, or there are too many.
    """
    if not may_publish(by):
        raise PermissionDenied("Only an editor may answer what readers ask.")
    if not alias or folded(alias) in map(folded, term.names):
        settle(term=term, asked=asked)
        return
    if other := taken(alias, Term.objects.exclude(pk=term.pk).only("name", "aliases")):
        raise ValidationError(f"“{alias}” already leads to the term “{other}”.")
    term.aliases = [*term.aliases, alias]
    validate_aliases(term.aliases)
    save_term(term=term, by=by, asked=asked)


@transaction.atomic
def dismiss(*, asked: str, by: User) -> int:
    """Leave a word that readers ask about without a definition, and return how many asked. For editors."""
    if not may_publish(by):
        raise PermissionDenied("Only an editor may dismiss what readers ask.")
    return TermRequest.objects.waiting().filter(folded=asked).update(dismissed_at=timezone.now())


@transaction.atomic
def put_back(*, asked: str, by: User) -> int:
    """Have a dismissed word wait again, and return how many asked. For editors."""
    if not may_publish(by):
        raise PermissionDenied("Only an editor may put back what readers ask.")
    return TermRequest.objects.dismissed().filter(folded=asked).update(dismissed_at=None)


def free_slug(term: Term) -> str:
    """An unused address made from a term's name. A few queries."""
    stem = slugify(term.name)[: MAX_NAME - 8].strip("-") or "term"
    candidate, number = stem, 2
    while Term.objects.filter(slug=candidate).exists() or was_slug_of_another(candidate, term):
        candidate, number = f"{stem}-{number}", number + 1
    return candidate


def was_slug_of_another(slug: str, term: Term) -> bool:
    """Whether readers knew another term by this address, or the site has a page there. One query."""
    return slug in OWN_PAGES or PreviousSlug.objects.filter(slug=slug).exclude(term_id=term.pk).exists()


def _keep_address(before: Term | None, term: Term) -> None:
    """Keep the address a term is leaving, by another slug or by being a draft again, if readers knew it."""
    if before and before.is_published and (before.slug != term.slug or not term.is_published):
        PreviousSlug.objects.get_or_create(slug=before.slug, defaults={"term": term})
    if term.is_published:
        PreviousSlug.objects.filter(slug=term.slug, term=term).delete()
