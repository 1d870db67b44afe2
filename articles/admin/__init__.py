"""The newsroom's side of stories, in Django's admin."""

from articles.admin import article, filing

__all__ = ["article", "filing"]
