"""How far a story has moved since its TL;DR was written or last confirmed. Pure functions."""

import hashlib
import re

BREAK = re.compile(r"\n[ \t]*\n\s*")
Basis = list[list[str | int]]


def basis(body: str) -> Basis:
    """A story's paragraphs as [hash, words]: enough to tell later how much of it is new."""
    paragraphs = [" ".join(text.split()) for text in BREAK.split(body.replace("\r\n", "\n"))]
    return [[_hash(text), len(text.split())] for text in paragraphs if text]


def drift(before: Basis | None, body: str) -> float:
    """The share of the story, from 0 to 1, that is new or gone since `before`; 0 without one."""
    now = basis(body)
    if not before or not now:
        return 0.0
    return max(_share_outside(now, before), _share_outside(before, now))


def _share_outside(paragraphs: Basis, others: Basis) -> float:
    known = {key for key, _ in others}
    words = sum(int(count) for _, count in paragraphs)
    return sum(int(count) for key, count in paragraphs if key not in known) / max(words, 1)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
