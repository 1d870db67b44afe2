"""Acronyms in a text, and which of them the text itself writes out. Pure functions."""

import re

# Two to six capitals and digits, two of them capitals at least, perhaps with a plural s: GPU, GPUs, HBM3E.
ACRONYM = re.compile(r"(?<![\w.@#&/-])(?=[A-Z0-9]*[A-Z][A-Z0-9]*[A-Z])([A-Z][A-Z0-9]{1,5})(?=s?(?![\w&@]))")
ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
ROMAN = re.compile(r"(?=[XVI])X{0,3}(?:IX|IV|V?I{0,3})")
AFTER_WORDS = r"\w[”’\"']? \(([A-Z][A-Z0-9]{1,5})s?\)"
BEFORE_WORDS = r"\b([A-Z][A-Z0-9]{1,5})s? \([^\W\d_]+[\s-]+\w"
EXPLAINED = re.compile(f"{AFTER_WORDS}|{BEFORE_WORDS}")


def acronyms(text: str) -> list[str]:
    """The acronyms of a text, each once and in the singular, in order. Numbers such as XIV are none."""
    found = dict.fromkeys(match[1] for match in ACRONYM.finditer(ADDRESS.sub(" ", text)))
    return [acronym for acronym in found if not ROMAN.fullmatch(acronym)]


def explained(text: str) -> set[str]:
    """Those that a text writes out once: “graphics processing unit (GPU)” or “GPU (graphics …)”."""
    return {match[1] or match[2] for match in EXPLAINED.finditer(text)}
