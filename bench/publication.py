"""Checkouts to measure, and the publications they serve: made once a size, and kept."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from bench import servers

ROOT = Path(__file__).resolve().parent.parent
CACHE = Path(tempfile.gettempdir()) / "pulse-bench"
COMMENTS_A_STORY = 10
QUIETLY: dict[str, Any] = {"check": True, "stdout": subprocess.PIPE}
SECRET = "only-for-measuring"  # noqa: S105 - a key that signs nothing of value


# The site's own settings, but for the limits on one network, as all of ours come from 127.0.0.1, and on one
# reader, who says more in a minute here than anybody should.
SETTINGS = "measured_settings"
UNLIMITED = ["PULSE_SEARCHES_PER_MINUTE", "PULSE_COMMENTS_PER_NETWORK", "PULSE_COMMENTS_PER_MINUTE"]
MEASURED = "from pulse.settings import *\n\n" + "".join(f"{name} = 1_000_000_000\n" for name in UNLIMITED)


def check_out(commit: str, folder: Path) -> Path:
    """A commit's files in a folder, with this checkout's environment; "." is the working tree as it is now.

    A copy and no worktree: nothing stays behind in the repository, whatever happens to us, and nobody who
    goes on writing changes what is measured.
    """
    folder.mkdir(parents=True)
    git = ["git", "-C", str(ROOT)]
    if commit == ".":
        listed = subprocess.run([*git, "ls-files", "-co", "--exclude-standard", "-z"], **QUIETLY)
        there = [name for name in listed.stdout.split(b"\0") if name and (ROOT / os.fsdecode(name)).exists()]
        pack = ["tar", "-c", "-C", str(ROOT), "--null", "-T", "-"]
        packed = subprocess.run(pack, input=b"\0".join(there), **QUIETLY)
    else:
        packed = subprocess.run([*git, "archive", commit], **QUIETLY)
    subprocess.run(["tar", "-x", "-C", folder], input=packed.stdout, check=True)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    (folder / f"{SETTINGS}.py").write_text(MEASURED)
    return folder


@dataclass(frozen=True)
class Publication:
    """Where a publication is kept: a folder, and the address of the database if that is elsewhere."""

    folder: Path
    database: str = ""


def environment(data: Path, **settings: str) -> dict[str, str]:
    """All the site is told: what this shell or a .env says changes nothing, but for `settings`."""
    return {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "PULSE_SECRET_KEY": SECRET,
        "PULSE_DATA_DIR": str(data),
        "PULSE_DEBUG": "false",
        "PULSE_LOG_LEVEL": "WARNING",
        "PULSE_ALLOWED_HOSTS": "127.0.0.1",
        "PULSE_WORKERS": "2",
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "EMAIL_URL": "memory:",
        **settings,
    }


def manage(tree: Path, settings: Mapping[str, str], *command: str) -> None:
    subprocess.run(
        [tree / ".venv/bin/python", "manage.py", *command],
        cwd=tree,
        env={"PATH": os.environ["PATH"], **settings},
        check=True,
    )


def make(tree: Path, *, stories: int, cache: Path, postgres: str = "") -> Publication:
    """The demo publication and so many more stories, as this tree's code makes them.

    Kept under a name that changes with the migrations, so that two commits share a publication if their
    tables are alike. A hundred thousand stories take some minutes, once. `postgres`
    is the address of a PostgreSQL server, for rows there instead of in SQLite.
    """
    name = f"{stories}_{_shape(tree)}"
    database = f"{postgres.rstrip('/')}/pulse_bench_{name}" if postgres else ""
    kept = Publication(cache / "publications" / (f"{name}_postgres" if postgres else name), database)
    if (kept.folder / "whole").exists():
        return kept
    shutil.rmtree(kept.folder, ignore_errors=True)
    kept.folder.mkdir(parents=True, mode=0o700)
    if postgres:
        create_database(postgres, f"pulse_bench_{name}")
    told = environment(kept.folder, DATABASE_URL=database)
    manage(tree, told, "migrate", "--verbosity", "0")
    manage(tree, told, "createcachetable", "--verbosity", "0")
    manage(tree, told, "demo", "--if-empty")
    if stories:
        comments = stories * COMMENTS_A_STORY
        manage(tree, told, "demo", "--articles", str(stories), "--comments", str(comments))
    (kept.folder / "whole").touch()
    return kept


def create_database(server: str, name: str) -> None:
    """An empty database of this name: one that was left unfinished is dropped."""
    connection = psycopg2.connect(f"{server.rstrip('/')}/postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    connection.close()


def lend(kept: Publication, folder: Path, tree: Path, **settings: str) -> dict[str, str]:
    """What a server is told that serves a kept publication, from a data folder of its own: the same rows and
    pictures, but its own style sheets and whatever else it writes."""
    folder.mkdir(parents=True)
    for name in ("pulse.sqlite3", "media"):
        if (kept.folder / name).exists():
            (folder / name).symlink_to(kept.folder / name)
    told = environment(folder, DATABASE_URL=kept.database, **settings)
    manage(tree, told, "collectstatic", "--no-input", "--verbosity", "0")
    return told


def compose(tree: Path, told: Mapping[str, str], *, most: int) -> None:
    """Have the pages made that this version keeps in the database, if it is one that does: the newest."""
    if (tree / "articles/management/commands/compose.py").exists():
        manage(tree, told, "compose", "--limit", str(most))


@contextmanager
def served(cache: Path, *, commit: str = ".") -> Iterator[servers.Server]:
    """The site over the demo publication, for as long as somebody looks at it."""
    with tempfile.TemporaryDirectory(prefix="pulse-bench-") as folder:
        tree = check_out(commit, Path(folder) / "tree")
        kept = make(tree, stories=0, cache=cache)
        with servers.site(tree, lend(kept, Path(folder) / "data", tree)) as server:
            yield server


def _shape(tree: Path) -> str:
    """A short digest of the migrations: versions with the same tables share a publication."""
    digest = hashlib.sha256()
    for path in sorted(tree.glob("*/migrations/*.py")):
        digest.update(path.relative_to(tree).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:10]
