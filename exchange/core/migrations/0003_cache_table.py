"""The table of the cache in PostgreSQL, as Django's `createcachetable` makes it; without write-ahead log, because it may be empty after a crash."""

from django.db import migrations

CREATE = """
CREATE UNLOGGED TABLE core_cache (cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, expires timestamp with time zone NOT NULL);
CREATE INDEX core_cache_expires ON core_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_history_is_append_only")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE core_cache")]
