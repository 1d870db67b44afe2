"""What the kernel's tests share."""

from contextlib import AbstractContextManager
from typing import Any, NoReturn

import pytest
from django.db import OperationalError, connection


@pytest.fixture
def broken_database(db: None) -> AbstractContextManager[None]:
    """`with broken_database:` every query fails as if the server had gone."""

    def fail(*args: Any) -> NoReturn:
        raise OperationalError("server closed the connection unexpectedly")

    return connection.execute_wrapper(fail)
