"""The shared cache on Redis, which the site can live without."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache

logger = logging.getLogger(__name__)
PATIENCE = 1  # seconds; a Redis that hangs must not hang the site


class ForgivingRedisCache(RedisCache):
    """Django's RedisCache, but a Redis that does not answer is a miss and a log line instead of a 500."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        waits = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
        super().__init__(server, {**params, "OPTIONS": waits | params.get("OPTIONS", {})})

    def _forgive(self, default: Any, call: Callable[[], Any]) -> Any:
        from redis.exceptions import RedisError  # the redis package is an extra

        try:
            return call()
        except RedisError as error:
            logger.warning("Redis does not answer, going on without it: %s", error)
            return default

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive(True, lambda: super(ForgivingRedisCache, self).add(*args, **kwargs))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._forgive(default, lambda: super(ForgivingRedisCache, self).get(key, default, version))

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive(None, lambda: super(ForgivingRedisCache, self).set(*args, **kwargs))

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive(False, lambda: super(ForgivingRedisCache, self).touch(*args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive(False, lambda: super(ForgivingRedisCache, self).delete(*args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive({}, lambda: super(ForgivingRedisCache, self).get_many(*args, **kwargs))

    def set_many(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        return self._forgive(
            list(data), lambda: super(ForgivingRedisCache, self).set_many(data, *args, **kwargs)
        )

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive(None, lambda: super(ForgivingRedisCache, self).delete_many(*args, **kwargs))

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._forgive(False, lambda: super(ForgivingRedisCache, self).has_key(*args, **kwargs))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> Any:
        return self._forgive(delta, lambda: super(ForgivingRedisCache, self).incr(key, delta, version))
