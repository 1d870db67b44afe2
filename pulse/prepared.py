"""Queries that Django puts together once: doing so takes longer than most of them take to be answered."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import QuerySet

_STAND_INS: dict[type, Callable[[int], Any]] = {
    int: lambda place: 7_360_185_000 + place,
    str: lambda place: f"the value of parameter {place}",
    dt.datetime: lambda place: dt.datetime(1971, 5, 23, 4, 5, place, tzinfo=dt.UTC),
}


class Prepared:
    """A query with parameters: `Prepared(lambda pk: Term.objects.filter(pk=pk).values_list("name"), int)`.

    It is written as any other, and put together with values that stand in for those to come. What a database
    has no type for, such as a moment on SQLite, comes back as the database has it.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *kinds: type) -> None:
        self._build, self._kinds = build, kinds
        self._ready: tuple[str, list[Any]] | None = None

    def rows(self, *values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values. One query."""
        sql, params = self._ready or self._put_together()
        given = [_adapted(value) for value in values]
        with connection.cursor() as cursor:
            cursor.execute(
                sql, [given[param.number] if isinstance(param, _Place) else param for param in params]
            )
            return cursor.fetchall()

    def _put_together(self) -> tuple[str, list[Any]]:
        stand_ins = [_STAND_INS[kind](place) for place, kind in enumerate(self._kinds)]
        sql, params = self._build(*stand_ins).query.sql_with_params()
        places = {_adapted(value): _Place(number) for number, value in enumerate(stand_ins)}
        self._ready = sql, [places.get(param, param) for param in params]
        return self._ready


class _Place:
    """Where a value goes, by its number."""

    def __init__(self, number: int) -> None:
        self.number = number


def _adapted(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, dt.datetime) else value
