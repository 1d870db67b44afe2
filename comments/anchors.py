"""Which part of a story a comment is about, checked against the story as readers see it now.

A part is written `tldr`, `impact:12` (the row of the impact) or `term:kv-cache` in the address of a link
“Comment on this”: `?about=impact:12#comment`. A sentence has no address; it comes with the words themselves.
"""

import hashlib
from dataclasses import dataclass, replace

from django.conf import settings

from articles.models import Revision
from articles.stories import Story
from comments.models import Comment
from glossary.models import Term
from pulse.text import plain

Part = Comment.Part


@dataclass(frozen=True)
class Anchor:
    """A part of a story: which, which one of these, and the words meant. Without a part: the whole story."""

    part: str = ""
    key: str = ""
    quote: str = ""
    name: str = ""  # what readers call it, once it has been found

    @property
    def address(self) -> str:
        """How `?about=` names it; empty for a sentence and for the whole story."""
        if self.part in {Part.IMPACT, Part.TERM}:
            return f"{self.part}:{self.key}"
        return str(self.part) if self.part == Part.TLDR else ""


WHOLE_STORY = Anchor()


def parse(about: str) -> Anchor:
    """The part that `?about=` names, whether there is one or not."""
    part, _, key = about.partition(":")
    return Anchor(part, key) if part in {Part.TLDR, Part.IMPACT, Part.TERM} else WHOLE_STORY


def in_revision(wanted: Anchor, live: Revision) -> Anchor:
    """The same part of a stored revision, or the whole story if that has no such part. One query for a term.

    White space in the quoted words does not count. A longer quotation than PULSE_MAX_QUOTE_CHARS is cut.
    """
    name, text = "", ""
    match wanted.part:
        case Part.TLDR:
            name, text = "the TL;DR", live.tldr
        case Part.IMPACT:
            found = [impact for impact in live.impacts if wanted.key == str(impact.get("id") or "-")]
            name, text = (_impact_name(found[0]["lenses"]), found[0]["text"]) if found else ("", "")
        case Part.TERM:
            term = Term.objects.published().filter(revisions=live, slug=wanted.key).first()
            name, text = (term.name, f"{term.name} {term.definition}") if term else ("", "")
        case Part.SENTENCE:
            name, text = "a passage of the story", plain(live.body_html) if wanted.quote.strip() else ""
    return _within(wanted, name, text)


def in_story(wanted: Anchor, story: Story) -> Anchor:
    """The same for a link on a story's page, which has read all this already. No query."""
    name = ""
    match wanted.part:
        case Part.TLDR if story.tldr:
            name = "the TL;DR"
        case Part.IMPACT:
            names = [_impact_name(impact.lenses) for impact in story.impacts if impact.key == wanted.key]
            name = names[0] if wanted.key and names else ""
        case Part.TERM:
            name = next((term.name for term in story.terms if term.slug == wanted.key), "")
    return replace(wanted, name=name, quote="") if name else WHOLE_STORY


def _within(wanted: Anchor, name: str, text: str) -> Anchor:
    quote = " ".join(wanted.quote.split())
    if len(quote) > settings.PULSE_MAX_QUOTE_CHARS:
        quote = quote[: settings.PULSE_MAX_QUOTE_CHARS]
        quote = quote.rpartition(" ")[0] or quote
    if not text or quote not in " ".join(text.split()):
        return WHOLE_STORY
    key = {Part.TLDR: "", Part.SENTENCE: _fingerprint(quote)}.get(Part(wanted.part), wanted.key)
    return Anchor(wanted.part, key, quote, name)


def _impact_name(lenses: list[str]) -> str:
    return f"Real-World Impact: {' · '.join(lenses)}" if lenses else "Real-World Impact"


def _fingerprint(words: str) -> str:
    """The same for everybody who marks the same words."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]
