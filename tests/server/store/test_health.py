"""The health page says how large the lake is, when it was looked after, and who is not quite gone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now
from django.utils.translation import override

from tests.server.store.conftest import Rows
from voiceloop.analytics.lake import Lake
from voiceloop.server.core.health import Finding, all_checks
from voiceloop.server.core.models import Unit, User
from voiceloop.server.store import health
from voiceloop.server.store.models import Erasure, Upkeep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _same_lake(lake: Lake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "lake", lambda: lake)


def found(code: str) -> Finding:
    with override("en"):
        return next(check for check in all_checks() if check.code == code).run()


class TestChecks:
    def test_it_counts_rows_files_and_versions(self, lake: Lake, rows: Rows) -> None:
        lake.append("transactions", [{"transaction_id": n, "day": now().date()} for n in range(1200)])
        assert found("lake_size").text.startswith("1,200 rows in 1 files, ")
        assert found("lake_size").text.endswith("transactions v0")

    def test_it_warns_when_the_lake_is_not_looked_after(self) -> None:
        assert found("lake_upkeep").state == "good"
        Upkeep.objects.create(job="vacuum", at=now() - timedelta(days=1))
        assert found("lake_upkeep").state == "warn"

    def test_it_tells_until_when_the_erased_are_gone(self, unit: Unit, dora: User) -> None:
        assert found("erasures").text == "Every erased customer is gone from the disk."
        receipt = Erasure.objects.create(unit=unit, by=dora, customer_key=1)
        assert found("erasures").state == "good"
        Erasure.objects.filter(pk=receipt.pk).update(lake_at=now() - timedelta(days=3))
        assert found("erasures").state == "warn"
        assert "1 erased customer is still in dead files. The first are gone after" in found("erasures").text
