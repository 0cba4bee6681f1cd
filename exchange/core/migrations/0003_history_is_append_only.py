"""The database itself refuses to change or delete what the log says."""

from django.db import migrations

GUARD = """
CREATE FUNCTION core_history_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is append-only';
END $$;
CREATE TRIGGER core_history_append_only BEFORE UPDATE OR DELETE ON core_history
    FOR EACH ROW EXECUTE FUNCTION core_history_is_append_only();
"""
UNGUARD = """
DROP TRIGGER core_history_append_only ON core_history;
DROP FUNCTION core_history_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
