"""Which edition of the site this is: whether HTML that another process made is what this one would make."""

from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path

import django
from django.apps import apps
from django.conf import settings

# What pages say of themselves, beside their code.
SAID = ("BASE_URL", "TIME_ZONE", "LANGUAGE_CODE", "STATIC_URL", "MEDIA_URL")


@cache
def edition() -> str:
    """A digest of the code, the templates, the names of the static files and the settings that pages show.

    The same on every machine that runs the same release; read from the files once a process.
    """
    digest = blake2b(django.get_version().encode(), digest_size=12)
    for path in _files():
        digest.update(path.name.encode() + path.read_bytes())
    for name in (*SAID, *sorted(name for name in dir(settings) if name.startswith("PULSE_"))):
        digest.update(f"{name}={_plain(getattr(settings, name))}\n".encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    """Our own code and templates in one order, and the manifest of static files if there is one."""
    for app in sorted(apps.get_app_configs(), key=lambda app: app.name):
        if Path(app.path).parent == settings.BASE_DIR:
            yield from sorted(
                path for path in Path(app.path).rglob("*.py") if path.parent.name != "migrations"
            )
    yield from sorted((settings.BASE_DIR / "templates").rglob("*.*"))
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists():
        yield manifest


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, (set, frozenset)) else value
