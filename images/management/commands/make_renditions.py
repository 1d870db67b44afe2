"""Makes the sizes that pictures lack, after a preset was added or files were lost."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from images.library import make_missing_renditions
from images.models import Image
from images.processing import PictureRefused


class Command(BaseCommand):
    help = "Make the sizes that pictures lack, such as those of a new preset."

    def handle(self, *args: Any, **options: Any) -> None:
        made, unreadable = 0, []
        images = Image.objects.prefetch_related("renditions", "crops").iterator(chunk_size=200)
        for image in tqdm(images, total=Image.objects.count(), unit="picture", disable=None):
            try:
                made += make_missing_renditions(image=image)
            except PictureRefused:
                unreadable.append(image.file.name)
        self.stdout.write(f"Made {made} sizes.")
        if unreadable:
            raise CommandError(f"Missing or damaged, so without sizes: {', '.join(unreadable)}")
