"""Programs from npm, installed into the cache folder when they are first needed."""

import os
import shutil
import subprocess
from pathlib import Path


def installed(package: str, cache: Path) -> Path:
    """The package's folder. Ends the program with what is missing if there is no npm."""
    if shutil.which("npm") is None:
        raise SystemExit(f"This needs node and npm, for the package {package}.")
    folder = cache / "npm"
    home = folder / "node_modules" / package
    if not home.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error"]
        subprocess.run([*command, "--prefix", str(folder), package], check=True, stdout=subprocess.DEVNULL)
    return home


def environment() -> dict[str, str]:
    """For node programs: nothing of theirs asks for updates or reports home."""
    return {**os.environ, "NO_UPDATE_NOTIFIER": "1", "CI": "true"}
