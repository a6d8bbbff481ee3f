"""Contacts and callbacks are facts of the lake too."""

from django.db import migrations

from voiceloop.server.core.fields import CurrentTransaction, TransactionIdField


def _xid(**options):
    return TransactionIdField(db_default=CurrentTransaction(), editable=False, **options)


class Migration(migrations.Migration):

    dependencies = [("act", "0003_playbook_steps")]

    operations = [
        migrations.AddField(model, name, _xid(**options))
        for model in ("callback", "contact")
        for name, options in (("created_xid", {"db_index": False}), ("xid", {}))
    ]
