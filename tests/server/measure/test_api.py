"""What a program can ask of the numbers, and what it can never get: a score without its uncertainty."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from pydantic import ValidationError

from tests.server.feedback import lake_in
from tests.server.measure.facts import answers
from voiceloop.analytics import registry
from voiceloop.server.config.api import api
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.api import ResultOut, RowOut

SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.requirement(41)]

FIGURE = {"key": {}, "n": 20, "value": 10.0, "low": -5.0, "high": 25.0}


@pytest.fixture
def measured(east: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = lake_in(tmp_path, monkeypatch)
    for customer in range(10):
        answers(lake, east.code, [10, 10, 10] if customer % 2 else [0, 0, 0], customer_key=customer)


class TestSchema:
    def test_it_lists_the_metrics_of_the_registry(self) -> None:
        operation = api.get_openapi_schema()["paths"]["/api/metrics/{name}"]["get"]
        (name,) = [one for one in operation["parameters"] if one["name"] == "name"]
        assert name["schema"]["enum"] == sorted(registry.metrics())

    def test_its_figures_cannot_leave_out_what_makes_them_honest(self) -> None:
        assert {"key", "n", "value", "low", "high"} <= set(RowOut.model_json_schema()["required"])
        assert {"method", "as_of", "source", "version"} <= set(ResultOut.model_json_schema()["required"])

    @pytest.mark.parametrize("missing", ["low", "high"])
    def test_no_value_goes_out_without_its_interval(self, missing: str) -> None:
        with pytest.raises(ValidationError, match="without its interval"):
            RowOut(**{**FIGURE, missing: None})


class TestMetric:
    def test_it_takes_clusters_into_account(self, measured: None, carol: User, signed_in: SignIn) -> None:
        browser = signed_in(carol)
        plain = browser.get("/api/metrics/nps").json()["rows"][0]
        by_customer = browser.get("/api/metrics/nps?cluster=customer_key").json()["rows"][0]
        assert plain["value"] == by_customer["value"] == 0
        # Three answers of one customer that are all alike say little more than one.
        assert by_customer["high"] - by_customer["low"] > 1.5 * (plain["high"] - plain["low"])

    def test_it_measures_under_an_asked_version(self, measured: None, carol: User, signed_in: SignIn) -> None:
        browser = signed_in(carol)
        assert browser.get("/api/metrics/nps?version=1").json()["version"] == 1
        assert browser.get("/api/metrics/nps?version=99").status_code == 422
