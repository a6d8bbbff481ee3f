"""The public files, imported by the product and carried into its lake, give the figures of the files."""

from __future__ import annotations

import csv
import gzip
from importlib import import_module

import pytest

from tests.golden import shapes
from voiceloop.analytics import FileSource, Lake, measure
from voiceloop.server.collect import imports
from voiceloop.server.collect.importing.preview import Sample, first_mapping
from voiceloop.server.collect.importing.run import run
from voiceloop.server.core.models import Unit
from voiceloop.server.store import sync

pytestmark = pytest.mark.django_db(transaction=True)

SURVEYS = {
    "sfo_survey/nps_2017.csv": (("nps",), {"score": "recommend_0_10", "weight": "weight"}),
    "nps_bank/responses.csv": (("nps",), {}),
}
FILES = {
    "bank_callcenter/calls_1999_08_01_to_21.csv.gz": (
        "calls",
        ("waiting_time", "average_handling_time", "abandonment_rate", "service_level", "recontact_rate"),
        shapes.calls,
    ),
    "uci_incidents/events.csv.gz": (
        "tickets",
        ("sla_attainment", "time_to_resolution", "resolution_rate", "reopened_rate", "reassigned_rate"),
        shapes.incidents,
    ),
    "helpdesk_log/events.csv.gz": (
        "log",
        ("first_contact_time", "resolution_rate", "reopened_rate", "time_to_resolution"),
        shapes.helpdesk,
    ),
    "bpi2013/closed_problems.csv.gz": ("log", ("resolution_rate", "reassigned_rate"), shapes.problems),
    "online_retail/transactions_2009_12_to_2010_11.csv.gz": (
        "orders",
        ("order_value", "return_rate", "retention_rate", "churn_rate", "repeat_purchase_rate"),
        shapes.retail,
    ),
}


@pytest.fixture
def lake(tmp_path, monkeypatch):
    # A module that is loaded for the first time now would keep this lake for good.
    import_module("voiceloop.server.config.urls")
    lake = Lake(tmp_path / "lake")
    monkeypatch.setattr(sync, "lake", lambda: lake)
    return lake


@pytest.fixture
def bring(lake):
    """Import a file as somebody who changes nothing on the page of its columns, and carry it to the lake."""
    unit = Unit.objects.create(code="hq", name="总部")

    def bring(path):
        import_ = imports.receive(name=path.name, path=path, unit=unit, by=None, new_programme="golden")
        mapping = first_mapping(import_, Sample.of(import_))
        import_ = run(imports.start(import_=import_, mapping=mapping, by=None, in_background=False))
        assert import_.state == "done", import_.error
        while sync.sync():
            pass
        return import_

    return bring


def same(found, told):
    assert (found.n, found.value) == (told.n, pytest.approx(told.value, rel=1e-9))
    assert found.more == pytest.approx(told.more, rel=1e-6)


@pytest.mark.parametrize("name", FILES)
class TestFiles:
    def test_it_gives_the_figures_of_the_file(self, name, lake, bring, tmp_path):
        kind, metrics, made = FILES[name]
        path = shapes.whole(name, tmp_path, made)
        import_, file = bring(path), FileSource(path)
        assert (import_.kind, import_.n_bad) == (kind, _no_calls(path) if kind == "calls" else 0)
        for metric in metrics:
            same(measure(lake, metric, min_n=1).one, measure(file, metric, min_n=1).one)


def _no_calls(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return sum(row["outcome"] == "PHANTOM" for row in csv.DictReader(file))
