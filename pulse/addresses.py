"""Addresses: of our own pages, and whole ones for what leaves the site, such as feeds and machine data."""

from functools import lru_cache
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

KEY_DIGITS = 18  # every database can hold a number of so many as a row's key


@lru_cache(maxsize=10_000)
def path_of(name: str, *args: str | int) -> str:
    """The path of one of our pages, by the name of its address. Kept: a page leads to dozens of others."""
    return reverse(name, args=args)


def absolute(address: str) -> str:
    """An address with its host; one that has a host already, as a picture's on a store, stays as it is."""
    return urljoin(f"{settings.BASE_URL}/", address)


def is_number(text: str, most_digits: int = KEY_DIGITS) -> bool:
    """Whether what an address or a form says is a whole number, as a row's key is, and not too long."""
    return text.isascii() and text.isdigit() and len(text) <= most_digits
