"""Many rows at once, and what the database knows of them."""

from __future__ import annotations

import pytest
from django.db import connection

from voiceloop.server.collect.models import Customer
from voiceloop.server.core import bulk
from voiceloop.server.core.models import Unit


@pytest.mark.django_db
class TestPlanAnew:
    @pytest.mark.parametrize("models", [(Customer,), ()])
    def test_the_database_knows_at_once_how_many_rows_there_are(
        self, east: Unit, models: tuple[type[Customer], ...]
    ) -> None:
        bulk.copy(Customer, ["unit_id", "number"], [(east.pk, f"N{n}") for n in range(3_000)])
        bulk.plan_anew(*models)
        with connection.cursor() as cursor:
            cursor.execute("select reltuples from pg_class where relname = %s", [Customer._meta.db_table])
            assert cursor.fetchone()[0] == Customer.objects.count()
