"""Writes the search index anew: after an upgrade, an import, or when in doubt."""

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from articles import search
from articles.search.indexing import indexable


class Command(BaseCommand):
    help = "Write the search index anew. Readers find stories meanwhile; stopped, it can be run again."

    def handle(self, *args: Any, **options: Any) -> None:
        done = 0
        with tqdm(total=indexable().count(), unit=" stories", disable=None) as bar:
            for written in search.reindex():
                done += written
                bar.update(written)
        self.stdout.write(f"{done:,} {'story' if done == 1 else 'stories'} in the search index.")
