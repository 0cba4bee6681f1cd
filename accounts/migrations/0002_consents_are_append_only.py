"""The database itself refuses to change or delete the log of consents."""

from django.db import migrations

GUARD = """
CREATE FUNCTION accounts_consent_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of consents is append-only';
END $$;
CREATE TRIGGER accounts_consent_append_only BEFORE UPDATE OR DELETE ON accounts_consent
    FOR EACH ROW EXECUTE FUNCTION accounts_consent_is_append_only();
"""
UNGUARD = """
DROP TRIGGER accounts_consent_append_only ON accounts_consent;
DROP FUNCTION accounts_consent_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
