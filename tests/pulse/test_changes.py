"""Changes on their way: counted in memory that processes share, read by other machines, told to a network."""

import datetime as dt
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from django.utils import timezone

from pulse import changes, tags
from pulse.changes import Follower, Plans, forget_old, purge
from pulse.counters import Counters, place
from pulse.models import Change
from pulse.tags import changed


@pytest.fixture
def own(monkeypatch: Any) -> Counters:
    """A map of the test's own in place of the machine's."""
    counters = Counters(None)
    for module in (changes, tags):
        monkeypatch.setattr(module, "counters", lambda: counters)
    return counters


def has_changed(counters: Counters, *names: str) -> bool:
    return counters.has_changed([place(name) for name in names], since=0)


# Counting


def test_a_change_is_one_of_its_tags_and_of_no_other(tmp_path: Path) -> None:
    counters = Counters(tmp_path / "map")
    counters.apply(1, ["article:1", "stories"])
    assert has_changed(counters, "article:1")
    assert has_changed(counters, "article:9", "stories")
    assert not has_changed(counters, "article:2", "glossary")


def test_a_page_begun_after_a_change_knows_it(tmp_path: Path) -> None:
    counters = Counters(tmp_path / "map")
    counters.apply(1, ["article:1"])
    assert not counters.has_changed([place("article:1")], since=counters.generation)


def test_two_maps_of_one_file_are_one(tmp_path: Path) -> None:
    here, there = Counters(tmp_path / "map"), Counters(tmp_path / "map")
    here.apply(7, ["article:1"])
    assert has_changed(there, "article:1")
    assert there.has_applied(7)
    assert not there.has_applied(8)


APPLY = """
import sys
from pathlib import Path
from pulse.counters import Counters
counters, first = Counters(Path(sys.argv[1])), int(sys.argv[2])
for number in range(first, first + 500):
    counters.apply(number, [f"article:{number}"])
"""


def test_four_processes_counting_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "map"
    processes = [
        subprocess.Popen([sys.executable, "-c", APPLY, path, str(1 + number * 500)]) for number in range(4)
    ]
    assert [process.wait() for process in processes] == [0] * 4
    counters = Counters(path)
    assert counters.generation == 2_000
    assert all(has_changed(counters, f"article:{number}") for number in range(1, 2_001))


def test_without_a_place_to_write_a_process_counts_for_itself(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    counters = Counters(tmp_path / "file" / "map")
    counters.apply(1, ["article:1"])
    assert has_changed(counters, "article:1")


# What a verb says


@pytest.mark.django_db(transaction=True)
def test_a_change_counts_when_its_transaction_commits(own: Counters) -> None:
    with transaction.atomic():
        changed("article:1")
        assert not has_changed(own, "article:1")
    assert has_changed(own, "article:1")


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_was_none(own: Counters) -> None:
    with transaction.atomic():
        changed("article:1")
        transaction.set_rollback(True)
    assert not has_changed(own, "article:1")
    assert not Change.objects.exists()


# What another machine reads


@pytest.mark.django_db
def test_another_machine_applies_a_change_once(own: Counters) -> None:
    Change.objects.create(tags="article:1 stories")
    follower = Follower()
    follower.look()
    follower.look()
    assert has_changed(own, "article:1")
    assert has_changed(own, "stories")
    assert own.generation == 1


@pytest.mark.django_db
def test_a_change_that_commits_after_a_later_one_is_not_missed(own: Counters) -> None:
    follower = Follower()
    late, early = Change.objects.create(tags="article:2"), Change.objects.create(tags="article:1")
    Change.objects.filter(pk=late.pk).delete()
    follower.look()
    assert not has_changed(own, "article:2")
    Change.objects.create(pk=late.pk, tags="article:2")
    follower.look()
    assert has_changed(own, "article:2")
    assert early.pk > late.pk


@pytest.mark.django_db
def test_what_is_known_for_long_is_not_read_again(own: Counters, django_assert_num_queries: Any) -> None:
    old = Change.objects.create(tags="article:1", made_at=timezone.now() - dt.timedelta(minutes=10))
    follower = Follower()
    follower.look()
    assert follower._after == old.pk
    with django_assert_num_queries(1):
        follower.look()


@pytest.mark.django_db
def test_changes_are_forgotten_after_a_day() -> None:
    Change.objects.create(tags="old", made_at=timezone.now() - dt.timedelta(days=2))
    Change.objects.create(tags="new")
    forget_old()
    assert list(Change.objects.values_list("tags", flat=True)) == ["new"]


# A delivery network


class Network(BaseHTTPRequestHandler):
    heard: list[tuple[str | None, Any]] = []
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((self.headers["Authorization"], json.loads(body)))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def network() -> Iterator[type[Network]]:
    Network.heard, Network.status = [], 200
    server = HTTPServer(("127.0.0.1", 0), Network)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with override_settings(CDN_PURGE_URL=f"http://127.0.0.1:{server.server_port}/", CDN_PURGE_TOKEN="secret"):
        yield Network
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.django_db
def test_a_delivery_network_hears_each_change_once(network: type[Network]) -> None:
    Change.objects.create(tags="article:1 stories")
    Change.objects.create(tags="article:1 article:2")
    purge()
    purge()
    assert network.heard == [("Bearer secret", {"tags": ["article:1", "article:2", "stories"]})]


@pytest.mark.django_db
def test_a_delivery_network_that_fails_is_told_again(network: type[Network]) -> None:
    Change.objects.create(tags="article:1")
    network.status = 503
    with pytest.raises(OSError, match="503"):
        purge()
    network.status = 200
    purge()
    assert len(network.heard) == 2
    assert not Change.objects.filter(purged_at=None).exists()


@pytest.mark.django_db
def test_without_a_delivery_network_nobody_is_told() -> None:
    Change.objects.create(tags="article:1")
    assert purge() is False


# What is planned

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def test_a_page_ends_at_the_first_moment_that_changes_it_and_at_midnight_at_the_latest() -> None:
    plans = Plans()
    hours = {"article:1": 3, "article:2": 2, "article:3": 30}
    plans.ask(lambda: [(NOON + dt.timedelta(hours=h), frozenset({tag})) for tag, h in hours.items()])

    def hours_left(*shown: str) -> float:
        return (plans.next_change(set(shown), after=NOON.timestamp()) - NOON.timestamp()) / 3_600

    assert hours_left("article:1") == 3
    assert hours_left("article:1", "article:2") == 2
    assert hours_left("article:3") == 12
    assert hours_left("glossary") == 12


def test_midnight_is_the_newsrooms() -> None:
    with override_settings(TIME_ZONE="Asia/Tokyo"), time_machine.travel(NOON):
        plans = Plans()
        plans.ask(list)
        assert plans.next_change(set(), after=NOON.timestamp()) - NOON.timestamp() == 3 * 3_600
