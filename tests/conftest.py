"""What every test runs with, and the one line that names what could not run on this machine."""

import os
import threading
from collections.abc import Generator

import pytest
from django.db import connections
from pytest_django.live_server_helper import LiveServer

from tests import postgres

pytest_plugins = [
    "tests.browser",
    "tests.redis_server",
    "tests.smtp_server",
    "tests.sqlite",
    "tests.valid_html",
]

# What takes long and is the same on every database: pages and forms in depth, mail, pictures, axe, widths.
# The rules of data, what is looked for and listed, what happens at once and by the clock run on both.
ONCE = pytest.mark.skip(reason="once is enough: run with PostgreSQL")
NOT_HERE = "not on this machine: "  # how a fixture begins its reason to skip

# Playwright keeps an event loop running in the tests' thread, which Django takes for asynchronous code: it
# would refuse queries, and open a second connection that knows nothing of the rows to restore.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
connections._connections = threading.local()  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """Where `page.goto("/")` goes: every browser test runs against a live server. (Here and not in
    tests.browser, since only a conftest's fixture comes before the one of pytest-playwright.)"""
    return str(live_server.url)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run tests that really commit after the others, each with the rows that migrations seeded.

    Such a test empties the database when it ends. pytest-django puts them last too, but then pytest brings
    all browser tests forward, as they share a session's parameter.
    """
    for item in items:
        if commits(item):
            seeded = pytest.mark.django_db(transaction=True, serialized_rollback=True)
            item.add_marker(seeded, append=False)
        if item.get_closest_marker("once") and not config.option.postgres:
            item.add_marker(ONCE)
    items.sort(key=commits)


def commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", []))
    return bool(
        fixtures & {"live_server", "transactional_db"} or (marker and marker.kwargs.get("transaction"))
    )


def not_run(config: pytest.Config) -> list[str]:
    """What this run left out because the machine has not got it, in a few words each."""
    reporter = config.pluginmanager.getplugin("terminalreporter")
    reasons = {report.longrepr[2] for report in reporter.stats.get("skipped", [])}
    missing = {reason.partition(NOT_HERE)[2] for reason in reasons if NOT_HERE in reason}
    if config.option.postgres and postgres.URL not in os.environ:
        missing.add(f"the suite on PostgreSQL ({postgres.missing()})")
    return sorted(missing)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With CI=true, leaving something out is a failure; elsewhere it is a remark, even if nothing ran."""
    is_worker = hasattr(session.config, "workerinput")
    nothing_failed = exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}
    if not is_worker and nothing_failed and not_run(session.config):
        in_ci = os.environ.get("CI") == "true"
        session.exitstatus = pytest.ExitCode.TESTS_FAILED if in_ci else pytest.ExitCode.OK


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None, None, None]:
    yield
    if missing := not_run(terminalreporter.config):
        terminalreporter.write_line(f"Not run on this machine: {'; '.join(missing)}")
