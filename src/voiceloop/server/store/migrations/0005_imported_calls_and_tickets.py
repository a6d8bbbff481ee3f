"""The lake follows conversations and the tickets of other systems; an order's own trigger is there already."""

from django.db import migrations

FOLLOWED = ["collect_conversation", "collect_importedticket", "collect_importedactivity"]

TRIGGERS = "".join(
    f"create trigger touch before update on {table} for each row execute function voiceloop_touch();"
    f"create trigger bury after delete on {table} for each row execute function voiceloop_bury();"
    for table in FOLLOWED
)
DROP = "".join(f"drop trigger touch on {table}; drop trigger bury on {table};" for table in FOLLOWED)


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0004_receipts_and_upkeep"),
        ("collect", "0008_calls_tickets_orders"),
    ]
    operations = [migrations.RunSQL(TRIGGERS, DROP)]
