"""What somebody should look at before a story is published: each check a sentence, some with a remedy."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.db.models import Q, Value
from django.db.models.functions import Upper
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from articles import drift
from articles.acronyms import acronyms, explained
from articles.content import Content, ImpactContent, snapshot
from articles.destinations import troubles
from articles.editing import problems
from articles.models import Article, Revision
from articles.reading import Heading, Reading, mentioned, mentioned_in, read
from articles.slugs import is_slug_taken
from glossary.linking import WORD
from glossary.models import Term
from images.files import FILE_NAME, STEM
from images.library import addresses_of, markdown_for
from images.models import Image
from pulse.text import TextTooLong

Severity = Literal["missing", "serious", "advice"]


@dataclass(frozen=True)
class Fix:
    """One action the page can do with one click.

    `kind` is add_term or remove_term (`value` is its number, `text` its name), new_term (`value` is the name
    to begin with), replace (`value` takes the place of the check’s `find` in the story), or approve_tldr.
    """

    label: str
    kind: str
    value: str = ""
    text: str = ""


@dataclass(frozen=True)
class Check:
    """Something to look at, in a part of the form: one of its fields, or the prefix of its rows.

    What is missing keeps a story from being published; what is serious is asked about once more; the rest is
    advice. `find` stands in the part’s text, for the page to show where.
    """

    code: str
    severity: Severity
    part: str
    sentence: str
    fix: Fix | None = None
    find: str = ""

    @property
    def anchor(self) -> str:
        """The id of its place in the form."""
        has_rows = self.part in {"impacts", "briefing", "bylines"}
        return f"{self.part}-group" if has_rows else f"id_{self.part}"


def checks(content: Content, article: Article | None = None, *, slug: str = "") -> list[Check]:
    """Everything to look at in a story, what is missing first, then in the order of the form.

    `article` is the stored one that the content belongs to, `slug` the address typed for it. Fifteen queries
    at most, however long the story is.
    """
    try:
        reading = read(content["body"])
    except TextTooLong as error:
        return [*missing(content), Check("too_long", "serious", "body", str(error))]
    images = _images(content)
    return [
        *missing(content),
        *_headline(content, article),
        *_tldr(content, article),
        *_headings(reading.headings),
        *_pictures(content, reading, images),
        *_links(content["body"], reading, images, article),
        *_terms(content, reading),
        *_impacts(content["impacts"], article),
        *_slug(slug, article),
    ]


def check_stored(article: Article) -> list[Check]:
    """The checks of a working copy as it is stored. Six queries more."""
    return checks(snapshot(article), article)


def serious(content: Content, article: Article | None = None) -> list[Check]:
    """What publishing asks about once more."""
    return [check for check in checks(content, article) if check.severity == "serious"]


def missing(content: Content) -> list[Check]:
    """What keeps the story from being published. No query."""
    draft = Article(
        headline=content["headline"],
        tldr=content["tldr"],
        body=content["body"],
        section_id=content["section"],
    )
    found = problems(draft)
    if content["authors"]:
        found.pop("bylines", None)
    return [Check("missing", "missing", part, sentence) for part, sentence in found.items()]


# Headline and address


def _headline(content: Content, article: Article | None) -> Iterator[Check]:
    headline = content["headline"].strip()
    if not headline:
        return
    same = Exact(Upper("headline"), Upper(Value(headline)))  # as the index has it
    live, drafts = Revision.objects.live().filter(same), Article.objects.filter(same)
    if article:
        live, drafts = live.exclude(article=article), drafts.exclude(pk=article.pk)
    if live.exists():
        yield Check("headline_taken", "serious", "headline", "A live story has this very headline.")
    elif drafts.exists():
        yield Check("headline_taken", "advice", "headline", "Another draft has this very headline.")


def _slug(slug: str, article: Article | None) -> Iterator[Check]:
    if slug and is_slug_taken(slug, by_other_than=article or Article()):
        yield Check("slug_taken", "serious", "slug", "Another story has, or had, this address.")


# TL;DR


def _tldr(content: Content, article: Article | None) -> Iterator[Check]:
    words, (low, high) = len(content["tldr"].split()), settings.PULSE_TLDR_WORDS
    if words and not low <= words <= high:
        counted = "1 word" if words == 1 else f"{words} words"
        sentence = f"The TL;DR has {counted}; house style is {low} to {high}."
        yield Check("tldr_length", "advice", "tldr", sentence)
    if words and article and content["tldr"].strip() == article.tldr.replace("\r\n", "\n").strip():
        changed = drift.drift(article.tldr_basis, content["body"])
        if changed >= settings.PULSE_TLDR_DRIFT:
            sentence = f"{changed:.0%} of the story is new or gone since the TL;DR was written or confirmed."
            fix = Fix("The TL;DR still holds", "approve_tldr")
            yield Check("tldr_drift", "advice", "tldr", sentence, fix)


# Headings


def _headings(headings: Sequence[Heading]) -> Iterator[Check]:
    """Each level may go one deeper than the one before; the first stands under the headline."""
    above = 1
    for heading in headings:
        wanted = above + 1
        if heading.level > wanted:
            marks = "#" * wanted
            sentence = f"The heading “{heading.text}” skips a level: write it with {marks}."
            yield Check("heading_skips", "advice", "body", sentence, _raised(heading, marks), heading.line)
        above = heading.level


def _raised(heading: Heading, marks: str) -> Fix | None:
    if not heading.line.startswith("#"):
        return None
    return Fix(f"Write {marks}", "replace", marks + heading.line.lstrip("#"))


# Pictures


def _images(content: Content) -> dict[str, Image]:
    """The library’s pictures that a story names or begins with, by file name. Two queries at most."""
    names = {match.group() for match in FILE_NAME.finditer(content["body"])}
    lead = content["lead_image"]
    if not names and not lead:
        return {}
    wanted = Q(file__in=names) | Q(former_files__file__in=names) | Q(pk=lead or 0)
    images = Image.objects.filter(wanted).distinct().prefetch_related("former_files")
    return {
        str(file): image
        for image in images
        for file in (image.file, *(former.file for former in image.former_files.all()))
    }


def _pictures(content: Content, reading: Reading, images: dict[str, Image]) -> Iterator[Check]:
    lead = next((image for image in images.values() if image.pk == content["lead_image"]), None)
    if lead and lead.lacks_alt and not content.get("lead_alt"):
        yield Check("no_alt", "serious", "lead_alt", "Nobody has said what the lead picture shows.")
    by_address = {address: (name, image) for name, image in images.items() for address in addresses_of(name)}
    for shown in dict.fromkeys(reading.pictures):
        if shown.address not in by_address:
            sentence = f"The library has no picture at {shown.address}: readers see a link in its place."
            yield Check("unknown_picture", "serious", "body", sentence, find=shown.address)
        elif not shown.alt and not by_address[shown.address][1].is_decoration:
            yield _without_alt(content["body"], *by_address[shown.address])


def _without_alt(body: str, name: str, image: Image) -> Check:
    written = re.search(rf"!\[\s*\](\(\s*<?[^()\s]*{re.escape(name)})", body)
    sentence = "A picture has no description for readers who do not see it."
    if not written or not image.alt:
        return Check("no_alt", "serious", "body", sentence, find=name)
    sentence = f"{sentence} The library says “{image.alt}”."
    described = markdown_for(image, image.alt).rpartition("](")[0] + "]" + written[1]
    fix = Fix("Use the library’s description", "replace", described)
    return Check("no_alt", "serious", "body", sentence, fix, written[0])


# Links


def _links(body: str, reading: Reading, images: dict[str, Image], article: Article | None) -> Iterator[Check]:
    files = {name[:STEM] for name in images}
    for trouble in troubles(reading.links, anchors=reading.anchors, files=files, article=article):
        find = _as_written(trouble.address, body)
        sentence = f"A link to {trouble.address} {trouble.reason}"
        if trouble.instead:
            better = find.removesuffix(trouble.address) + trouble.instead
            fix = Fix(f"Link to {trouble.instead}", "replace", better) if find else None
            yield Check("link_moved", "advice", "body", sentence, fix, find)
        else:
            yield Check("link_dead", "serious", "body", sentence, find=find)


def _as_written(address: str, body: str) -> str:
    """An address with what stands before it in the source, which tells it from a longer one; or nothing."""
    return next((start + address for start in ("](", "](<", "]: ", "<") if start + address in body), "")


# Terms and acronyms


def _terms(content: Content, reading: Reading) -> Iterator[Check]:
    terms = list(Term.objects.only("name", "slug", "aliases", "status"))
    by_pk = {term.pk: term for term in terms}
    briefing = [by_pk[pk] for pk in content["terms"] if pk in by_pk]
    by_slug = {term.slug: term for term in terms}
    lacking = [by_slug[slug] for slug in mentioned(reading.tokens, terms) if by_slug[slug] not in briefing]
    yield from _acronyms(content, reading, terms, [*briefing, *lacking])
    yield from (_lacks(term) for term in lacking)
    used = mentioned_in([content["tldr"], content["headline"], reading.text], briefing)
    for term in briefing:
        if term.slug not in used:
            fix = Fix("Remove it", "remove_term", str(term.pk), term.name)
            yield Check("term_unused", "advice", "briefing", f"The story never uses “{term.name}”.", fix)
        elif not term.is_published:
            sentence = f"“{term.name}” is a draft term: readers see it once it is published."
            yield Check("term_draft", "advice", "briefing", sentence)


def _lacks(term: Term) -> Check:
    draft = "" if term.is_published else ", as a draft term"
    sentence = f"The story mentions “{term.name}”, which the glossary explains{draft}."
    return Check("term_lacking", "advice", "briefing", sentence, _add(term))


def _add(term: Term) -> Fix:
    return Fix("Add to the briefing", "add_term", str(term.pk), term.name)


def _acronyms(
    content: Content, reading: Reading, terms: Iterable[Term], defined: Iterable[Term]
) -> Iterator[Check]:
    text = f"{content['tldr']}\n{reading.text}"
    words = {word for term in defined for name in term.names for word in WORD.findall(name)}
    known = settings.PULSE_KNOWN_ACRONYMS | words | explained(text)
    by_name = {name: term for term in terms for name in term.names}
    for acronym in acronyms(text):
        if acronym in known:
            continue
        part = "body" if acronym in reading.text else "tldr"
        if term := by_name.get(acronym):
            sentence, fix = f"Nothing explains “{acronym}”. The glossary has it.", _add(term)
        else:
            sentence, fix = f"Nothing explains “{acronym}”.", Fix("New term", "new_term", acronym)
        yield Check("acronym", "advice", part, sentence, fix, acronym)


# Real-World Impact


def _impacts(impacts: list[ImpactContent], article: Article | None) -> Iterator[Check]:
    today = timezone.localdate().isoformat()  # days in this form sort as they follow each other
    outlooks = [(impact, day) for impact in impacts if (day := impact["horizon_on"])]
    has_past = any(day <= today for _, day in outlooks)
    seen = _published_horizons(article) if has_past and article else set()
    for impact, day in outlooks:
        name = f"The outlook “{Truncator(impact['text']).words(6)}”"
        if not impact["test"].strip():
            sentence = f"{name} does not say what would prove it right."
            yield Check("outlook_untested", "advice", "impacts", sentence, find=impact["text"])
        if not impact["confidence"]:
            sentence = f"{name} does not say how sure we are."
            yield Check("outlook_unsure", "advice", "impacts", sentence, find=impact["text"])
        if day <= today and (impact["id"], day) not in seen:
            written = date_format(dt.date.fromisoformat(day), "j F Y")
            sentence = f"{name} looks to {written}, which is not in the future."
            yield Check("outlook_past", "advice", "impacts", sentence, find=impact["text"])


def _published_horizons(article: Article) -> set[tuple[int | None, str | None]]:
    """The days that readers have seen on the outlooks of an article: those may pass. One query."""
    public = article.revisions.filter(live_from__isnull=False).order_by("-live_from")
    impacts = public.values_list("content__impacts", flat=True).first() or []
    return {(impact["id"], impact["horizon_on"]) for impact in impacts}
