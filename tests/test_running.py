"""The tests' own machinery: a browser's complaints are seen, and what cannot run is never passed over."""

import os
import subprocess
import sys

import pytest

from tests import ROOT

pytestmark = pytest.mark.once

COMPLAINTS = {
    "console: lost the thread": "console.error('lost the thread')",
    "console: careful": "console.warn('careful')",
    "script: .*nowhere": "setTimeout(() => nowhere.to.be.found())",
    "response: 404 GET .*/no-such-page/": "fetch('/no-such-page/')",
    "console: .*Content Security Policy": "document.body.setAttribute('style', 'color: red')",
}


@pytest.mark.browser
@pytest.mark.parametrize("complaint", COMPLAINTS)
def test_browser_complaints_are_seen(page, troubles, complaint):
    """Each kind of complaint fails a test, unless the test allows it by name."""
    page.goto("/healthz")
    page.goto("/accounts/login/")
    page.evaluate(f"() => {{ {COMPLAINTS[complaint]} }}")
    for _ in range(100):  # ten seconds on a machine that is busy, none on one that is not
        if troubles.unexpected():
            break
        page.wait_for_timeout(100)
    assert troubles.unexpected()
    troubles.allow(complaint)
    assert troubles.unexpected() == []


@pytest.mark.browser
def test_quiet_page_makes_no_complaint(page, troubles):
    """The watch itself sees nothing in a page that is in order."""
    page.goto("/accounts/login/")
    assert troubles.seen == []


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_what_cannot_run_is_named_and_fails_in_ci(ci, status):
    """Without Redis its tests are skipped with one line at the end, and CI does not accept that."""
    test = "tests/pulse/test_cache.py::test_redis_fixture_really_stops_its_server"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", test],
        cwd=ROOT,
        env={**os.environ, "PATH": "/nowhere", "CI": ci},
        capture_output=True,
        text=True,
    )
    assert run.returncode == status
    assert "Not run on this machine: Redis tests (no redis-server)" in run.stdout
