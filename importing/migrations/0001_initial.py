"""The tables that `profiles` had, under their new names: they exist already, see `profiles.0006_imports_move`."""

import django.db.models.deletion
import django.utils.timezone
import importing.models
from django.conf import settings
from django.db import migrations, models


def move_content_types(apps, schema_editor):
    """The history of a table refers to its content type."""
    for_models = apps.get_model("contenttypes", "ContentType").objects.filter(model__in=("expertimport", "rememberedheading"))
    for_models.filter(app_label="profiles").update(app_label="importing")


def move_content_types_back(apps, schema_editor):
    for_models = apps.get_model("contenttypes", "ContentType").objects.filter(model__in=("expertimport", "rememberedheading"))
    for_models.filter(app_label="importing").update(app_label="profiles")


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        ('institutions', '0003_remove_search_column'),
        ('profiles', '0006_imports_move'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='RememberedHeading',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('source', models.CharField(max_length=80)),
                        ('heading', models.CharField(max_length=160)),
                        ('field', models.CharField(blank=True, max_length=40)),
                    ],
                    options={
                        'verbose_name': 'remembered heading',
                        'verbose_name_plural': 'remembered headings',
                        'constraints': [models.UniqueConstraint(fields=('source', 'heading'), name='heading_remembered_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ExpertImport',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('state_since', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='since')),
                        ('country', models.CharField(choices=[('KZ', 'Kazakhstan'), ('KG', 'Kyrgyzstan'), ('TJ', 'Tajikistan'), ('TM', 'Turkmenistan'), ('UZ', 'Uzbekistan'), ('US', 'United States of America')], max_length=2, verbose_name='country')),
                        ('name', models.CharField(max_length=200, verbose_name='file')),
                        ('file', models.FileField(blank=True, upload_to=importing.models.upload_path, verbose_name='file')),
                        ('map_file', models.FileField(blank=True, upload_to=importing.models.map_path)),
                        ('state', models.CharField(choices=[('checking', 'Being checked'), ('asking', 'Questions about its columns'), ('ready', 'Checked'), ('importing', 'Being imported'), ('done', 'Imported'), ('refused', 'Not imported'), ('cancelled', 'Cancelled')], default='checking', max_length=12)),
                        ('skip_bad_rows', models.BooleanField(default=False, verbose_name='skip the rows with errors')),
                        ('total', models.PositiveIntegerField(default=0)),
                        ('done', models.PositiveIntegerField(default=0)),
                        ('layout', models.JSONField(default=dict)),
                        ('counts', models.JSONField(default=dict)),
                        ('problems', models.JSONField(default=list)),
                        ('problem_count', models.PositiveIntegerField(default=0)),
                        ('attempts', models.PositiveSmallIntegerField(default=0)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('touched_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('institution', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='imports', to='institutions.institution')),
                    ],
                    options={
                        'verbose_name': 'import of experts',
                        'verbose_name_plural': 'imports of experts',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(condition=models.Q(('state__in', ['checking', 'importing'])), fields=['touched_at'], name='imports_at_work')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['checking', 'asking', 'ready', 'importing', 'done', 'refused', 'cancelled'])), name='import_state_known')],
                    },
                ),
            ],
        ),
        migrations.RunPython(move_content_types, move_content_types_back),
    ]
