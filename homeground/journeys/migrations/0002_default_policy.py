"""The guard's policy that a new deployment starts with; operators add newer rows."""

from datetime import UTC, datetime, time

from django.db import migrations

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)
_SHIPPED = {"valid_from": ALWAYS, "set_by": "homeground"}
_CAPS = {  # relation: promotions in 7 days, in 30 days. The weaker the tie, the less it bears.
    "none": (1, 2),
    "one_way": (1, 4),
    "two_way": (2, 6),
    "many_way": (3, 8),
}


def add(apps, schema_editor):
    def model(name):
        return apps.get_model("journeys", name).objects

    model("GlobalHoldout").create(
        share_bp=500, salt="global-1", source="出厂默认：5%（GrowthBook 默认 5%，LaunchDarkly 建议 1%–5%）", **_SHIPPED
    )
    model("QuietHours").create(
        channel="*", starts=time(21), ends=time(9), source="出厂默认：客户当地 21:00–09:00 不打扰", **_SHIPPED
    )
    model("PromotionShare").create(
        max_share_bp=8000, window_days=30, min_touches=5, source="出厂默认：不把私域做成发广告的渠道", **_SHIPPED
    )
    for relation, (week, month) in _CAPS.items():
        for days, most in ((7, week), (30, month)):
            model("FrequencyCap").create(
                relation=relation, channel="*", window_days=days, max_touches=most,
                source="出厂默认：关系越弱，能承受的营销越少", **_SHIPPED,
            )


class Migration(migrations.Migration):
    dependencies = [("journeys", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
