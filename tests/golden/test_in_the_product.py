"""The public files, imported by the product and carried into its lake, give the figures of the files."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from importlib import import_module

import pyarrow.parquet as pq
import pytest

from tests.golden import shapes
from voiceloop.analytics import FileSource, Lake, measure
from voiceloop.analytics.flow import flow
from voiceloop.server.collect import imports
from voiceloop.server.collect.importing.preview import Sample, first_mapping
from voiceloop.server.collect.importing.run import run
from voiceloop.server.core.models import Unit
from voiceloop.server.store import sync

pytestmark = pytest.mark.django_db(transaction=True)

# Of a large file every so many lines are taken: what is the same for them is the same for all.
MOST, EVERY = 150_000, 5
FILES = {
    "bank_callcenter/calls_1999_08_01_to_21.csv.gz": (
        "calls",
        ("waiting_time", "average_handling_time", "abandonment_rate", "service_level", "recontact_rate"),
        "topic",
        shapes.calls,
    ),
    "uci_incidents/events.csv.gz": (
        "tickets",
        ("sla_attainment", "time_to_resolution", "resolution_rate", "reopened_rate", "reassigned_rate"),
        "priority",
        shapes.incidents,
    ),
    "helpdesk_log/events.csv.gz": (
        "log",
        ("first_contact_time", "resolution_rate", "reopened_rate", "time_to_resolution"),
        "severity",
        shapes.helpdesk,
    ),
    "bpi2013/closed_problems.csv.gz": (
        "log",
        ("resolution_rate", "reassigned_rate"),
        "team",
        shapes.problems,
    ),
    "online_retail/transactions_2009_12_to_2010_11.csv.gz": (
        "orders",
        ("order_value", "return_rate", "retention_rate", "churn_rate", "repeat_purchase_rate"),
        "kind",
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


def cut(path, folder):
    """The file itself; of a large one some lines of each of its days."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        header, *lines = file
    if len(lines) <= MOST:
        return path
    short = folder / path.name.removesuffix(".gz")
    short.write_text("".join([header, *lines[::EVERY]]), encoding="utf-8", newline="")
    return short


@pytest.mark.parametrize("name", FILES)
class TestFiles:
    @pytest.mark.requirement(17, 27, 28, 31, 32, 51)
    def test_it_gives_the_figures_of_the_file(self, name, lake, bring, tmp_path):
        kind, metrics, by, made = FILES[name]
        path = cut(shapes.whole(name, tmp_path, made), tmp_path)
        import_, file = bring(path), FileSource(path)
        assert (import_.kind, import_.n_bad) == (kind, _no_calls(path) if kind == "calls" else 0)
        for metric in metrics:
            same(measure(lake, metric, min_n=1).one, measure(file, metric, min_n=1).one)
        grouped(measure(lake, metrics[0], by=[by], min_n=1), measure(file, metrics[0], by=[by], min_n=1))


def grouped(found, told):
    of_lake = {row.key: (row.n, row.value) for row in map(plain, found.rows)}
    of_file = {row.key: (row.n, row.value) for row in map(plain, told.rows)}
    assert of_lake.keys() == of_file.keys()
    for key, (n, value) in of_file.items():
        assert of_lake[key] == (n, None if value is None else pytest.approx(value, rel=1e-9))


def plain(row):
    return replace(row, key=tuple(row.key.values()))


class TestLogs:
    def test_a_log_has_the_events_and_the_steps_of_the_file(self, lake, bring, tmp_path):
        path = shapes.whole("bpi2013/closed_problems.csv.gz", tmp_path, shapes.problems)
        bring(path)
        rows = [row for uri in lake.uris("events") for row in pq.read_table(uri).to_pylist()]
        imported = [row for row in rows if row["event_id"] < 0]
        told = flow(path)
        assert (len({row["subject"] for row in imported}), len(imported)) == (told.cases, told.events)
        assert len({row["activity"] for row in imported}) == len({one.name for one in told.activities})


class TestSurveys:
    @pytest.mark.parametrize(
        ("name", "made", "columns"),
        [
            ("nps_bank/responses.csv", shapes.bank, {}),
            ("sfo_survey/nps_2017.csv", None, {"score": "recommend_0_10", "weight": "weight"}),
        ],
    )
    def test_it_gives_the_score_of_the_file(self, name, made, columns, lake, bring, tmp_path):
        path = shapes.whole(name, tmp_path, made or _airport)
        bring(path)
        same(measure(lake, "nps").one, measure(FileSource(path, columns), "nps").one)
        if columns:
            found = measure(lake, "nps", weighted=True).one
            same(found, measure(FileSource(path, columns), "nps", weighted=True).one)


def _airport(draw):
    yield ("year", "respondent", "recommend_0_10", "weight")
    for i in range(600):
        yield (2017, i + 1, draw.choice(["", *range(11)]), draw.choice([0.5, 1.0, 2.5]))


def _no_calls(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return sum(row["outcome"] == "PHANTOM" for row in csv.DictReader(file))
