"""The outbox: partitioned by day, so that retention is DROP TABLE and a day's index stays in memory."""

import django.db.models.deletion
from django.db import migrations, models

import homeground.core.time

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
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(STREAM, "DROP TABLE stream_event")],
            state_operations=[
                migrations.CreateModel(
                    name="StreamEvent",
                    fields=[
                        ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                        (
                            "day",
                            models.DateField(
                                help_text="UTC day of the time the sender stated: a repeat lands in the same partition.",
                                verbose_name="归属日",
                            ),
                        ),
                        ("key", models.UUIDField(verbose_name="去重键")),
                        ("name", models.TextField(verbose_name="事件")),
                        ("customer_id", models.BigIntegerField(null=True, verbose_name="客户")),
                        ("identities", models.JSONField(null=True, verbose_name="身份标识")),
                        ("source", models.TextField(verbose_name="来源")),
                        ("happened_at", models.DateTimeField(verbose_name="发生时间")),
                        ("received_at", models.DateTimeField(verbose_name="接收时间")),
                        ("properties", models.JSONField(verbose_name="属性")),
                    ],
                    options={
                        "verbose_name": "事件",
                        "verbose_name_plural": "事件",
                        "db_table": "stream_event",
                    },
                ),
            ],
        ),
        migrations.CreateModel(
            name="SetAside",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event_id", models.BigIntegerField(verbose_name="事件编号")),
                ("day", models.DateField(verbose_name="归属日")),
                ("name", models.TextField(verbose_name="事件")),
                (
                    "handler",
                    models.CharField(
                        help_text='"resolve" and "append": it did not get further.',
                        max_length=200,
                        verbose_name="处理程序",
                    ),
                ),
                ("reason", models.TextField(verbose_name="原因")),
                ("trace", models.TextField(help_text="Files, lines and functions.", verbose_name="出错位置")),
                ("at", models.DateTimeField(default=homeground.core.time.now, verbose_name="时间")),
                (
                    "discarded_at",
                    models.DateTimeField(
                        help_text="Nobody will retry it; its day may be dropped.", null=True, verbose_name="放弃时间"
                    ),
                ),
            ],
            options={
                "verbose_name": "搁置事件",
                "verbose_name_plural": "搁置事件",
                "permissions": [("mend_stream", "重试或放弃搁置事件")],
                "constraints": [
                    models.UniqueConstraint(fields=("event_id", "handler"), name="set_aside_once_per_handler")
                ],
            },
        ),
        migrations.CreateModel(
            name="StreamBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.UUIDField(help_text="ClickHouse keeps a block with this token once.", unique=True)),
                ("from_xid", models.BigIntegerField(help_text="The position before its first event.")),
                ("from_id", models.BigIntegerField()),
                ("to_xid", models.BigIntegerField(help_text="The position of its last event.")),
                ("to_id", models.BigIntegerField()),
                ("count", models.IntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "待写入"), ("appended", "待处理"), ("handled", "已完成")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("opened_at", models.DateTimeField(default=homeground.core.time.now)),
                ("appended_at", models.DateTimeField(null=True)),
                ("handled_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "批次",
                "verbose_name_plural": "批次",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "handled"), _negated=True),
                        fields=["id"],
                        name="stream_batches_under_way",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("from_xid", "from_id"), name="stream_batches_do_not_overlap")
                ],
            },
        ),
        migrations.CreateModel(
            name="HandlerProgress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("handler", models.CharField(max_length=200)),
                ("done", models.IntegerField(default=0)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="progress", to="events.streambatch"
                    ),
                ),
            ],
            options={
                "verbose_name": "处理进度",
                "verbose_name_plural": "处理进度",
                "constraints": [
                    models.UniqueConstraint(fields=("batch", "handler"), name="handler_progress_once_per_batch")
                ],
            },
        ),
    ]
