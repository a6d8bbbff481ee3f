from __future__ import annotations

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    dependencies = [("act", "0009_casework")]

    operations: list[Operation] = []
