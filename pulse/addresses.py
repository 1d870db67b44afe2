"""Addresses: of our own pages, and whole ones for what leaves the site, such as feeds and machine data."""

from functools import lru_cache
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse


@lru_cache(maxsize=10_000)
def path_of(name: str, *args: str | int) -> str:
    """The path of one of our pages, by the name of its address. Kept: a page leads to dozens of others."""
    return reverse(name, args=args)


def absolute(address: str) -> str:
    """An address with its host; one that has a host already, as a picture's on a store, stays as it is."""
    return urljoin(f"{settings.BASE_URL}/", address)
