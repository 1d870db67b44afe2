"""Market, Industry and Society: the lenses every publication starts with. They are rows, so another can have its own."""

from django.db import migrations

LENSES = ["Market", "Industry", "Society"]


def add(apps, schema_editor):
    Lens = apps.get_model("articles", "Lens")
    for position, name in enumerate(LENSES):
        Lens.objects.get_or_create(slug=name.lower(), defaults={"name": name, "position": position})


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
