"""Where the public data lies; and seeded files of its shape, for where it is not at hand."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

DATA = Path(__file__).parents[3] / "shared" / "data"

Rows = Iterable[Sequence[object]]


def whole(name: str, folder: Path, made: Callable[[random.Random], Rows]) -> Path:
    """Return the real file, else a made one of its shape."""
    if (DATA / name).is_file():
        return DATA / name
    path = folder / Path(name).name.removesuffix(".gz")
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(made(random.Random(2026)))
    return path


def bank(draw: random.Random) -> Rows:
    yield ("id", "market", "survey_date", "month", "quarter", "nps")
    for i in range(900):
        day = datetime(2021, 1, 1) + timedelta(days=draw.randrange(365))
        score = draw.choice([0, 5, 7, 8, 9, 10, 10])
        yield (i, draw.choice(["US", "UK", "MEX"]), f"{day:%Y-%m-%d}", day.month, (day.month + 2) // 3, score)


def calls(draw: random.Random) -> Rows:
    yield ("call_id", "customer_id", "type", "date", "vru_entry", "q_time", "outcome", "ser_time", "server")
    for i in range(900):
        day = datetime(1999, 8, 1) + timedelta(seconds=draw.randrange(21 * 86400))
        end = draw.choice(["AGENT", "AGENT", "AGENT", "HANG", "PHANTOM"])
        served = 36291 if i == 7 else draw.randrange(1, 900) if end == "AGENT" else 0
        who = draw.randrange(200) if draw.random() < 0.5 else ""
        wait = draw.choice([0, draw.randrange(300)])
        yield (
            i,
            who,
            draw.choice(["PS", "NW"]),
            f"{day:%Y-%m-%d}",
            f"{day:%H:%M:%S}",
            wait,
            end,
            served,
            "X",
        )


def incidents(draw: random.Random) -> Rows:
    yield (
        *("number", "incident_state", "reassignment_count", "reopen_count", "made_sla", "opened_at"),
        *("sys_updated_at", "priority", "resolved_at", "closed_at"),
    )
    for i in range(300):
        opened = datetime(2016, 3, 1) + timedelta(minutes=draw.randrange(90 * 1440))
        at, passed = opened, 0
        solved = opened + timedelta(minutes=draw.randrange(9000, 20000)) if draw.random() < 0.9 else None
        met, again, urgent = draw.random() < 0.7, draw.choice([0, 0, 0, 1]), draw.choice("1234")
        for state in ("New", "Active", "Active", "Resolved", "Closed"):
            passed += draw.choice([0, 0, 1])
            ends = [f"{one:%Y-%m-%d %H:%M}" if one else "" for one in (solved, solved)]
            done = str(met if state == "Closed" else True).lower()
            when = f"{opened:%Y-%m-%d %H:%M}"
            yield (f"INC{i:04}", state, passed, again, done, when, f"{at:%Y-%m-%d %H:%M}", urgent, *ends)
            at += timedelta(minutes=draw.randrange(1, 2000))


def helpdesk(draw: random.Random) -> Rows:
    yield ("case_id", "activity", "resource", "complete_timestamp", "product")
    ways = (
        ("Assign seriousness", "Take in charge ticket", "Resolve ticket", "Closed"),
        ("Assign seriousness", "Take in charge ticket", "Wait", "Resolve ticket", "Closed"),
        ("Assign seriousness", "Take in charge ticket", "Resolve ticket", "Take in charge ticket", "Closed"),
    )
    yield from _log(draw, ways, lambda case, step, who, at: (case, step, who, at, "P1"))


def problems(draw: random.Random) -> Rows:
    yield ("organization_involved", "concept_name", "impact", "time_timestamp", "case_concept_name")
    ways = (
        ("Accepted", "Completed"),
        ("Accepted", "Queued", "Accepted", "Completed"),
        ("Accepted", "Completed", "Accepted", "Completed"),
    )
    yield from _log(draw, ways, lambda case, step, who, at: (who, step, "High", at, case))


def _log(draw: random.Random, ways: Sequence[Sequence[str]], row: Callable[..., Sequence[object]]) -> Rows:
    for i in range(250):
        at = datetime(2012, 1, 2) + timedelta(minutes=draw.randrange(200000))
        for step in draw.choice(ways):
            yield row(f"Case {i}", step, f"Value {draw.randrange(3)}", f"{at:%Y-%m-%d %H:%M:%S}")
            at += timedelta(seconds=draw.randrange(1, 500000))


def retail(draw: random.Random) -> Rows:
    yield ("invoice", "stock_code", "quantity", "invoice_date", "price", "customer_id", "country")
    for i in range(1200):
        at = datetime(2009, 12, 1) + timedelta(minutes=draw.randrange(365 * 1440))
        sign, letter = (-1, "C") if draw.random() < 0.1 else (1, "")
        who = draw.randrange(12000, 12150) if draw.random() < 0.8 else ""
        for line in range(draw.randrange(1, 4)):
            count, price = sign * draw.randrange(1, 9), draw.randrange(1, 900) / 100
            yield (f"{letter}{489434 + i}", f"S{line}", count, f"{at:%Y-%m-%d %H:%M}", price, who, "UK")
