"""The newsroom's side of stories, in Django's admin."""

from articles.admin import article, filing, pages, searches

__all__ = ["article", "filing", "pages", "searches"]
