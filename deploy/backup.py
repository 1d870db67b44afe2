"""Keep the whole publication, database and pictures, in one file, and bring it back.

    .venv/bin/python deploy/backup.py save /var/backups/pulse
    .venv/bin/python deploy/backup.py restore /var/backups/pulse/pulse-20261120-031500.tar.gz

Where the data is, the site's own settings say. The site may be running while it is saved. Restoring fills an
empty place and never overwrites: it refuses a database or a folder of pictures that already holds something.
"""

import argparse
import os
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pulse.settings")

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.backends.postgresql.client import DatabaseClient  # noqa: E402

DATABASE = connection.settings_dict
IS_SQLITE = connection.vendor == "sqlite"
NAME = "database.sqlite3" if IS_SQLITE else "database.dump"  # inside the archive
MEDIA = Path(settings.MEDIA_ROOT)


def save(folder: Path) -> Path:
    """Write a new archive into a folder and return its path. Only its owner may read it."""
    os.umask(0o077)
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"pulse-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar.gz"
    unfinished = archive.with_suffix(".part")
    with tempfile.TemporaryDirectory(dir=folder) as work:
        # The database first: a picture's files are there before its row, so no row is without its files.
        dump(Path(work) / NAME)
        with tarfile.open(unfinished, "w:gz", compresslevel=3) as tar:
            tar.add(Path(work) / NAME, NAME)
            if MEDIA.is_dir():
                tar.add(MEDIA, "media")
    return unfinished.rename(archive)


def restore(archive: Path) -> None:
    """Fill the empty database and the empty folder of pictures from an archive."""
    with tarfile.open(archive) as tar:
        # Nothing may leave the folder it is unpacked into. Python before 3.11.4 cannot watch over that.
        tar.extraction_filter = getattr(tarfile, "data_filter", None)
        if NAME not in tar.getnames():
            sys.exit(f"{archive} was saved from another kind of database than DATABASE_URL names.")
        if MEDIA.is_dir() and any(MEDIA.iterdir()):
            sys.exit(f"{MEDIA} already holds pictures. Move it away, then restore.")
        with tempfile.TemporaryDirectory() as work:
            tar.extract(NAME, work)
            load(Path(work) / NAME)
        MEDIA.parent.mkdir(parents=True, exist_ok=True)
        pictures = [member for member in tar.getmembers() if member.name.split("/")[0] == "media"]
        for member in pictures:
            member.name = str(Path(member.name).relative_to("media"))
        tar.extractall(MEDIA, pictures)  # noqa: S202, see extraction_filter above


def dump(file: Path) -> None:
    if IS_SQLITE:
        copy_sqlite(Path(DATABASE["NAME"]), file)
    else:
        run_with_database("pg_dump", "--format=custom", "--no-owner", f"--file={file}")


def load(file: Path) -> None:
    if IS_SQLITE:
        target = Path(DATABASE["NAME"])
        if target.exists():
            sys.exit(f"{target} already exists. Move it away, then restore.")
        target.parent.mkdir(parents=True, exist_ok=True)
        copy_sqlite(file, target)
    else:
        # One transaction: a table that is already there stops it, and nothing has changed.
        run_with_database("pg_restore", "--single-transaction", "--no-owner", str(file))


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy page by page, as the database stands at one moment, while others read and write it."""
    if not source.exists():
        sys.exit(f"There is no database at {source}.")
    with closing(sqlite3.connect(source)) as reader, closing(sqlite3.connect(target)) as writer:
        reader.backup(writer)


def run_with_database(program: str, *options: str) -> None:
    """Run one of PostgreSQL's programs on our database. The password goes by the environment."""
    (_, *address, name), environment = DatabaseClient.settings_to_cmd_args_env(DATABASE, [])
    command = [program, *address, f"--dbname={name}", *options]
    try:
        done = subprocess.run(command, env={**os.environ, **(environment or {})})
    except FileNotFoundError:
        sys.exit(f"{program} is not installed (Debian: postgresql-client).")
    if done.returncode:
        sys.exit(f"{program} failed; what it says stands above.")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("verb", choices=["save", "restore"])
    parser.add_argument("path", type=Path, help="the folder to save into, or the archive to restore")
    arguments = parser.parse_args()
    if arguments.verb == "save":
        print(save(arguments.path))
    else:
        restore(arguments.path)
        print("Restored. Run `manage.py migrate` if the site is newer than the archive.")
