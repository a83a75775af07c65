"""The outbox: partitioned by day, so that retention is DROP TABLE and a day's index stays in memory."""

from django.db import migrations

STREAM = """
CREATE TABLE stream_event (
    id bigint GENERATED ALWAYS AS IDENTITY,
    day date NOT NULL,
    key uuid NOT NULL,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    customer_id bigint,
    identities jsonb,
    source text NOT NULL,
    happened_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    properties jsonb NOT NULL DEFAULT '{}',
    UNIQUE (day, key)
) PARTITION BY RANGE (day);
CREATE INDEX stream_event_in_commit_order ON stream_event (xid, id);
CREATE TABLE stream_event_other PARTITION OF stream_event DEFAULT;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(STREAM, "DROP TABLE stream_event"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="StreamEvent",
                    fields=[],
                    options={"managed": False, "db_table": "stream_event", "verbose_name": "事件", "verbose_name_plural": "事件"},
                )
            ]
        ),
    ]
