"""Deletes old autosaves that a later one of the same day makes superfluous."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles.thinning import superfluous, thin_some


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


class Command(BaseCommand):
    help = "Thin old autosaves to the last of each day. What was live, named, shown or saved by hand stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days",
            type=int,
            default=settings.PULSE_AUTOSAVE_DAYS,
            metavar="N",
            help="only what is older than N days (%(default)s)",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would be deleted")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["days"]
        if days < 0:
            raise CommandError("--days takes a number from 0 upwards.")
        found = superfluous(days=days).order_by()
        number, articles = found.count(), found.values("article").distinct().count()
        what = (
            f"{_count(number, 'autosave')} of {_count(articles, 'article')}, older than {_count(days, 'day')}"
        )
        if options["dry_run"]:
            self.stdout.write(f"Would delete {what}. The last of each day stays.")
            return
        self.stdout.write(f"Deleting {what}. The last of each day stays.")
        deleted = 0
        with tqdm(total=number, unit="autosave", disable=None) as bar:
            while some := thin_some(days=days):
                deleted += some
                bar.update(some)
        self.stdout.write(f"Deleted {deleted:,}.")
