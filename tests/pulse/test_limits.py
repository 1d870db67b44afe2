"""How often somebody may do something."""

import datetime as dt

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import call_command
from django.test import RequestFactory

from pulse import limits
from pulse.limits import HOUR, MINUTE, TooMany, address_of, count, forget_counts, of_network, of_reader

READER = of_reader(7)


@pytest.fixture(autouse=True)
def _nothing_counted():
    forget_counts()
    cache.clear()
    yield
    forget_counts()
    cache.clear()


@pytest.fixture
def clock():
    """Twenty seconds past nine."""
    with time_machine.travel(dt.datetime(2026, 11, 28, 9, 0, 20, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


def try_often(times: int, who: str = READER, **limit: int) -> list[int]:
    """The seconds to wait that each try was answered with; 0 if it was taken."""
    answers = []
    for _ in range(times):
        try:
            count("tries", who, **limit)
        except TooMany as refusal:
            answers.append(refusal.seconds)
        else:
            answers.append(0)
    return answers


def request_from(address: str, **headers: str):
    return RequestFactory(REMOTE_ADDR=address).get("/", headers=headers)


def test_one_try_too_many_waits_until_the_period_is_over(clock):
    """Retry-After is exact: just before, the next one is refused, and then it is taken."""
    assert try_often(4, most=3) == [0, 0, 0, 40]
    clock.shift(39)
    assert try_often(1, most=3) == [1]
    clock.shift(1)
    assert try_often(1, most=3) == [0]


def test_a_longer_period_is_remembered_for_as_long(clock):
    """Also by a cache that forgets what was counted after five minutes unless told otherwise."""
    assert try_often(2, most=1, within=HOUR) == [0, HOUR - 20]
    forget_counts()  # another process
    clock.shift(50 * MINUTE)
    assert try_often(1, most=1, within=HOUR) == [10 * MINUTE - 20]


@pytest.mark.django_db
def test_the_database_counts_as_well(clock, settings):
    """Where there is no Redis: in its table, which by itself keeps nothing for longer than five minutes."""
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "pulse_cache"}
    }
    call_command("createcachetable", verbosity=0)
    assert try_often(1, most=1, within=HOUR) == [0]
    forget_counts()
    clock.shift(50 * MINUTE)
    assert try_often(1, most=1, within=HOUR) == [10 * MINUTE - 20]


def test_everybody_and_everything_is_counted_apart(clock):
    """One reader's haste is nobody else's, and no other thing's."""
    assert try_often(2, most=1)[-1]
    assert try_often(1, of_reader(8), most=1) == [0]
    count("others", READER, most=1)


def test_all_processes_count_together(clock):
    """Through the cache, whichever process a try reaches."""
    answers = []
    for _ in range(4):
        forget_counts()
        answers += try_often(1, most=3)
    assert answers == [0, 0, 0, 40]


def test_steps_let_little_more_through(clock, monkeypatch):
    """With steps of ten, two processes let at most two steps through beyond the limit."""
    processes: list[dict] = [{}, {}]
    answers = []
    for number in range(60):
        monkeypatch.setattr(limits, "_counts", processes[number % 2])
        answers += try_often(1, most=25, step=10)
    assert 25 <= answers.index(40) <= 45
    assert all(answers[45:])


def test_without_a_cache_a_process_counts_for_itself(clock, monkeypatch):
    """A cache that forgets at once refuses nobody by mistake and lets nobody run wild."""
    monkeypatch.setattr("pulse.limits.cache.add", lambda *args, **kwargs: True)
    assert try_often(4, most=3) == [0, 0, 0, 40]


def test_what_a_process_remembers_is_bounded(clock, monkeypatch):
    """However many networks come by; those whose period is over go first."""
    monkeypatch.setattr(limits, "REMEMBERED", 10)
    for number in range(100):
        try_often(1, of_reader(number), most=1)
        clock.shift(1)
    assert len(limits._counts) <= 10


@pytest.mark.parametrize(
    ("seconds", "wait"),
    [
        (1, "1 second"),
        (40, "40 seconds"),
        (119, "119 seconds"),
        (121, "3 minutes"),
        (7200, "120 minutes"),
        (7201, "3 hours"),
    ],
)
def test_the_wait_is_said_in_words(seconds, wait):
    """Never shorter than it is."""
    assert TooMany(seconds).wait == wait


def test_an_ipv6_network_is_one_and_an_ipv4_address_is_itself():
    """A household has 2 to the 64 addresses; an IPv4 address stays one, however it is written."""
    assert of_network(request_from("2001:db8::1")) == of_network(request_from("2001:db8::ffff:2"))
    assert of_network(request_from("2001:db8::1")) != of_network(request_from("2001:db8:0:1::1"))
    assert of_network(request_from("::ffff:192.0.2.1")) == of_network(request_from("192.0.2.1"))
    assert of_network(request_from("192.0.2.1")) != of_network(request_from("192.0.2.2"))
    assert address_of(request_from("fe80::1%eth0")) == "fe80::1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.9", "192.0.2.1"),  # nobody of ours wrote it
        (1, "198.51.100.9, 203.0.113.5", "203.0.113.5"),
        (2, "198.51.100.9, 203.0.113.5, 10.0.0.1", "203.0.113.5"),
        (2, "10.0.0.1", "192.0.2.1"),  # past the outer proxy
        (1, "", "192.0.2.1"),
        (1, "nonsense", "unknown"),
    ],
)
def test_only_our_own_proxies_say_where_a_request_comes_from(settings, proxies, forwarded, address):
    """What the reader wrote into X-Forwarded-For stands left of what our proxies wrote."""
    settings.TRUSTED_PROXIES = proxies
    assert address_of(request_from("192.0.2.1", **{"X-Forwarded-For": forwarded})) == address
