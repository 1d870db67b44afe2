"""Whole addresses, for what leaves the site: feeds, sitemaps, social cards, data for machines."""

from urllib.parse import urljoin

from django.conf import settings


def absolute(address: str) -> str:
    """An address with its host; one that has a host already, as a picture's on a store, stays as it is."""
    return urljoin(f"{settings.BASE_URL}/", address)
