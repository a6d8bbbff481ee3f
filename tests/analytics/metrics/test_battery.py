"""What every metric must keep, whoever adds it."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest

from voiceloop.analytics import measure, metrics
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.scales import SCALES
from voiceloop.analytics.schema import TABLES

ALL = sorted(metrics())


@pytest.mark.parametrize("name", ALL)
class TestEveryMetric:
    def test_it_is_declared_in_both_languages(self, name):
        metric = metrics()[name]
        assert isinstance(metric, Metric)
        assert all((metric.label_en, metric.label_zh, metric.definition_en, metric.definition_zh))
        assert any("一" <= letter <= "鿿" for letter in metric.definition_zh)

    def test_it_names_known_tables_and_scales(self, name):
        metric = metrics()[name]
        assert metric.table in TABLES
        assert set(metric.scales) <= set(SCALES)
        assert bool(metric.scales) == (metric.table == "answers")

    def test_it_has_no_value_without_rows(self, name, lake):
        row = measure(lake, name, min_n=0).one
        assert (row.n, row.value, row.low, row.high) == (0, None, None, None)

    def test_its_groups_add_up(self, name, filled):
        whole = measure(filled, name).one
        assert whole.n >= 10
        assert measure(filled, name, by=["channel"]).total == whole.parts
        assert measure(filled, name, every="week", by=["team"]).total == whole.parts

    def test_its_interval_holds_its_value(self, name, filled):
        row = measure(filled, name).one
        assert row.low <= row.value <= row.high

    def test_its_value_stays_within_its_unit(self, name, filled):
        low, high = {"points": (-100, 100), "%": (0, 100)}.get(metrics()[name].unit, (0, 1e9))
        row = measure(filled, name).one
        assert low <= row.low <= row.high <= high


CHANNELS, TEAMS, DAYS = (
    ("web", "sms", None),
    ("north", "south"),
    tuple(date(2026, 1, 1 + 7 * i) for i in range(4)),
)


@pytest.fixture
def filled(lake):
    """A lake with some of everything, the same every time."""
    for name, own in FACTS.items():
        n = 60
        shared = {
            "channel": [CHANNELS[i % 3] for i in range(n)],
            "team": [TEAMS[i % 2] for i in range(n)],
            "day": [DAYS[i % 4] for i in range(n)],
            TABLES[name].key: list(range(n)),
        }
        lake.append(
            name, pa.table(shared | {column: [value(i) for i in range(n)] for column, value in own.items()})
        )
    return lake


_ASKED = (("nps", "nps_0_10", 11), ("nps", "nps_signed", 21), ("csat", "csat_1_5", 5), ("ces", "ces_1_7", 7))
_DUE = date(2026, 1, 2)


def _score(i):
    _, scale, n = _ASKED[i % 4]
    return float(SCALES[scale].low + (i * 7) % n)


FACTS = {
    "answers": {
        "question": lambda i: _ASKED[i % 4][0],
        "scale": lambda i: _ASKED[i % 4][1],
        "score": _score,
    },
    "annotations": {
        "kind": lambda i: ("sentiment", "reason", "voice")[i % 3],
        "label": lambda i: ("problem", "praise")[i // 3 % 2],
        "polarity": lambda i: (-1, 0, 1)[i // 3 % 3],
    },
    "invitations": {
        "status": lambda i: "suppressed" if i % 5 == 0 else "sent",
        "sent_at": lambda i: None if i % 5 == 0 else DAYS[0],
        "started_at": lambda i: DAYS[0] if i % 2 else None,
        "answered_at": lambda i: DAYS[1] if i % 4 == 1 else None,
    },
    "cases": {
        "kind": lambda i: ("recovery", "complaint")[i % 2],
        "first_contact_due_at": lambda i: DAYS[1],
        "first_contact_at": lambda i: (DAYS[0], DAYS[2], None)[i % 3],
        "resolved_at": lambda i: DAYS[2] if i % 3 else None,
        "n_reopened": lambda i: int(i % 7 == 0),
        "outcome": lambda i: ("recovered", "not_recovered", "no_answer")[i % 3],
    },
    "transactions": {
        "amount": lambda i: 10.0 + i % 9,
        "wait_minutes": lambda i: 5.0 + i % 11,
        "promised_minutes": lambda i: 10.0,
    },
}
