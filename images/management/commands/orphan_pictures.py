"""Lists and deletes pictures that nothing uses, and files that no picture knows."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator

from images.files import delete_files
from images.library import PictureInUse, delete_image
from images.models import Image
from images.orphans import find_orphans, find_unknown_files, size_of, size_on_disk


class Command(BaseCommand):
    help = "List pictures that no version of any story shows; with --delete, delete them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--days",
            type=int,
            default=settings.PULSE_ORPHAN_DAYS,
            help="Only what has been there for so many days (default: %(default)s).",
        )
        parser.add_argument("--delete", action="store_true", help="Delete what is listed.")
        parser.add_argument("--files", action="store_true", help="Also files that no picture knows.")

    def handle(self, *, days: int, delete: bool, files: bool, **options: Any) -> None:
        if days < 0:
            raise CommandError("--days takes 0 or more.")
        before = timezone.now() - dt.timedelta(days=days)
        self._pictures(before, delete=delete)
        if files:
            self._files(before, delete=delete)
        if not delete:
            self.stdout.write("Nothing was deleted. Add --delete to delete what is listed.")

    def _pictures(self, before: dt.datetime, *, delete: bool) -> None:
        count = total = 0
        for image in find_orphans(before=before):
            size = size_on_disk(image)
            self.stdout.write(described(image, size))
            if delete:
                try:
                    delete_image(image=image)
                except PictureInUse as refusal:
                    self.stdout.write(f"  Kept. {refusal}")
                    continue
            count, total = count + 1, total + size
        self._sum(count, "picture", total, delete=delete)

    def _files(self, before: dt.datetime, *, delete: bool) -> None:
        names = find_unknown_files(before=before)
        for name in names:
            self.stdout.write(name)
        total = size_of(names)
        if delete:
            delete_files(names)
        self._sum(len(names), "file", total, delete=delete)

    def _sum(self, count: int, thing: str, total: int, *, delete: bool) -> None:
        verb = "Deleted" if delete else "Found"
        self.stdout.write(f"{verb} {count} {thing}{'' if count == 1 else 's'}, {size_text(total)}.")


def described(image: Image, size: int) -> str:
    """One line: number, day of upload, size on disk, what it shows, file."""
    day = date_format(timezone.localtime(image.uploaded_at), "j M Y")
    return f"{image.pk}  {day}  {size_text(size)}  {Truncator(str(image)).chars(60)}  {image.file}"


def size_text(size: int) -> str:
    """1.2 MB, with ordinary spaces."""
    return filesizeformat(size).replace("\xa0", " ")
