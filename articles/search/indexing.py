"""Writing the search index: an entry for each live or scheduled revision, and the words it is made of.

Everything in it is what readers see or will see; that only live stories are found is up to the search, which
asks `Revision.objects.live()` each time.
"""

import html
from collections.abc import Iterator
from itertools import islice

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Prefetch, Q
from django.utils import timezone

from articles.models import Author, Revision, SearchEntry, SearchWord, Section, Topic
from articles.querysets import RevisionQuerySet
from articles.search.filing import filed_words
from articles.search.words import composed, keys
from glossary.models import Term
from pulse.sanitiser import TEXT_ONLY
from pulse.text import BLOCK_ENDS

KEY_BITS = 24  # of a place: enough to tell apart what was published in the same second
WORD_LENGTHS = range(4, 26)  # of words that a misspelt one may have meant
BATCH = 200
NAMED_WORDS = 400  # of the short columns; with those of the story less than PostgreSQL takes


def index(revision: Revision) -> None:
    """Write a revision's entry anew, in the transaction in which it is published or rendered again.

    Its columns and relations are filled already; the columns need not be saved. Entries of the same article
    whose time is over are deleted. Nine queries.
    """
    entries = SearchEntry.objects.filter(revision__article_id=revision.article_id)
    entries.filter(_is_over() | Q(revision=revision)).delete()
    found: set[str] = set()
    entry = _entry(
        revision,
        Section.objects.get(pk=revision.section_id or 0),
        list(Topic.objects.filter(revisions=revision)),
        list(Author.objects.filter(revisions=revision)),
        list(Term.objects.published().filter(revisions=revision)),
        found,
    )
    entry.save(force_insert=True)
    _learn(found)


def reindex() -> Iterator[int]:
    """Write the whole index anew, newest stories first, and say after each batch how many were written.

    Each batch is a transaction of its own, so readers find stories meanwhile. Stopped, it is begun again.
    """
    SearchWord.objects.all().delete()
    known: set[str] = set()
    pks = list(indexable().newest_first().values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        yield _write(pks[start : start + BATCH], known)
    SearchEntry.objects.exclude(revision__in=indexable()).delete()
    _tidy()


def tend() -> bool:
    """The worker's job: index what is not, forget what is over. Whether there is more to index."""
    missing = indexable().filter(search_entry=None).newest_first().values_list("pk", flat=True)
    written = _write(list(missing[:BATCH]), set())
    SearchEntry.objects.filter(_is_over()).delete()
    return written == BATCH


def indexable() -> RevisionQuerySet:
    """What has an entry: what readers see or will see."""
    return Revision.objects.public_or_due()


def is_learnt(word: str) -> bool:
    """Whether a folded word is of the kind that the vocabulary holds."""
    return len(word) in WORD_LENGTHS and word.isalpha()


def place_of(revision: Revision) -> int:
    """An entry's key, which sorts as its story's age does: the second it first appeared, and its number."""
    if revision.first_published_at is None:
        raise ValueError("Only what has a live period is in the search index.")
    second = int(revision.first_published_at.timestamp())
    return (second << KEY_BITS) | (revision.pk % (1 << KEY_BITS))


def age_of(place: int, now: float) -> float:
    """How many days ago the story at a place first appeared, `now` being seconds since 1970."""
    return max(0.0, now - (place >> KEY_BITS)) / 86_400


def _is_over() -> Q:
    return Q(revision__live_until__lte=timezone.now()) | Q(revision__live_from=None)


@transaction.atomic
def _write(pks: list[int], known: set[str]) -> int:
    """Write entries of many revisions, and what words are not known yet. How many there were.

    Their rows are locked first, as `render_one` does: an entry is never written by two at a time.
    """
    revisions = (
        Revision.objects.filter(pk__in=pks)
        .select_for_update(of=("self",))
        .select_related("section")
        .defer("content", "headings", "paragraphs", "trace")
        .prefetch_related(
            "topics", "authors", Prefetch("terms", queryset=Term.objects.published(), to_attr="shown_terms")
        )
    )
    found: set[str] = set()
    entries = [
        _entry(row, row.section, list(row.topics.all()), list(row.authors.all()), row.shown_terms, found)
        for row in revisions
    ]
    SearchEntry.objects.filter(revision__in=pks).delete()
    SearchEntry.objects.bulk_create(entries)
    _learn(found - known)
    known |= found
    return len(entries)


def _entry(
    revision: Revision,
    section: Section,
    topics: list[Topic],
    authors: list[Author],
    terms: list[Term],
    found: set[str],
) -> SearchEntry:
    """An entry, not saved; the words in it are added to those found."""

    def stems(*parts: str, limit: int = NAMED_WORDS) -> str:
        some = list(islice(keys(composed("\n".join(parts))), limit))
        found.update(folded for folded, _ in some)
        return " ".join(stem for _, stem in some)

    filed = [section.name, *(topic.name for topic in topics), *(author.name for author in authors)]
    impacts = [text for impact in revision.impacts for text in (impact["text"], impact["test"])]
    story = [*_paragraphs(revision.body_html), *impacts]
    return SearchEntry(
        pk=place_of(revision),
        revision=revision,
        filed=filed_words(revision, section, topics, authors),
        headline=stems(revision.headline),
        summary=stems(revision.tldr, revision.dek, revision.kicker),
        names=stems(*filed, *(name for term in terms for name in term.names)),
        story=stems(*story, limit=settings.PULSE_SEARCH_INDEXED_WORDS),
        text=composed("\n".join(" ".join(text.split()) for text in (revision.tldr, *story) if text)),
    )


def _paragraphs(body_html: str) -> list[str]:
    """The words of a story's HTML, each heading, paragraph and cell by itself, without footnotes."""
    by_line = BLOCK_ENDS.sub(r"\g<0>\n", body_html.replace("\n", " "))
    lines = html.unescape(TEXT_ONLY.clean(by_line)).split("\n")
    return [line for line in lines if line.strip()]


def _learn(found: set[str]) -> None:
    """Add words to the vocabulary. In order, so that two publications at once do not wait in a circle."""
    rows = [SearchWord(word=word, length=len(word)) for word in sorted(found) if is_learnt(word)]
    SearchWord.objects.bulk_create(rows, ignore_conflicts=True)


def _tidy() -> None:
    """After everything changed: one index instead of many pieces, or new statistics for the planner."""
    statement = {
        "sqlite": "INSERT INTO articles_searchindex(articles_searchindex) VALUES('optimize')",
        "postgresql": "ANALYZE articles_searchentry",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(statement)
