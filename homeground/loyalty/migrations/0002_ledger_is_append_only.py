from django.db import migrations

ADDED_ONLY = """
CREATE FUNCTION loyalty_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are added, never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER points_posting_stays BEFORE UPDATE OR DELETE ON loyalty_pointsposting
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse_change();
CREATE TRIGGER points_entry_stays BEFORE UPDATE OR DELETE ON loyalty_pointsentry
    FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse_change();
"""
# By statement: all legs of a posting are written at once.
BALANCED = """
CREATE FUNCTION loyalty_refuse_unbalanced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added GROUP BY posting_id HAVING sum(points) <> 0) THEN
        RAISE EXCEPTION 'the legs of a points posting must sum to zero'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER points_entries_balance AFTER INSERT ON loyalty_pointsentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION loyalty_refuse_unbalanced();
"""
UNDO = """
DROP TRIGGER points_entries_balance ON loyalty_pointsentry;
DROP TRIGGER points_entry_stays ON loyalty_pointsentry;
DROP TRIGGER points_posting_stays ON loyalty_pointsposting;
DROP FUNCTION loyalty_refuse_unbalanced();
DROP FUNCTION loyalty_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0001_initial")]

    operations = [migrations.RunSQL([ADDED_ONLY, BALANCED], UNDO)]
