"""What is done to the glossary. Each verb is one transaction, and who shows a term hears of it afterwards."""

import copy
from functools import partial

from django.db import transaction

from accounts.models import User
from glossary.changes import term_changed
from glossary.models import Term, TermVersion
from pulse.text import editorial


@transaction.atomic
def save_term(*, term: Term, by: User | None) -> Term:
    """Save a new or changed term, keep its wording as a version if that is new, and render its explanation.

    Raises TextTooLong, which `full_clean` finds beforehand. Three to five queries.
    """
    before = Term.objects.select_for_update().filter(pk=term.pk).first() if term.pk else None
    term.explanation_html = editorial(term.explanation).html
    term.save()
    if before is None or before.wording != term.wording:
        TermVersion.objects.create(
            term=term, name=term.name, definition=term.definition, explanation=term.explanation, by=by
        )
    matching_changed = before is None or before.matching != term.matching
    transaction.on_commit(partial(term_changed, term, matching_changed=matching_changed))
    return term


@transaction.atomic
def delete_term(*, term: Term) -> None:
    """Delete a term and its versions. Raises ProtectedError while a story explains it in its briefing."""
    deleted = copy.copy(term)
    term.delete()
    transaction.on_commit(partial(term_changed, deleted, matching_changed=True))
