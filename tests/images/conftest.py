"""Every test of pictures has a store of its own."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def media_root(settings: Settings, tmp_path: Path) -> Path:
    """The folder the files go to, which does not exist before the first."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"
