"""What the reader's site adds: lists, drawings, pictures for messengers, what to read next, pages."""

import django.db.models.deletion
import markdownx.models
import pulse.characters
import pulse.text
from django.db import migrations, models


# Which lists a story stands on: the kind of list, its key, and where that is written.
LISTS = [
    (0, "0", ""),
    (1, "r.section_id", ""),
    (2, "o.topic_id", "JOIN articles_revision_topics o ON o.revision_id = r.id"),
    (3, "o.author_id", "JOIN articles_revisionbyline o ON o.revision_id = r.id"),
    (4, "o.term_id", "JOIN articles_revisionterm o ON o.revision_id = r.id"),
]
FILL = [
    f"""
    INSERT INTO articles_listing (kind, "of", revision_id, first_published_at, live_from, live_until)
    SELECT {kind}, {of}, r.id, r.first_published_at, r.live_from, r.live_until FROM articles_revision r {join}
    WHERE r.live_from IS NOT NULL AND (r.live_until IS NULL OR r.live_until > CURRENT_TIMESTAMP)
    """  # noqa: S608 - from the constants above
    for kind, of, join in LISTS
]


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0005_expect_what_is_scheduled'),
    ]

    operations = [
        migrations.AddField(
            model_name='revision',
            name='related',
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list, help_text='Articles to read next, the nearest first.'),
        ),
        migrations.AddField(
            model_name='revision',
            name='social_picture',
            field=models.FileField(blank=True, db_default='', default='', help_text='For messengers.', max_length=120, upload_to='social'),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                fields=["live_until", "social_picture"],
                name="revision_pictures",
                condition=models.Q(live_from__isnull=False, lead_image__isnull=True),
            ),
        ),
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, validators=[pulse.characters.validate_no_control_characters])),
                ('slug', models.SlugField(help_text='Its address: /…/', max_length=60, unique=True)),
                ('summary', models.CharField(blank=True, help_text='One sentence under the title, and for search engines.', max_length=300, validators=[pulse.characters.validate_no_control_characters])),
                ('body', markdownx.models.MarkdownxField(blank=True, help_text='Markdown, as in a story.', max_length=50000, validators=[pulse.characters.validate_no_control_characters, pulse.text.validate_editorial], verbose_name='text')),
                ('body_html', models.TextField(blank=True, editable=False)),
                ('is_published', models.BooleanField(default=False, help_text='Readers see it, and the foot of every page leads to it.', verbose_name='published')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Order at the foot of the site, from 0.')),
                ('updated_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ['position', 'title'],
                'constraints': [models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='page_has_title')],
            },
        ),
        migrations.CreateModel(
            name='Drawing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shape', models.CharField(choices=[('wide', 'Wide'), ('square', 'Square')], max_length=10)),
                ('svg', models.TextField()),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drawings', to='articles.revision')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('revision', 'shape'), name='drawing_once')],
            },
        ),
        migrations.CreateModel(
            name='Listing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.SmallIntegerField(choices=[(0, 'Site'), (1, 'Section'), (2, 'Topic'), (3, 'Author'), (4, 'Term'), (5, 'Outlook')])),
                ('of', models.BigIntegerField(help_text='The key of what the list is of; 0 for the site; for an outlook its day, as 20281231.')),
                ('first_published_at', models.DateTimeField()),
                ('live_from', models.DateTimeField()),
                ('live_until', models.DateTimeField(null=True)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='listings', to='articles.revision')),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'of', '-first_published_at', '-revision', 'live_from', 'live_until'], name='listing_newest')],
                'constraints': [models.UniqueConstraint(fields=('revision', 'kind', 'of'), name='listing_once'), models.CheckConstraint(condition=models.Q(('kind__in', [0, 1, 2, 3, 4, 5])), name='listing_kind_known')],
            },
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(fields=["-made_at", "-id"], name="correction_newest"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
