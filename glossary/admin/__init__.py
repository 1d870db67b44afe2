"""The glossary in the admin: its terms, and new ones made beside a story."""

from glossary.admin.terms import TermAdmin

__all__ = ["TermAdmin"]
