"""deploy/backup.py: what was saved comes back whole, and nothing that is there is overwritten."""

import os
import sqlite3
import stat
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from tests import ROOT, postgres

SCRIPT = ROOT / "deploy/backup.py"
Place = dict[str, str]  # the environment of one installation of the site


def backup(place: Place, verb: str, path: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), verb, str(path)]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "pulse.settings", **place}
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def run_sql(place: Place, *statements: str) -> list[tuple[str, ...]]:
    """Run statements in a place's database; the rows of the last one."""
    if url := place["DATABASE_URL"]:
        connection = psycopg2.connect(url)
    else:
        connection = sqlite3.connect(Path(place["PULSE_DATA_DIR"]) / "pulse.sqlite3")
    cursor = connection.cursor()
    for statement in statements:
        cursor.execute(statement)
    rows = cursor.fetchall() if cursor.description else []
    connection.commit()
    connection.close()
    return rows


@pytest.fixture
def places(tmp_path: Path) -> Iterator[tuple[Place, Place]]:
    """Two installations on the kind of database that this run is on: one in use, one new."""
    names = [f"backup_{os.getpid()}_{number}" for number in (1, 2)]
    server = os.environ.get(postgres.URL)
    urls = [f"{server.rpartition('/')[0]}/{name}" if server else "" for name in names]
    in_use, new = (
        {"PULSE_DATA_DIR": str(tmp_path / n), "DATABASE_URL": u} for n, u in zip("ab", urls, strict=True)
    )
    if server:
        administer(server, *(f"CREATE DATABASE {name}" for name in names))
    (tmp_path / "a/media").mkdir(parents=True)
    (tmp_path / "a/media/picture.jpg").write_bytes(b"\xff\xd8")
    run_sql(in_use, "CREATE TABLE story (headline text)", "INSERT INTO story VALUES ('Ångström')")
    yield in_use, new
    if server:
        administer(server, *(f"DROP DATABASE {name}" for name in names))


def administer(server: str, *statements: str) -> None:
    connection = psycopg2.connect(server)
    connection.autocommit = True
    for statement in statements:
        connection.cursor().execute(statement)
    connection.close()


def test_backup_comes_back_whole(places, tmp_path):
    """Saved here and restored there: the same rows, the same pictures."""
    in_use, new = places
    archive = Path(backup(in_use, "save", tmp_path / "backups").stdout.strip())
    restored = backup(new, "restore", archive)
    assert restored.returncode == 0, restored.stderr
    assert run_sql(new, "SELECT headline FROM story") == [("Ångström",)]
    assert (tmp_path / "b/media/picture.jpg").read_bytes() == b"\xff\xd8"


def test_backup_is_read_by_its_owner_alone(places, tmp_path):
    """It holds every account: mode 600, and nothing half written left beside it."""
    archive = Path(backup(places[0], "save", tmp_path / "backups").stdout.strip())
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    assert list((tmp_path / "backups").iterdir()) == [archive]


def test_backup_of_nothing_is_an_error(places, tmp_path):
    """A wrong PULSE_DATA_DIR or DATABASE_URL is said, instead of saving an empty file every night."""
    nowhere = {"PULSE_DATA_DIR": str(tmp_path / "nowhere"), "DATABASE_URL": ""}
    if places[0]["DATABASE_URL"]:
        nowhere["DATABASE_URL"] = places[0]["DATABASE_URL"] + "_nowhere"
    refused = backup(nowhere, "save", tmp_path / "backups")
    assert refused.returncode != 0
    assert "nowhere" in refused.stderr
    assert not (tmp_path / "nowhere").exists()
    assert list((tmp_path / "backups").iterdir()) == []


def test_backup_never_overwrites_a_database(places, tmp_path):
    """Restoring over a site in use is refused with a sentence, and the site stays as it was."""
    in_use, _ = places
    archive = Path(backup(in_use, "save", tmp_path / "backups").stdout.strip())
    run_sql(in_use, "UPDATE story SET headline = 'Newer'")
    (tmp_path / "a/media/picture.jpg").unlink()
    refused = backup(in_use, "restore", archive)
    assert refused.returncode != 0
    assert "already exists" in refused.stderr
    assert run_sql(in_use, "SELECT headline FROM story") == [("Newer",)]


def test_backup_never_overwrites_pictures(places, tmp_path):
    """A folder that holds pictures is left alone, and the database beside it too."""
    in_use, new = places
    archive = Path(backup(in_use, "save", tmp_path / "backups").stdout.strip())
    (tmp_path / "b/media").mkdir(parents=True)
    (tmp_path / "b/media/mine.jpg").touch()
    refused = backup(new, "restore", archive)
    assert refused.returncode != 0
    assert "already holds pictures" in refused.stderr
    assert not (tmp_path / "b/pulse.sqlite3").exists()


def test_backup_of_another_database_is_refused(places, tmp_path):
    """An archive from SQLite does not go into PostgreSQL, nor the other way round."""
    archive = tmp_path / "foreign.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(__file__, "database.other")
    refused = backup(places[1], "restore", archive)
    assert refused.returncode != 0
    assert "another kind of database" in refused.stderr
