"""Wakes the reactor when a transaction that recorded something commits."""

from django.db import migrations

UP = """
create function voiceloop_notify() returns trigger language plpgsql as $$
begin
  perform pg_notify('voiceloop_events', '');
  return null;
end $$;
create trigger notify after insert on core_event
  for each statement execute function voiceloop_notify();
"""
DOWN = "drop trigger notify on core_event; drop function voiceloop_notify();"


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(UP, DOWN)]
