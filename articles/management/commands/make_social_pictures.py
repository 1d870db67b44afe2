"""Draws what stories without a photograph lack: their prints, and their pictures for other sites."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from articles import drawings, social
from articles.models import Revision


class Command(BaseCommand):
    help = (
        "Draw the prints and the pictures for other sites that public and scheduled stories lack, newest "
        "first. It can be stopped, and goes on where it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="look at every story, as after an upgrade or a loss of files"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        every = options["all"]
        shown = Revision.objects.public_or_due().newest_first()
        prints = list((shown if every else drawings.without_prints()).values_list("pk", flat=True))
        drawn = Revision.objects.select_related("article", "section").defer("content", "body_html")
        for pk in tqdm(prints, desc="Prints", unit="story", disable=None):
            drawings.keep_prints(drawn.get(pk=pk))
        lacking = shown.filter(lead_image=None) if every else social.without_pictures()
        pks = list(lacking.values_list("pk", flat=True))
        bar = tqdm(pks, desc="Pictures for other sites", unit="story", disable=None)
        done = sum(social.draw_pictures(pk, if_lost=every) for pk in bar)
        self.stdout.write(f"Drew the prints of {len(prints)} stories and the pictures of {done}.")
        if done < len(pks):
            raise CommandError(f"{len(pks) - done} stories have no pictures. The log above says why.")
