"""The outbox: mails on their way to the mail server."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('pulse', '0002_change'),
    ]

    operations = [
        migrations.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='What is asked for twice is sent once.', max_length=120, unique=True)),
                ('kind', models.CharField(max_length=40)),
                ('to', models.EmailField(blank=True, help_text='Empty until it is written.', max_length=254, verbose_name='address')),
                ('subject', models.CharField(blank=True, max_length=400)),
                ('text', models.TextField(blank=True)),
                ('html', models.TextField(blank=True)),
                ('headers', models.JSONField(blank=True, default=dict)),
                ('is_urgent', models.BooleanField(default=False, help_text='Somebody waits for it.', verbose_name='urgent')),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being handed over'), ('sent', 'Sent'), ('failed', 'Not sent'), ('uncertain', 'Perhaps sent')], default='waiting', max_length=10)),
                ('next_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next try')),
                ('ends_at', models.DateTimeField(verbose_name='given up after')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('trouble', models.CharField(blank=True, max_length=500, verbose_name='what went wrong')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked for')),
                ('claimed_at', models.DateTimeField(help_text='When it was handed over to the mail server.', null=True)),
                ('done_at', models.DateTimeField(null=True)),
            ],
            options={
                'verbose_name': 'outgoing mail',
                'verbose_name_plural': 'outgoing mail',
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('status__in', ['waiting', 'sending'])), fields=['status', '-is_urgent', 'next_at'], name='mail_on_its_way'), models.Index(fields=['status', 'done_at'], name='mail_by_status')],
                'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'sending', 'sent', 'failed', 'uncertain'])), name='mail_status_known')],
            },
        ),
    ]
