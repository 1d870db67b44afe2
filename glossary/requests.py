"""What readers ask to have defined: taken from them here, and answered when a term is published."""

import datetime as dt
from collections.abc import Iterable
from hashlib import sha256
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Notification, User
from accounts.notifications import notify
from glossary.models import MAX_ASKED, MAX_FOLDED, Term, TermRequest
from glossary.near import folded
from glossary.places import name_of
from pulse.characters import is_invisible, validate_no_control_characters

MAX_WORDS = 5
AROUND = " \t\n\r.,;:!?…\"'“”‘’„‚«»‹›()[]{}<>*_`|/\\–—-"  # what a selection takes along
PERIOD = dt.timedelta(days=1)


@transaction.atomic
def ask(*, word: str, by: User, path: str = "") -> TermRequest:
    """Keep a reader's question, or return the one they asked about this word before. Seven queries.

    `path` is the page they read; one where nobody can ask is not kept. Raises ValidationError with a sentence
    for the reader: about the word, or with the code `too_many` or `suspended`.
    """
    cleaned = clean_word(word)
    asker = User.objects.select_for_update().get(pk=by.pk)  # two windows cannot overtake the limit together
    key = folded(cleaned)[:MAX_FOLDED]
    if earlier := TermRequest.objects.filter(folded=key, by=asker).first():
        return earlier
    _may_ask(asker)
    headline = name_of(path)
    return TermRequest.objects.create(
        word=cleaned, folded=key, by=asker, path=path if headline else "", headline=headline[:200]
    )


def clean_word(text: str) -> str:
    """A word or short phrase as it stands in a sentence. Raises ValidationError for anything else."""
    validate_no_control_characters(text)
    visible = "".join(character for character in text if not is_invisible(character) or character.isspace())
    word = " ".join(visible.split()).strip(AROUND)
    if not any(character.isalnum() for character in folded(word)):
        raise ValidationError("Write the word that you would like to see explained.")
    if len(word) > MAX_ASKED or len(word.split()) > MAX_WORDS:
        raise ValidationError(
            f"Ask about one word or a short phrase: up to {MAX_WORDS} words and {MAX_ASKED} characters."
        )
    return word


def term_for(word: str) -> Term | None:
    """The published term that a word already leads to, by name or alias, however it is spelt. One query."""
    wanted = folded(word)
    terms: Iterable[Term] = Term.objects.published().only("name", "slug", "aliases", "status")
    return next((term for term in terms if wanted in map(folded, term.names)), None)


def settle(*, term: Term, asked: str = "") -> int:
    """Tie what waits for a word to the term that explains it, and answer it if readers can see the term.

    `asked` is the folded word that an editor set out to explain, whatever the term is called now. Part of the
    transaction of the caller, who saved the term. How many readers are told. One query,
    and two and two for each of the words if anybody asked.
    """
    words = {folded(name)[:MAX_FOLDED] for name in term.names} | ({asked} if asked else set())
    waiting = TermRequest.objects.waiting().filter(Q(folded__in=words) | Q(term=term))
    if not term.is_published:
        waiting.update(term=term)
        return 0
    found = list(waiting.select_for_update(of=("self",)).select_related("by").order_by("folded", "pk"))
    for _, same in groupby(found, key=attrgetter("folded")):
        _tell(term, list(same))
    if found:
        keys = [request.pk for request in found]
        TermRequest.objects.filter(pk__in=keys).update(term=term, answered_at=timezone.now())
    return len(found)


def still_explained(subjects: set[str]) -> set[str]:
    """Those of the notifications' subjects, such as “term:7”, whose term readers can see. One query."""
    pks = [int(subject.removeprefix("term:")) for subject in subjects]
    return {f"term:{pk}" for pk in Term.objects.published().filter(pk__in=pks).values_list("pk", flat=True)}


def _tell(term: Term, requests: list[TermRequest]) -> None:
    """Tell everybody who asked about one word where it is explained. Two queries."""
    first = requests[0]
    notify(
        to=[request.by for request in requests],
        kind=Notification.Kind.TERM,
        key=f"word:{sha256(first.folded.encode()).hexdigest()[:32]}:{term.pk}",
        subject=f"term:{term.pk}",
        sentence=f"“{first.word}”, which you asked about, is explained in the glossary.",
        path=term.get_absolute_url(),
        excerpt=term.definition,
    )


def _may_ask(asker: User) -> None:
    if asker.is_suspended:
        raise ValidationError("You cannot ask while your account is suspended.", code="suspended")
    limit = settings.PULSE_TERM_REQUESTS_PER_DAY
    if asker.term_requests.filter(created_at__gt=timezone.now() - PERIOD).count() >= limit:
        raise ValidationError(
            f"You asked about {limit} words in the last 24 hours. Ask about this one tomorrow.",
            code="too_many",
        )
