"""Archives of one's data, deletions of accounts, and the log of consents, which the database itself keeps from being changed."""

import django.db.models.deletion
import django.utils.timezone
import profiles.models.privacy
import uuid
from django.conf import settings
from django.db import migrations, models


GUARD = """
CREATE FUNCTION profiles_consent_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of consents is append-only';
END $$;
CREATE TRIGGER profiles_consent_append_only BEFORE UPDATE OR DELETE ON profiles_consent
    FOR EACH ROW EXECUTE FUNCTION profiles_consent_is_append_only();
"""
UNGUARD = """
DROP TRIGGER profiles_consent_append_only ON profiles_consent;
DROP FUNCTION profiles_consent_is_append_only();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('profiles', '0006_registry_and_merges'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccountRemoval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state_since', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='since')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('taken_back', 'Taken back'), ('done', 'Done')], default='waiting', max_length=10)),
                ('due_at', models.DateTimeField(default=profiles.models.privacy.in_fourteen_days)),
                ('kept', models.JSONField(default=dict, editable=False)),
                ('postponed', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='removals', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'deletion of an account',
                'verbose_name_plural': 'deletions of accounts',
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='removals_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('user',), name='one_removal_at_a_time'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'taken_back', 'done'])), name='removal_state_known')],
            },
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('terms', 'Terms of use'), ('privacy', 'Privacy notice'), ('public_profile', 'My profile is shown to everyone'), ('mail', 'News by e-mail')], max_length=20)),
                ('detail', models.CharField(blank=True, max_length=60)),
                ('version', models.CharField(blank=True, max_length=20)),
                ('given', models.BooleanField()),
                ('way', models.CharField(choices=[('sign_up', 'when signing up'), ('settings', 'in the settings'), ('profile', 'on the visibility of the profile'), ('removal', 'by deleting the account')], max_length=10)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['user', 'kind', 'detail', '-id'], name='consent_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['terms', 'privacy', 'public_profile', 'mail'])), name='consent_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='DataExport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state_since', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='since')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('state', models.CharField(choices=[('working', 'Being made'), ('ready', 'Ready'), ('failed', 'Could not be made'), ('expired', 'Deleted')], default='working', max_length=8)),
                ('done', models.PositiveSmallIntegerField(default=0)),
                ('total', models.PositiveSmallIntegerField(default=0)),
                ('file', models.FileField(blank=True, upload_to=profiles.models.privacy.export_path)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('lease', models.UUIDField(editable=False, null=True)),
                ('touched_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='data_exports', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'archive of my data',
                'verbose_name_plural': 'archives of data',
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('state', 'working')), fields=['touched_at'], name='exports_at_work'), models.Index(condition=models.Q(('state', 'ready')), fields=['expires_at'], name='exports_kept')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'working')), fields=('user',), name='one_export_at_a_time'), models.CheckConstraint(condition=models.Q(('state__in', ['working', 'ready', 'failed', 'expired'])), name='export_state_known')],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
