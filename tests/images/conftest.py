"""Every test of pictures has a store of its own, and nobody has sent any yet."""

from pathlib import Path

import pytest
from django.core.cache import cache
from pytest_django import Settings


@pytest.fixture(autouse=True)
def media_root(settings: Settings, tmp_path: Path) -> Path:
    """The folder the files go to, which does not exist before the first."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture(autouse=True)
def nothing_sent() -> None:
    """The limit on uploads counts in the cache."""
    cache.clear()
