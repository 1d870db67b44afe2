"""What was scheduled before the worker came is expected by it too."""

from django.db import migrations
from django.utils import timezone


def expect_scheduled(apps, schema_editor):
    Revision, Due = apps.get_model("articles", "Revision"), apps.get_model("articles", "Due")
    for revision in Revision.objects.filter(live_from__gt=timezone.now()).only("live_from"):
        Due.objects.get_or_create(revision=revision, what="went_live", defaults={"at": revision.live_from})


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_newsroom")]
    operations = [migrations.RunPython(expect_scheduled, migrations.RunPython.noop)]
