"""Parts of pages that are made already, and what each of them shows."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pulse', '0003_outgoing_mail'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True)),
                ('change', models.BigIntegerField(db_index=True, default=0, help_text="Its last change's key; 0: none yet.")),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Part',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='What makes it: story, front.', max_length=20)),
                ('of', models.BigIntegerField(help_text='The key of what it shows; 0 where there is one only.')),
                ('edition', models.CharField(db_index=True, help_text='Of the site, that made it.', max_length=24)),
                ('ends_at', models.DateTimeField(db_index=True, help_text='When it changes by the clock alone.', null=True)),
                ('html', models.BinaryField(help_text='Compressed, with the tags that it shows.')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'of', 'edition'), name='part_once')],
            },
        ),
        migrations.CreateModel(
            name='PartTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('change', models.BigIntegerField()),
                ('part', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='pulse.part')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='pulse.tag')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('part', 'tag'), name='part_tag_once')],
            },
        ),
    ]
