"""The database itself refuses to change or delete what the log says."""

from django.db import migrations

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
    dependencies = [("profiles", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
