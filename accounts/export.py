"""Everything the site knows of somebody, for them to take away: a zip with a JSON file and a page to read.

Each app says its part: a name and a function from the user to plain data. Nothing of the export is kept.
"""

import json
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import TextIOWrapper
from itertools import islice
from typing import IO, Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User

Row = Mapping[str, Any]
Rows = Callable[[User], Iterable[Row]]

IN_MEMORY = 2_000_000  # bytes of an export, from which on it is a file until it has been sent
AT_ONCE = 200  # rows made into HTML together
HERE = "[the parts]"  # where they go into the page
_parts: dict[str, Rows] = {}


def part(name: str, rows: Rows) -> None:
    """Have an export hold these rows under a name such as “comments”, in the order in which apps say so.

    A row is plain data, ready for JSON: text, numbers, dates, lists, and further rows; its keys are what
    readers see, “written_at” as “Written at”. It tells of its owner and of nobody else. Rows come from an
    iterator where there can be many: they are read twice, and never all at once.
    """
    _parts[name] = rows


def export(user: User) -> IO[bytes]:
    """A zip with pulse-data.json and pulse-data.html, at its beginning. Two queries or so for each part."""
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed once it is sent
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with _text(archive, "pulse-data.json") as out:
            out.writelines(_json(user))
        with _text(archive, "pulse-data.html") as out:
            out.writelines(_html(user))
        archive.write(str(finders.find("css/export.css")), "pulse-data.css")
    file.seek(0)
    return file


@contextmanager
def _text(archive: zipfile.ZipFile, name: str) -> Iterator[TextIOWrapper]:
    with archive.open(name, "w") as raw, TextIOWrapper(raw, encoding="utf-8", newline="\n") as out:
        yield out


def _json(user: User) -> Iterator[str]:
    yield f'{{\n"site": {json.dumps(settings.BASE_URL)},\n"made_at": {_dumped(timezone.now())}'
    for name, rows in _parts.items():
        yield f",\n{json.dumps(name)}: ["
        for number, row in enumerate(rows(user)):
            yield f"{',' if number else ''}\n{_dumped(row)}"
        yield "]"
    yield "\n}\n"


def _dumped(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def _html(user: User) -> Iterator[str]:
    known = {"site_name": settings.PULSE_SITE_NAME, "base_url": settings.BASE_URL, "made_at": timezone.now()}
    page = render_to_string(
        "accounts/export/page.html", {**known, "parts": list(_parts), "user": user, "here": HERE}
    )
    top, _, end = page.rpartition(HERE)
    yield top
    for name, rows in _parts.items():
        yield render_to_string("accounts/export/part.html", {"name": name})
        has_rows = False
        for batch in _batches(rows(user)):
            has_rows = True
            yield render_to_string("accounts/export/rows.html", {"rows": batch})
        if not has_rows:
            yield render_to_string("accounts/export/nothing.html")
    yield end


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, AT_ONCE)):
        yield batch
