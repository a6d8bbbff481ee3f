"""Promises and hours have a name in English, too; those of the start get theirs."""

from django.db import migrations, models

NAMES = {
    "ServicePromise": {
        "首次联系 2 小时": "First contact within 2 hours",
        "再次回复 4 小时": "Next reply within 4 hours",
        "3 个工作日内解决": "Solved within 3 working days",
        "停机类：30 分钟响应": "Device stopped: answered within 30 minutes",
        "停机类：2 小时解决": "Device stopped: solved within 2 hours",
    },
    "BusinessCalendar": {"每天 9–21 点": "Every day 9 a.m. to 9 p.m.", "全天候 7×24": "Around the clock"},
}


def fill(apps, schema_editor):
    for model, names in NAMES.items():
        for name, name_en in names.items():
            apps.get_model("act", model).objects.filter(name=name, name_en="").update(name_en=name_en)


class Migration(migrations.Migration):
    dependencies = [("act", "0015_visits_and_stages")]

    operations = [
        migrations.AddField("servicepromise", "name_en", models.CharField(blank=True, max_length=80, default=""), preserve_default=False),
        migrations.AddField("businesscalendar", "name_en", models.CharField(blank=True, max_length=80, default=""), preserve_default=False),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
