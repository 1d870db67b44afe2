"""The search itself: the live stories that match, ranked, and what they may be narrowed to.

Of very many matches the newest are looked at, and the newest of those that match in headline, TL;DR or a
name: a search takes as long among a hundred thousand stories as among a thousand.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import islice, product

from django.conf import settings
from django.db.models import Q

from articles.models import Revision, SearchWord
from articles.search.engines import Hit, newest_hits
from articles.search.filing import Chosen, count_filed
from articles.search.indexing import age_of, is_learnt
from articles.search.query import Query, parse
from articles.search.spelling import near
from articles.search.stemming import stem
from articles.search.words import Word, words
from glossary.models import Term

FRESH = 0.4  # what being of today adds to a story's score, as a share of it; half of that a year later
YEAR = 365  # days
COMPLETIONS = 50  # words looked at that begin as the one being typed
LAST_LETTER = "\uffff"  # sorts after every letter
MISSPELT = 4  # words of one query that are corrected
TRIES = 4  # corrected queries that are tried before giving up


@dataclass(frozen=True)
class Found:
    """Live revisions by key, in order, and how many of them are filed under each (kind, key)."""

    revisions: list[int] = field(default_factory=list)
    filed: dict[tuple[str, int], int] = field(default_factory=dict)
    is_cut: bool = False  # there are more than are ranked


def find(query: Query, chosen: Chosen | None = None, *, newest_first: bool = False) -> Found:
    """The live stories that match, best first. Two queries, or three where very many match."""
    if not query or query.is_too_long:
        return Found()
    query = _completed(query)
    filed = (chosen or Chosen()).words
    limit = settings.PULSE_SEARCH_RANKED
    hits = newest_hits(query, filed, limit=limit)
    is_cut = len(hits) == limit
    if is_cut and not newest_first:
        known = {hit.place for hit in hits}
        brief = newest_hits(query, filed, limit=limit, in_brief=True)
        hits += [hit for hit in brief if hit.place not in known]
    if not newest_first:
        hits = ranked(hits, now=time.time())
    live = _live(hit.place for hit in hits)
    order = [live[hit.place] for hit in hits if hit.place in live]
    return Found([pk for pk, _ in order], dict(count_filed(words for _, words in order)), is_cut)


def ranked(hits: list[Hit], *, now: float) -> list[Hit]:
    """Hits by how well they match, newer ones slightly preferred. `now` in seconds since 1970."""

    def merit(hit: Hit) -> tuple[float, int]:
        return hit.score * (1 + FRESH * 0.5 ** (age_of(hit.place, now) / YEAR)), hit.place

    return sorted(hits, key=merit, reverse=True)


def _completed(query: Query) -> Query:
    """Give the last word, if it is being typed, the endings it may have. One query, none otherwise."""
    last = query.wanted[-1]
    if not last.begins:
        return query
    begun = SearchWord.objects.filter(word__gte=last.begins, word__lt=last.begins + LAST_LETTER)
    stems = {stem(word) for word in begun.order_by("word").values_list("word", flat=True)[:COMPLETIONS]}
    endings = tuple(sorted(key for key in stems if not key.startswith(last.begins)))
    return replace(query, wanted=(*query.wanted[:-1], replace(last, endings=endings)))


def _live(places: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Of these entries those of live revisions: the revision's key, and what it is filed under."""
    live = Revision.objects.live().filter(search_entry__in=list(places)).order_by()
    rows = live.values_list("search_entry", "pk", "search_entry__filed")
    return {place: (pk, filed) for place, pk, filed in rows}


def defined_term(query: Query) -> Term | None:
    """The published term that the query is the name or an alias of, whatever its plural, case or accents.

    Reads the names of all published terms.
    """
    if not query.name:
        return None
    wanted = {query.name, tuple(word.stem for word in words(query.text))}
    names = Term.objects.published().values_list("pk", "name", "aliases").order_by("name")
    for pk, name, aliases in names:
        if any(tuple(word.stem for word in words(spelling)) in wanted for spelling in (name, *aliases)):
            return Term.objects.published().filter(pk=pk).first()
    return None


def meant(query: Query, chosen: Chosen | None = None) -> str:
    """What somebody who found nothing may have wanted to type, if that finds something; or else “”.

    Words that no story holds are replaced by those closest to them, or left away. Two queries, one for each
    such word, and a search for each try.
    """
    if query.is_too_long:
        return ""
    typed = [word for word in words(query.text) if is_learnt(word.folded)]
    known = set(SearchWord.objects.in_bulk([word.folded for word in typed]))
    unknown = [word for word in typed if word.folded not in known][:MISSPELT]
    choices = [near(word.folded, _alike(word.folded)) or [""] for word in unknown]
    for choice in islice(product(*choices), TRIES):
        corrected = parse(_replaced(query.text, unknown, choice))
        if corrected.text != query.text and find(corrected, chosen).revisions:
            return corrected.text
    return ""


def _replaced(text: str, misspelt: list[Word], others: Iterable[str]) -> str:
    for word, other in reversed(list(zip(misspelt, others, strict=True))):
        text = text[: word.start] + other + text[word.end :]
    return text


def _alike(word: str) -> list[str]:
    """Known words about as long that begin with the first or the second letter of this one."""
    begins = Q()
    for letter in set(word[:2]):
        begins |= Q(word__gte=letter, word__lt=chr(ord(letter) + 1))
    lengths = range(len(word) - 2, len(word) + 3)
    alike = SearchWord.objects.filter(begins, length__in=lengths).order_by("word")
    return list(alike.values_list("word", flat=True)[: settings.PULSE_SEARCH_WORDS_COMPARED])
