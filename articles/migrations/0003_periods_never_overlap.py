"""On PostgreSQL the database itself refuses two live periods of one article that overlap.

SQLite has no such constraint; there the article's row is locked and the periods are set in one transaction.
btree_gist is a trusted extension since PostgreSQL 13: the owner of the database may create it.
"""

from django.db import migrations

ADD = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE articles_revision ADD CONSTRAINT revision_periods_never_overlap
EXCLUDE USING gist (article_id WITH =, tstzrange(live_from, live_until) WITH &&) WHERE (live_from IS NOT NULL);
"""
REMOVE = "ALTER TABLE articles_revision DROP CONSTRAINT revision_periods_never_overlap;"


def run(sql):
    def step(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return step


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_lenses")]
    operations = [migrations.RunPython(run(ADD), run(REMOVE))]
