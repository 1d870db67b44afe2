"""`manage.py relist`: write anew which stories stand on which list, and what to read next where needed."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from articles import listings
from articles.models import Article
from articles.related import relate, unrelated


class Command(BaseCommand):
    help = "Writes anew which stories stand on which list, and finds what to read next for older ones."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        total = Article.objects.count()
        with tqdm(total=total, desc="Articles", unit=" articles", disable=options["quiet"] or None) as bar:
            done = listings.rebuild(after_batch=bar.update)
        older = unrelated()
        total = older.count()
        for revision in tqdm(older.iterator(), "To read next", total, disable=options["quiet"] or None):
            relate(revision)
            revision.save(update_fields=["related"])
        self.stdout.write(f"{done:,} articles listed.")
