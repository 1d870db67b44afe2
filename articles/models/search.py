"""The search index: what is looked for, the words it knows, and what readers looked for in vain."""

from django.db import models

from articles.models.revision import Revision


class SearchEntry(models.Model):
    """A live or scheduled revision as search knows it. Written by `articles.search.indexing` alone.

    Its key is its place in time (see `indexing.place_of`), so that the newest are found first without
    sorting. All but `text` is stems (see `articles.search.words`). The full-text index over these columns is
    the database's own and follows every change by itself (migration 7): a virtual table with triggers in
    SQLite, generated columns in PostgreSQL. The short columns come first; a long row is read only as far as
    needed.
    """

    id = models.BigAutoField(primary_key=True)  # given, never counted up; in SQLite this is the row’s place
    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, related_name="search_entry")
    filed = models.TextField(help_text="Its section, topics, authors and year, each as one word.")
    headline = models.TextField()
    summary = models.TextField(help_text="TL;DR, standfirst and kicker.")
    names = models.TextField(help_text="Of its terms and their aliases, topics, section and authors.")
    story = models.TextField(help_text="Story and impacts.")
    text = models.TextField(help_text="What passages are taken from, a paragraph a line, as readers see it.")

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"Revision {self.revision_id} in the search index"


class SearchWord(models.Model):
    """A word of the index, as written but for case and accents: what a misspelt one may have meant."""

    word = models.CharField(max_length=40, primary_key=True)
    length = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["length", "word"], name="searchword_length")]

    def __str__(self) -> str:
        return self.word


class MissedSearch(models.Model):
    """Something readers searched for and did not find. Nothing is kept of who did."""

    query = models.CharField(max_length=80, unique=True)
    count = models.PositiveIntegerField("times", default=1)
    last_at = models.DateTimeField("last time")

    class Meta:
        verbose_name = "search without results"
        verbose_name_plural = "searches without results"
        ordering = ["-count", "-last_at"]
        indexes = [
            models.Index(fields=["-count", "-last_at"], name="missed_most"),
            models.Index(fields=["last_at"], name="missed_oldest"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(count__gte=1), name="missed_at_least_once"),
            models.CheckConstraint(condition=~models.Q(query=""), name="missed_something"),
        ]

    def __str__(self) -> str:
        return self.query
