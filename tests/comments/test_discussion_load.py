"""Many readers at once, against real worker processes, some of them killed: nothing is lost or doubled."""

import os
import subprocess
import sys

import pytest

from tests import ROOT, postgres


@pytest.mark.once
def test_nothing_acknowledged_is_missing_or_there_twice_though_workers_are_killed() -> None:
    """The bench for a few seconds, on a database of its own; its status is 1 if the rows do not agree."""
    if postgres.URL not in os.environ:
        pytest.skip(f"not on this machine: {postgres.missing()}")
    server = os.environ[postgres.URL].rpartition("/")[0]
    command = [sys.executable, "-m", "bench.discussion", "--postgres", server]
    ended = subprocess.run(
        [*command, "--readers=20", "--seconds=5", "--kills=1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Nothing acknowledged is missing, nothing is there twice" in ended.stdout
    assert " 0 comments acknowledged" not in ended.stdout
