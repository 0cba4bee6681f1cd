"""The index of trigrams: PostgreSQL's own syntax, because Django has no name for an expression over two columns with storage options."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("search", "0002_index")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX name_trigrams ON search_searchname USING gin ((medium || ' ' || loose) gin_trgm_ops)"
            " WITH (fastupdate = off) WHERE sounds",
            "DROP INDEX name_trigrams",
        ),
    ]
