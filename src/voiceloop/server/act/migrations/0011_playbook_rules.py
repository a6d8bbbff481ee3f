from __future__ import annotations

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies = [("act", "0010_routing")]

    operations: list[Operation] = []
