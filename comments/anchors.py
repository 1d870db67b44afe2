"""Which part of a story a comment is about, checked against the story as readers see it now."""

import hashlib

from django.conf import settings

from articles.models import Revision
from comments.models import Comment
from comments.parts import PASSAGE, TLDR, WHOLE_STORY, StoryPart, impact_name
from glossary.models import Term
from pulse.text import plain

Part = Comment.Part


def in_revision(wanted: StoryPart, live: Revision) -> StoryPart:
    """The same part of a stored revision, or the whole story if that has no such part. One query for a term.

    White space in the quoted words does not count. A longer quotation than PULSE_MAX_QUOTE_CHARS is cut.
    """
    name, text = "", ""
    match wanted.part:
        case Part.TLDR:
            name, text = TLDR, live.tldr
        case Part.IMPACT:
            found = [impact for impact in live.impacts if wanted.key == str(impact.get("id") or "-")]
            name, text = (impact_name(found[0]["lenses"]), found[0]["text"]) if found else ("", "")
        case Part.TERM:
            term = Term.objects.published().filter(revisions=live, slug=wanted.key).first()
            name, text = (term.name, f"{term.name} {term.definition}") if term else ("", "")
        case Part.SENTENCE:
            name, text = PASSAGE, plain(live.body_html) if wanted.words.strip() else ""
    return _within(wanted, name, text)


def _within(wanted: StoryPart, name: str, text: str) -> StoryPart:
    words = " ".join(wanted.words.split())
    if len(words) > settings.PULSE_MAX_QUOTE_CHARS:
        words = words[: settings.PULSE_MAX_QUOTE_CHARS]
        words = words.rpartition(" ")[0] or words
    if not text or words not in " ".join(text.split()):
        return WHOLE_STORY
    key = {Part.TLDR: "", Part.SENTENCE: _fingerprint(words)}.get(Part(wanted.part), wanted.key)
    return StoryPart(wanted.part, key, words, name)


def _fingerprint(words: str) -> str:
    """The same for everybody who marks the same words."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]
