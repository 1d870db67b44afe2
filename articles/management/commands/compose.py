"""Makes the parts of pages that are kept: after an upgrade, an import, or when in doubt."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from pulse import parts


class Command(BaseCommand):
    help = (
        "Make the parts of pages that this edition of the site lacks, such as after an upgrade, the newest "
        "stories first. Readers get every page meanwhile. It can be stopped, and goes on where it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, metavar="N", help="no more than N, such as to try it out")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        missing = parts.missing(limit=options["limit"])
        bar = tqdm(missing, desc="Pages", unit="page", disable=options["quiet"] or None)
        done = sum(parts.make(name, of) for name, of in bar)
        self.stdout.write(f"Made {done:,} of {len(missing):,} missing pages.")
        if done < len(missing):
            raise CommandError(f"{len(missing) - done:,} could not be made. The log above says why.")
