"""Renders the stories that a changed term, lens or picture made stale, without waiting for the worker."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles import rendering
from articles.models import Revision


class Command(BaseCommand):
    help = "Render stale stories again, newest first. It can be stopped, and goes on where it was."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="every public and scheduled story, as after an upgrade"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            Revision.objects.public_or_due().update(is_stale=True)
        pks = rendering.stale()
        done = sum(rendering.render_one(pk) for pk in tqdm(pks, unit="story", disable=None))
        self.stdout.write(f"Rendered {done} of {len(pks)} stale stories.")
        if left := Revision.objects.filter(is_stale=True).count():
            raise CommandError(f"{left} are still stale. The log above says why.")
