"""`manage.py demo`: a publication worth showing, or as large a one as a benchmark asks for."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from articles.models import Article, Section
from demo.bulk import add_comments, add_stories
from demo.loading import Publication
from demo.people import accounts_file, make_accounts
from pulse.upkeep import look_at_tables


class Command(BaseCommand):
    help = "Loads the demo publication; with --articles or --comments, adds as many more as asked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there is a publication already"
        )
        parser.add_argument("--accounts", action="store_true", help="only print the demo accounts again")
        parser.add_argument(
            "--articles", type=int, default=0, metavar="N", help="add N stories made from the demo's"
        )
        parser.add_argument(
            "--comments", type=int, default=0, metavar="N", help="add N comments across all stories"
        )
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["accounts"]:
            self._print_accounts()
            return
        quiet = options["quiet"]
        is_empty = not Section.objects.exists() and not Article.objects.exists()
        if is_empty:
            self._load(quiet=quiet)
        elif not (options["if_empty"] or options["articles"] or options["comments"]):
            raise CommandError(
                "There is a publication here already. Add to it with --articles N or --comments N."
            )
        if options["articles"]:
            self.stdout.write(f"{add_stories(options['articles'], quiet=quiet):,} stories added.")
        if options["comments"]:
            self.stdout.write(f"{add_comments(options['comments'], quiet=quiet):,} comments added.")
        if is_empty or options["articles"] or options["comments"]:
            look_at_tables()

    @transaction.atomic
    def _load(self, *, quiet: bool) -> None:
        """Everything or nothing, the accounts too: what failed half way is loaded anew the next time."""
        make_accounts()
        editor = User.objects.get(email__startswith="editor@")
        number = Publication(editor=editor).load(quiet=quiet)
        self.stdout.write(f"{number} stories loaded.")

    def _print_accounts(self) -> None:
        path = accounts_file()
        if not path.exists():
            raise CommandError("There are no demo accounts on this machine. Load them with: manage.py demo")
        self.stdout.write(path.read_text(encoding="utf-8"), ending="")
