"""The shared cache, with a Redis that works, one that is gone and one that hangs."""

import time

import pytest
from redis.exceptions import ConnectionError

from pulse import cache as pulse_cache
from pulse.cache import ForgivingRedisCache

pytestmark = pytest.mark.redis


@pytest.fixture
def cache(redis_server):
    return ForgivingRedisCache(redis_server.url, {})


def test_cache_keeps_what_it_is_given(cache):
    """With Redis up it is Django's RedisCache and nothing else."""
    cache.set("story", {"headline": "Ångström"}, 60)
    assert cache.get("story") == {"headline": "Ångström"}
    assert cache.add("story", "other") is False
    assert cache.has_key("story")
    assert cache.incr("count", 1) if cache.add("count", 1) else False
    assert cache.get("count") == 2
    assert cache.get_many(["story", "count", "none"]).keys() == {"story", "count"}
    assert cache.delete("story") is True
    assert cache.get("story", "gone") == "gone"


# What each call answers without Redis: as if nothing had been kept.
WITHOUT = [
    (lambda cache: cache.get("a", "default"), "default"),
    (lambda cache: cache.set("a", 1), None),
    (lambda cache: cache.add("a", 1), True),
    (lambda cache: cache.touch("a"), False),
    (lambda cache: cache.delete("a"), False),
    (lambda cache: cache.has_key("a"), False),
    (lambda cache: cache.incr("a", 3), 3),
    (lambda cache: cache.get_many(["a"]), {}),
    (lambda cache: cache.set_many({"a": 1}), ["a"]),
    (lambda cache: cache.delete_many(["a"]), None),
    (lambda cache: cache.get_or_set("a", 5), 5),
    (lambda cache: "a" in cache, False),
]


def test_cache_without_redis_forgets_and_says_so(cache, redis_server, caplog):
    """A stopped Redis is a miss and a line in the log, whatever is asked of it; never an exception."""
    cache.set("a", 1)
    redis_server.stop()
    for ask, answer in WITHOUT:
        caplog.clear()
        assert ask(cache) == answer
        assert "Redis does not answer" in caplog.text


def test_cache_works_again_when_redis_is_back(cache, redis_server):
    """No restart of the site after a restart of Redis."""
    cache.set("a", 1)
    redis_server.stop()
    assert cache.get("a") is None
    redis_server.start()
    cache.set("a", 2)
    assert cache.get("a") == 2


def test_cache_does_not_wait_for_a_redis_that_hangs(redis_server, monkeypatch):
    """A frozen Redis costs a call its patience, not redis-py's longer wait."""
    monkeypatch.setattr(pulse_cache, "PATIENCE", 0.2)
    cache = ForgivingRedisCache(redis_server.url, {})
    cache.set("a", 1)
    redis_server.freeze()
    started = time.monotonic()
    assert cache.get("a") is None
    assert time.monotonic() - started < 2


def test_redis_fixture_really_stops_its_server(redis_server):
    """Django's own cache fails without the server: what the tests above see is forgiveness, not luck."""
    from django.core.cache.backends.redis import RedisCache

    strict = RedisCache(redis_server.url, {})
    strict.set("a", 1)
    redis_server.stop()
    with pytest.raises(ConnectionError):
        strict.get("a")
