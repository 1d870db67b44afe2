"""Until now a picture without alternative text was one that somebody had called decoration."""

from django.db import migrations


def call_them_decoration(apps, schema_editor):
    apps.get_model('images', 'Image').objects.filter(alt='').update(is_decoration=True)


class Migration(migrations.Migration):

    dependencies = [
        ('images', '0002_crops_and_former_files'),
    ]

    operations = [
        migrations.RunPython(call_them_decoration, migrations.RunPython.noop, elidable=True),
    ]
