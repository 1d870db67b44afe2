"""`manage.py relist`: write anew which stories stand on which list."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from articles import listings
from articles.models import Article


class Command(BaseCommand):
    help = "Writes anew which stories stand on which list. Readers see whole lists meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        total = Article.objects.count()
        with tqdm(total=total, desc="Articles", unit=" articles", disable=options["quiet"] or None) as bar:
            done = listings.rebuild(after_batch=bar.update)
        self.stdout.write(f"{done:,} articles listed.")
