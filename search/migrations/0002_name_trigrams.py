from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [
        TrigramExtension(),
        migrations.RunSQL(
            "CREATE INDEX name_trigrams ON search_searchname USING gin ((medium || ' ' || loose) gin_trgm_ops)"
            " WITH (fastupdate = off) WHERE sounds",
            "DROP INDEX name_trigrams",
        ),
    ]
