"""A process that asks a lake its questions and tells how long each took: `… LAKE rows|dashboard N`."""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from voiceloop.analytics import Lake, measure
from voiceloop.analytics.answering import MEMORY
from voiceloop.bench import machine, questions

Words = Mapping[str, Any]

UNITS = [f"s{i:03}" for i in range(100, 112)]


def dashboard(last: date) -> dict[str, Words]:
    """What pages ask of NPS, until the day after `last`."""
    until = last + timedelta(days=1)
    month = last.replace(day=1)
    quarter = (month - timedelta(days=62)).replace(day=1)
    month_ago, quarter_ago = last - timedelta(days=29), last - timedelta(days=90)
    now, recent = {"since": month, "until": until}, {"since": quarter, "until": until}
    return {
        "this month": now,
        "by month": {"every": "month"},
        "by week, 13 weeks": {"every": "week", "since": quarter_ago, "until": until},
        "by day of one touchpoint, 30 days": {
            "every": "day",
            "where": {"touchpoint": "hotline"},
            "since": month_ago,
            "until": until,
        },
        "by channel, a quarter": {"by": ["channel"], **recent},
        "touchpoint × channel, this month": {"by": ["touchpoint", "channel"], **now},
        "by segment, ever": {"by": ["segment"]},
        "by month of one channel and two segments": {
            "every": "month",
            "where": {"channel": "sms", "segment": ["office", "family"]},
        },
        "by region, a quarter": {"by": ["region"], **recent},
        "region × segment, this month": {"by": ["region", "segment"], **now},
        "stores of one region, this month": {"by": ["unit"], "where": {"region": "shanghai"}, **now},
        "by touchpoint in twelve stores, a quarter": {
            "by": ["touchpoint"],
            "where": {"unit": UNITS},
            **recent,
        },
        "by week in twelve stores, 13 weeks": {
            "every": "week",
            "where": {"unit": UNITS},
            "since": quarter_ago,
            "until": until,
        },
        "agents of one store, a quarter": {"by": ["agent"], "where": {"unit": UNITS[0]}, **recent},
        "promoters, passives, detractors by month": {"by": ["score_class"], "every": "month"},
        "by tier, a quarter": {"by": ["tier"], **recent},
    }


# Nothing that is kept knows stores together with segments and stages.
UNCOVERED: Words = {"by": ["team", "stage"], "where": {"segment": "office", "language": "en"}}


def main(path: str, what: str, rounds: int) -> None:
    lake = Lake(path)
    # The first round, which does not count, opens the files.
    asked = _rows(lake) if what == "rows" else _dashboard(lake)
    for words in asked.values():
        _timed(lake, words)
    print("ready", flush=True)
    sys.stdin.readline()
    turns = [name for name in asked for _ in range(rounds)]
    random.Random(7).shuffle(turns)
    found = [(name, *_timed(lake, asked[name])) for name in turns]
    print(json.dumps({"asked": found, "peak_megabytes": machine.peak_megabytes()}), flush=True)


def _rows(lake: Lake) -> dict[str, Words]:
    every = questions.of(lake)
    return {one.name: {**one.words, "use_cubes": False} for one in every}


def _dashboard(lake: Lake) -> dict[str, Words]:
    year, month = map(int, lake.months("answers")[-1].split("-"))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return {**dashboard(last), "uncovered": UNCOVERED}


def _timed(lake: Lake, words: Words) -> tuple[float, str]:
    """Milliseconds until all rows are there, and what they were read from."""
    MEMORY.clear()
    began = time.perf_counter()
    result = measure(lake, "nps", **words)
    assert result.rows
    return (time.perf_counter() - began) * 1000, result.source


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
