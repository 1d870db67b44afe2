"""The suite's SQLite database: made by the migrations once, then copied while they stay the same."""

import hashlib
import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker

from tests import ROOT


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest) -> Path:
    """Where the database is kept that these migrations make, once somebody has made it."""
    digest = hashlib.sha256()
    for path in [*sorted(ROOT.glob("*/migrations/*.py")), ROOT / "requirements/dev.txt"]:
        digest.update(path.read_bytes())
    return request.config.cache.mkdir("migrated") / f"{digest.hexdigest()[:16]}.sqlite3"


@pytest.fixture(scope="session")
def django_db_keepdb(
    request: pytest.FixtureRequest, django_db_modify_db_settings: None, migrated: Path
) -> bool:
    """Whether pytest-django finds a database: the kept one, of which only what has changed is migrated."""
    if connection.vendor != "sqlite" or not migrated.exists():
        return bool(request.config.getvalue("reuse_db"))
    shutil.copyfile(migrated, connection.settings_dict["TEST"]["NAME"])
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker, migrated: Path) -> None:
    if connection.vendor == "sqlite" and not migrated.exists():
        mine = migrated.with_suffix(f".{os.getpid()}")
        with django_db_blocker.unblock(), sqlite3.connect(mine) as kept:
            connection.ensure_connection()
            connection.connection.backup(kept)
        kept.close()
        mine.replace(migrated)
