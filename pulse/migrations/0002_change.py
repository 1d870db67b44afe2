"""What has changed on the pages, for the page caches of every machine."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pulse', '0001_heartbeat'),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tags', models.TextField(help_text='Names with a space between them.')),
                ('made_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('purged_at', models.DateTimeField(help_text='When the content delivery network was told.', null=True)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
    ]
