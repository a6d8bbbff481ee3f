"""Triggers with which the lake follows the database: every change moves a row's `xid`, every delete leaves a stone."""

from django.db import migrations

FOLLOWED = [
    "collect_answer",
    "collect_response",
    "collect_verbatim",
    "collect_invitation",
    "collect_transaction",
    "understand_annotation",
    "act_case",
]
# A case's fact holds what these rows say of it.
OF_A_CASE = ["act_resolution", "act_outcome", "act_reopening"]

FUNCTIONS = """
create function voiceloop_touch() returns trigger language plpgsql as $$
begin
  new.xid := pg_current_xact_id();
  return new;
end $$;
create function voiceloop_bury() returns trigger language plpgsql as $$
begin
  insert into store_tombstone ("table", key) values (tg_table_name, old.id);
  return null;
end $$;
create function voiceloop_touch_case() returns trigger language plpgsql as $$
begin
  update act_case set id = id where id = coalesce(new.case_id, old.case_id);
  return null;
end $$;
"""
DROP = "drop function voiceloop_touch() cascade; drop function voiceloop_bury() cascade; drop function voiceloop_touch_case() cascade;"

TRIGGERS = "".join(
    f"create trigger touch before update on {table} for each row execute function voiceloop_touch();"
    f"create trigger bury after delete on {table} for each row execute function voiceloop_bury();"
    for table in FOLLOWED
) + "".join(
    f"create trigger touch_case after insert or update or delete on {table}"
    " for each row execute function voiceloop_touch_case();"
    for table in OF_A_CASE
)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0001_initial"),
        ("collect", "0001_initial"),
        ("understand", "0001_initial"),
        ("act", "0002_initial"),
    ]
    operations = [migrations.RunSQL(FUNCTIONS + TRIGGERS, DROP)]
