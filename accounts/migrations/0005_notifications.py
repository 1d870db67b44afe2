"""What readers are told, and about what they want mail."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='digest',
            field=models.CharField(choices=[('hourly', 'At most once an hour'), ('daily', 'Once a day, in the morning'), ('never', 'Never')], db_default='hourly', default='hourly', max_length=10, verbose_name='mail'),
        ),
        migrations.AddField(
            model_name='user',
            name='mails_decisions',
            field=models.BooleanField(db_default=True, default=True, verbose_name='decisions on my comments'),
        ),
        migrations.AddField(
            model_name='user',
            name='mails_mentions',
            field=models.BooleanField(db_default=True, default=True, verbose_name='comments that name me'),
        ),
        migrations.AddField(
            model_name='user',
            name='mails_replies',
            field=models.BooleanField(db_default=True, default=True, verbose_name='answers to my comments'),
        ),
        migrations.AddField(
            model_name='user',
            name='mails_reports',
            field=models.BooleanField(db_default=True, default=True, verbose_name='what came of my reports'),
        ),
        migrations.AddField(
            model_name='user',
            name='mails_terms',
            field=models.BooleanField(db_default=True, default=True, verbose_name='words that I asked about'),
        ),
        migrations.CreateModel(
            name='Notification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reply', 'Answers to your comments'), ('mention', 'Comments that name you'), ('decision', 'Decisions on your comments'), ('report', 'What came of your reports'), ('term', 'Words you asked about')], max_length=10)),
                ('key', models.CharField(help_text='What is told somebody twice is told once.', max_length=80)),
                ('subject', models.CharField(help_text='What it is about, such as comment:12.', max_length=80)),
                ('sentence', models.CharField(help_text='With an actor, what follows the name.', max_length=400)),
                ('excerpt', models.CharField(blank=True, max_length=300)),
                ('path', models.CharField(help_text='Where on this site it can be read.', max_length=400)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('read_at', models.DateTimeField(null=True)),
                ('mail', models.CharField(blank=True, help_text='The key of the mail that tells it.', max_length=120)),
                ('mailed_at', models.DateTimeField(help_text='When that mail was asked for.', null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['to', '-id'], name='notification_list'), models.Index(condition=models.Q(('read_at', None), ('withdrawn_at', None)), fields=['to'], name='notification_unread'), models.Index(condition=models.Q(('mailed_at', None), ('read_at', None), ('withdrawn_at', None)), fields=['created_at', 'to'], name='notification_unmailed'), models.Index(fields=['subject'], name='notification_subject'), models.Index(condition=models.Q(('mail', ''), _negated=True), fields=['mail'], name='notification_mail')],
                'constraints': [models.UniqueConstraint(fields=('to', 'key'), name='notification_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['reply', 'mention', 'decision', 'report', 'term'])), name='notification_kind_known')],
            },
        ),
    ]
