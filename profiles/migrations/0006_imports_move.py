"""Uploaded tables and remembered headings move to the app `importing`: the tables keep their rows and take names of that app."""

from django.db import migrations

MOVED = ("expertimport", "rememberedheading")


class Migration(migrations.Migration):
    dependencies = [("profiles", "0005_remove_search_column")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable(name, f"importing_{name}") for name in MOVED],
            state_operations=[migrations.DeleteModel(name) for name in MOVED],
        )
    ]
