"""What the kernel's tests share."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, NoReturn

import pytest
import time_machine
from django.db import OperationalError, connection
from django.utils import timezone


@pytest.fixture
def broken_database(db: None) -> AbstractContextManager[None]:
    """`with broken_database:` every query fails as if the server had gone."""

    def fail(*args: Any) -> NoReturn:
        raise OperationalError("server closed the connection unexpectedly")

    return connection.execute_wrapper(fail)


@pytest.fixture
def clock() -> Iterator[Any]:
    """Now, and no later until it is moved."""
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller
