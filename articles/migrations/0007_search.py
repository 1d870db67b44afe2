"""The search index, its vocabulary, and the list of what was searched for in vain.

The full-text index is the database's own and kept by it: in SQLite a virtual table and three triggers, in
PostgreSQL two generated columns. No extension is needed. Whoever changes the table of entries later must know
that SQLite makes such a table anew, without its triggers: put TRIGGERS back after it.

Stories published before are indexed by the worker, or at once by `manage.py reindex`.
"""

import django.db.models.deletion
from django.db import migrations, models

COLUMNS = "headline, summary, names, story, filed"
OLD, NEW = (", ".join(f"{row}.{name}" for name in COLUMNS.split(", ")) for row in ("old", "new"))
REMOVE = f"INSERT INTO articles_searchindex(articles_searchindex, rowid, {COLUMNS}) VALUES('delete', old.id, {OLD});"
ADD = f"INSERT INTO articles_searchindex(rowid, {COLUMNS}) VALUES(new.id, {NEW});"
# Words come as letters and digits with spaces between, so the simplest tokenizer is right.
TABLE = f"""
CREATE VIRTUAL TABLE articles_searchindex USING fts5(
    {COLUMNS}, content='articles_searchentry', content_rowid='id', tokenize='ascii', prefix='3 4'
)
"""
TRIGGERS = [
    f"CREATE TRIGGER searchentry_added AFTER INSERT ON articles_searchentry BEGIN {ADD} END",
    f"CREATE TRIGGER searchentry_gone AFTER DELETE ON articles_searchentry BEGIN {REMOVE} END",
    f"CREATE TRIGGER searchentry_changed AFTER UPDATE ON articles_searchentry BEGIN {REMOVE} {ADD} END",
]
BRIEF = """
    setweight(to_tsvector('simple', headline), 'A') || setweight(to_tsvector('simple', summary), 'B')
    || setweight(to_tsvector('simple', names), 'C') || to_tsvector('simple', filed)
"""
POSTGRESQL = [
    f"""
    ALTER TABLE articles_searchentry
    ADD COLUMN brief tsvector GENERATED ALWAYS AS ({BRIEF}) STORED,
    ADD COLUMN words tsvector GENERATED ALWAYS AS ({BRIEF} || to_tsvector('simple', story)) STORED
    """,
    "ALTER TABLE articles_searchentry ALTER COLUMN words SET STORAGE EXTERNAL",
    "CREATE INDEX searchentry_brief ON articles_searchentry USING gin (brief) WITH (fastupdate = off)",
    "CREATE INDEX searchentry_words ON articles_searchentry USING gin (words) WITH (fastupdate = off)",
]
STATEMENTS = {"sqlite": [TABLE, *TRIGGERS], "postgresql": POSTGRESQL}


def add_index(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def remove_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":  # the rest goes with the table of entries
        for name in ("added", "gone", "changed"):
            schema_editor.execute(f"DROP TRIGGER searchentry_{name}")
        schema_editor.execute("DROP TABLE articles_searchindex")


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_reader")]
    operations = [
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                ("word", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("length", models.PositiveSmallIntegerField()),
            ],
            options={"indexes": [models.Index(fields=["length", "word"], name="searchword_length")]},
        ),
        migrations.CreateModel(
            name="MissedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("query", models.CharField(max_length=80, unique=True)),
                ("count", models.PositiveIntegerField(default=1, verbose_name="times")),
                ("last_at", models.DateTimeField(verbose_name="last time")),
            ],
            options={
                "verbose_name": "search without results",
                "verbose_name_plural": "searches without results",
                "ordering": ["-count", "-last_at"],
                "indexes": [
                    models.Index(fields=["-count", "-last_at"], name="missed_most"),
                    models.Index(fields=["last_at"], name="missed_oldest"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(count__gte=1), name="missed_at_least_once"),
                    models.CheckConstraint(condition=models.Q(query="", _negated=True), name="missed_something"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "revision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entry",
                        to="articles.revision",
                    ),
                ),
                ("filed", models.TextField(help_text="Its section, topics, authors and year, each as one word.")),
                ("headline", models.TextField()),
                ("summary", models.TextField(help_text="TL;DR, standfirst and kicker.")),
                ("names", models.TextField(help_text="Of its terms and their aliases, topics, section and authors.")),
                ("story", models.TextField(help_text="Story and impacts.")),
                (
                    "text",
                    models.TextField(
                        help_text="What passages are taken from, a paragraph a line, as readers see it."
                    ),
                ),
            ],
            options={"verbose_name_plural": "search entries"},
        ),
        migrations.RunPython(add_index, remove_index),
    ]
