from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("loyalty", "0002_ledger_is_append_only")]

    operations = [
        migrations.AddIndex("pointsposting", BrinIndex(fields=["at"], name="points_by_moment")),
    ]
