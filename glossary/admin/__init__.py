"""The glossary in the admin: its terms, new ones made beside a story, and the words readers ask about."""

from glossary.admin.requests import TermRequestAdmin
from glossary.admin.terms import TermAdmin

__all__ = ["TermAdmin", "TermRequestAdmin"]
