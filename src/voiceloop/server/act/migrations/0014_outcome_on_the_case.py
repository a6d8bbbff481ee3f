"""What came of a case stands on it too, so that those still waiting for a word are found among a million."""

from django.db import migrations, models

# `touch_case` of the store touches the case whenever its resolution or its outcome comes, changes or goes.
TRIGGER = """
create or replace function voiceloop_resolved_at() returns trigger language plpgsql as $$
begin
  new.resolved_at := (select at from act_resolution where case_id = new.id);
  new.outcome_code := coalesce((select code from act_outcome where case_id = new.id), '');
  return new;
end $$;
"""
BEFORE = """
create or replace function voiceloop_resolved_at() returns trigger language plpgsql as $$
begin
  new.resolved_at := (select at from act_resolution where case_id = new.id);
  return new;
end $$;
"""
FILL = "update act_case c set outcome_code = o.code from act_outcome o where o.case_id = c.id;"


class Migration(migrations.Migration):
    dependencies = [("act", "0013_notices")]

    operations = [
        migrations.AddField(
            "case",
            "outcome_code",
            models.CharField(blank=True, default="", editable=False, max_length=16),
        ),
        migrations.RunSQL(TRIGGER, BEFORE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["outcome_code", "-resolved_at"],
                name="case_by_outcome",
                condition=models.Q(("resolved_at__isnull", False)),
            ),
        ),
    ]
