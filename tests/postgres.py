"""`pytest --postgres`: the suite on a PostgreSQL cluster of its own, made for the run and removed after it.

Nothing but the server's binaries has to be installed, and no running server is touched. Set
PULSE_TEST_DATABASE_URL to use a database server of your own instead.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

URL = "PULSE_TEST_DATABASE_URL"

# Run by a shell that outlives us by one breath: however the test run ends, even killed, the end of its
# input is the sign to stop the server and remove the directory. Only the owner of the directory can reach
# the socket in it, so the cluster asks for no password and listens on no port.
KEEPER = """
set -e
PATH="$1:$PATH"
directory=$(mktemp -d /tmp/pulse-postgres-XXXXXX)
clean_up() {
    pg_ctl --pgdata="$directory/data" --mode=immediate stop >/dev/null 2>&1 || true
    rm -rf "$directory"
}
trap '' INT TERM HUP
trap clean_up EXIT
initdb --pgdata="$directory/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync
pg_ctl --pgdata="$directory/data" --log="$directory/log" --wait start --options="\\
    -k '$directory' -c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
echo "listening in $directory"
read -r _ || true
"""


def find_binaries() -> Path | None:
    """The directory of initdb, pg_ctl and postgres: from PATH, or else Debian's newest."""
    on_path = shutil.which("pg_ctl")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))
    for directory in candidates:
        if all((directory / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return directory
    return None


def missing() -> str | None:
    """Why no cluster can be started here, or None."""
    if not find_binaries():
        return "no PostgreSQL server"
    if os.geteuid() == 0 and not _has_postgres_user():
        return "PostgreSQL refuses to run as root and there is no user postgres"
    return None


def _has_postgres_user() -> bool:
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        return False
    return True


@contextmanager
def throwaway_cluster() -> Iterator[str]:
    """The URL of a new, empty cluster, which is gone when the block is left. Takes about two seconds."""
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    keeper = subprocess.Popen(
        [*as_owner, "sh", "-c", KEEPER, "keeper", str(find_binaries())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",  # the user postgres may not be allowed into the checkout
        start_new_session=True,  # Ctrl-C is for us, not for the server
    )
    assert keeper.stdout is not None
    said = []
    for line in keeper.stdout:
        said.append(line)
        if line.startswith("listening in "):
            break
    else:
        raise pytest.UsageError("PostgreSQL did not start:\n" + "".join(said))
    directory = said[-1].removeprefix("listening in ").strip()
    try:
        yield f"postgres://postgres@{quote(directory, safe='')}/postgres"
    finally:
        keeper.communicate()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgres", action="store_true", help="Run on a throw-away PostgreSQL, not on SQLite.")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Start the cluster before pytest-django reads the settings. xdist's workers inherit its address."""
    if early_config.known_args_namespace.postgres and URL not in os.environ and not missing():
        stack = ExitStack()
        early_config.add_cleanup(stack.close)
        os.environ[URL] = stack.enter_context(throwaway_cluster())
    return (yield)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without a server, `--postgres` runs nothing, instead of passing on SQLite."""
    if config.option.postgres and URL not in os.environ:
        config.hook.pytest_deselected(items=items)
        items.clear()
