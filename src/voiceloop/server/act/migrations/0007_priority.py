"""A case's priority, its nearest due moment and when it was resolved; a promise's second step up."""

from django.db import migrations, models

PRIORITIES = [(1, "Urgent"), (2, "High"), (3, "Normal"), (4, "Low")]
OPEN = models.Q(("resolved_at", None))

# Whatever a program writes, the column says what the row of the resolution says: `touch_case` of the store
# touches the case whenever that row comes, changes or goes.
TRIGGER = """
create function voiceloop_resolved_at() returns trigger language plpgsql as $$
begin
  new.resolved_at := (select at from act_resolution where case_id = new.id);
  return new;
end $$;
create trigger resolved_at before insert or update on act_case
  for each row execute function voiceloop_resolved_at();
"""
DROP = "drop trigger resolved_at on act_case; drop function voiceloop_resolved_at();"

# Points as in `cases/priority.py`; what people say of a comment and the clocks are read from what is there.
FILL = """
with said as (
    select c.id,
        max(a.label) filter (where a.kind = 'emotion' and a.label = 'angry') as angry,
        max(a.label) filter (where a.kind = 'emotion' and a.label = 'disappointed') as disappointed,
        max(a.label) filter (where a.kind = 'emotion' and a.label = 'understanding') as understanding,
        min(a.label) filter (where a.kind = 'urgency'
            and a.label in ('self_harm', 'safety', 'legal', 'authority', 'media')) as grave,
        min(a.label) filter (where a.kind = 'urgency' and a.label in ('churn', 'pressing')) as pressing
    from act_case c
    left join collect_verbatim v on v.response_id = c.response_id
    left join understand_annotation a on a.verbatim_id = v.id and a.kind in ('emotion', 'urgency')
    group by c.id
), due as (
    select case_id, min(due_at) as at from act_clock where state = 'running' group by case_id
), read as (
    select c.id, due.at as due_at,
        coalesce(said.angry, said.disappointed, said.understanding, '') as emotion,
        coalesce(said.grave, said.pressing, '') as urgency,
        case c.severity when 'catastrophic' then 4 when 'serious' then 2 else 0 end
        + case when said.angry is not null then 2 when said.disappointed is not null then 1
            when said.understanding is not null then -1 else 0 end
        + case when said.grave is not null then 4 when said.pressing is not null then 1 else 0 end
        + case when c.tier in ('gold', 'black', 'platinum', 'diamond', 'vip') then 1 else 0 end as points
    from act_case c join said on said.id = c.id left join due on due.case_id = c.id
)
update act_case c set due_at = read.due_at, emotion = read.emotion,
    priority = case when points >= 4 then 1 when points >= 2 then 2 when points >= 0 then 3 else 4 end,
    priority_reason = jsonb_build_object('severity', c.severity, 'emotion', read.emotion,
        'urgency', read.urgency, 'tier', c.tier)
from read where read.id = c.id;
update act_clock k set second_at = k.due_at + make_interval(mins => p.minutes)
from act_servicepromise p where p.id = k.promise_id and k.state = 'running';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("act", "0006_promises_and_clocks"),
        ("store", "0005_imported_calls_and_tickets"),
        ("understand", "0003_more_kinds_of_labels"),
        ("collect", "0007_no_index_on_the_first_transaction"),
    ]

    operations = [
        migrations.AddField(
            "case", "priority", models.PositiveSmallIntegerField(choices=PRIORITIES, default=3)
        ),
        migrations.AddField("case", "priority_reason", models.JSONField(blank=True, default=dict)),
        migrations.AddField("case", "emotion", models.CharField(blank=True, max_length=16, default="")),
        migrations.AlterField("case", "emotion", models.CharField(blank=True, max_length=16)),
        migrations.AddField(
            "case",
            "level",
            models.PositiveSmallIntegerField(
                choices=[(0, "Not handed up"), (1, "With the lead"), (2, "With the manager")], default=0
            ),
        ),
        migrations.AddField("case", "due_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "case", "resolved_at", models.DateTimeField(blank=True, editable=False, null=True)
        ),
        migrations.AddField(
            "servicepromise",
            "priority",
            models.PositiveSmallIntegerField(blank=True, choices=PRIORITIES, null=True),
        ),
        migrations.AddField(
            "servicepromise", "second_percent", models.PositiveSmallIntegerField(default=200)
        ),
        migrations.AlterField(
            "servicepromise",
            "on_breach",
            models.CharField(
                choices=[
                    ("tell", "Tell the owner and the lead"),
                    ("escalate", "Hand the case to the lead"),
                    ("reassign", "Give the case to somebody who is free"),
                ],
                default="tell",
                max_length=16,
            ),
        ),
        migrations.AddField("clock", "second_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("clock", "second_told_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddIndex(
            "case", models.Index(fields=["priority", "due_at"], name="case_by_urgency", condition=OPEN)
        ),
        migrations.AddIndex(
            "case",
            models.Index(fields=["owner", "priority", "due_at"], name="case_by_urgency_of", condition=OPEN),
        ),
        migrations.AddIndex(
            "case",
            models.Index(fields=["unit", "priority", "due_at"], name="case_by_urgency_in", condition=OPEN),
        ),
        migrations.AddIndex("case", models.Index(fields=["opened_at"], name="case_by_age", condition=OPEN)),
        migrations.AddIndex("case", models.Index(fields=["due_at"], name="case_by_due", condition=OPEN)),
        migrations.AddIndex(
            "case", models.Index(fields=["resolved_at"], name="case_resolved", include=["id", "unit"])
        ),
        migrations.AddIndex(
            "case",
            models.Index(fields=["severity", "priority", "emotion", "-opened_at"], name="case_by_grade"),
        ),
        migrations.AddIndex(
            "clock",
            models.Index(
                fields=["second_at"],
                name="clock_second",
                condition=models.Q(("second_told_at", None), ("state", "running")),
            ),
        ),
        migrations.AddIndex(
            "callback",
            models.Index(
                fields=["due_at"],
                name="callback_waits",
                condition=models.Q(("cancelled_at", None), ("done_at", None)),
            ),
        ),
        migrations.AddIndex(
            "callback",
            models.Index(
                fields=["case"],
                name="callback_waits_for",
                condition=models.Q(("cancelled_at", None), ("done_at", None)),
            ),
        ),
        migrations.AddIndex(
            "callback",
            models.Index(
                fields=["-done_at"], name="callback_done", condition=models.Q(("done_at__isnull", False))
            ),
        ),
        migrations.RunSQL(TRIGGER, DROP),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
