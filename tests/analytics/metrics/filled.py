"""Some of everything in every table, the same every time, so that each metric has rows in each group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa

from voiceloop.analytics import Lake
from voiceloop.analytics.scales import SCALES
from voiceloop.analytics.schema import TABLES

N = 240
FIRST = date(2025, 6, 1)
CHANNELS, TEAMS = ("web", "sms", None), ("north", "south")

Column = Callable[[int], Any]


def fill(lake: Lake) -> Lake:
    """Write ``N`` rows into each table."""
    for name, own in FACTS.items():
        columns: Mapping[str, Column] = {TABLES[name].key: lambda i: i} | SHARED | own
        lake.append(
            name, pa.table({column: [value(i) for i in range(N)] for column, value in columns.items()})
        )
    return lake


def _day(i: int) -> date:
    return FIRST + timedelta(days=i)


def _at(i: int, hours: float = 2) -> datetime:
    return datetime(2025, 6, 1, tzinfo=UTC) + timedelta(days=i, hours=hours)


SHARED: dict[str, Column] = {
    "channel": lambda i: CHANNELS[i % 3],
    "team": lambda i: TEAMS[i // 3 % 2],
    "day": _day,
    "at": _at,
    "customer_key": lambda i: i * 7 % 40,
}

_ASKED = (
    *(("nps", "nps_0_10"),) * 6,
    ("nps", "nps_signed"),
    ("csat", "csat_1_5"),
    ("ces", "ces_1_7"),
    ("fcr", "yes_no"),
    *((f"servqual_{name}", "csat_1_5") for name in ("reliability", "responsiveness", "assurance")),
    *((f"servqual_{name}", "csat_1_5") for name in ("empathy", "tangibles")),
    ("expected_speed", "csat_1_5"),
    ("got_speed", "csat_1_5"),
    ("told_good", "people_0_10"),
    ("told_bad", "people_0_10"),
)


def _score(i: int) -> float:
    points = SCALES[_ASKED[i % len(_ASKED)][1]].points
    return points[i * 3 % len(points)]


FACTS: dict[str, dict[str, Column]] = {
    "answers": {
        # An expectation and its experience stand next to each other, in one response.
        "response_id": lambda i: i // len(_ASKED),
        "question": lambda i: _ASKED[i % len(_ASKED)][0],
        "scale": lambda i: _ASKED[i % len(_ASKED)][1],
        "score": _score,
        "customer_key": lambda i: i % 3,
    },
    "annotations": {
        "kind": lambda i: ("sentiment", "reason", "voice", "emotion", "severity", "urgency", "need")[i % 7],
        "label": lambda i: ("problem", "praise", "angry", "serious")[i // 7 % 4],
        "polarity": lambda i: (-1, 0, 1)[i // 7 % 3],
    },
    "invitations": {
        "status": lambda i: ("suppressed", "sent", "failed", "sent", "answered")[i % 5],
        "sent_at": lambda i: None if i % 5 == 0 else _at(i),
        "started_at": lambda i: _at(i, 3) if i % 5 == 4 or i % 2 else None,
        "answered_at": lambda i: _at(i, 4) if i % 5 == 4 else None,
    },
    "cases": {
        "kind": lambda i: ("recovery", "complaint")[i % 2],
        "opened_at": _at,
        "first_contact_due_at": lambda i: _at(i, 26),
        "first_contact_at": lambda i: (_at(i, 3 + i % 5), _at(i, 40), None)[i % 3],
        "due_at": lambda i: _at(i, 48),
        "resolved_at": lambda i: _at(i, 30 + i % 29) if i % 3 else None,
        "closed_at": lambda i: _at(i, 60 + i % 17) if i % 3 else None,
        "sla_met": lambda i: (1, 0, None)[i % 3],
        "n_reassigned": lambda i: i % 4,
        "n_reopened": lambda i: int(i % 7 == 0),
        "outcome": lambda i: ("recovered", "not_recovered", "no_answer")[i // 4 % 3],
    },
    "conversations": {
        "day": lambda i: _day(i // 12),
        "at": lambda i: _at(i // 12, 1 + i % 12 % 5),
        "kind": lambda i: ("call", "chat", "self_service", "callback")[i // 2 % 4],
        "topic": lambda i: ("bill", "refund")[i % 2],
        "outcome": lambda i: ("answered", "answered", "abandoned", None)[i % 4],
        "case_id": lambda i: i if i % 9 == 0 else None,
        "wait_seconds": lambda i: float(i * 37 % 600),
        "handle_seconds": lambda i: float(60 + i * 53 % 900),
        "first_response_seconds": lambda i: float(5 + i * 101 % 4000),
        "solved": lambda i: (1, 0, 1, None)[i % 4],
        "cost": lambda i: float(3 + i % 8),
    },
    "reviews": {
        "subject": lambda i: f"call-{i // 9}",
        "item": lambda i: ("accuracy", "completeness", "consistency")[i % 3],
        "score": lambda i: float(i % 5 > 0),
        "reviewer": lambda i: ("zhou", "shen")[i // 3 % 2],
    },
    "transactions": {
        "kind": lambda i: "return" if i % 11 == 0 else "delivery",
        "amount": lambda i: -5.0 if i % 11 == 0 else 10.0 + i % 9,
        "wait_minutes": lambda i: 5.0 + i % 11,
        "promised_minutes": lambda i: 10.0,
        # Some come every other week, some twice a year.
        "customer_key": lambda i: i * i % 61,
    },
}
