"""The lake follows conversations and the event log, and a case's fact counts its contacts and its owners."""

from django.db import migrations

FOLLOWED = ["act_contact", "act_callback"]
# TRICKY: no `touch` on the log: the reactor reads its xid and would take a touched event for a new one.
BURIED = [*FOLLOWED, "core_event"]
OF_A_CASE = ["act_contact", "act_assignment"]

TRIGGERS = "".join(
    [
        *(
            f"create trigger touch before update on {table} for each row execute function voiceloop_touch();"
            for table in FOLLOWED
        ),
        *(
            f"create trigger bury after delete on {table} for each row execute function voiceloop_bury();"
            for table in BURIED
        ),
        *(
            f"create trigger touch_case after insert or update or delete on {table}"
            " for each row execute function voiceloop_touch_case();"
            for table in OF_A_CASE
        ),
    ]
)
DROP = "".join(
    [
        *(f"drop trigger touch on {table};" for table in FOLLOWED),
        *(f"drop trigger bury on {table};" for table in BURIED),
        *(f"drop trigger touch_case on {table};" for table in OF_A_CASE),
    ]
)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0002_followed_tables"),
        ("act", "0004_conversations_are_followed"),
        ("core", "0002_event_notify"),
    ]
    operations = [migrations.RunSQL(TRIGGERS, DROP)]
