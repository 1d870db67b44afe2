import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('glossary', '0001_initial'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='term',
            options={'ordering': ['name'], 'permissions': [('publish_term', 'Can publish terms and change published ones')]},
        ),
        migrations.CreateModel(
            name='PreviousSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='previous_slugs', to='glossary.term')),
            ],
        ),
    ]
