"""Any number of made-up answers in the lake's own schema, for benchmarks, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from voiceloop.analytics.schema import arrow_schema
from voiceloop.analytics.synth import chain, plan
from voiceloop.analytics.synth.clock import DAY, OFFSET, Array, Window, window
from voiceloop.analytics.synth.columns import draw, take

BATCH_ROWS = 131_072
_QUESTIONS = (("nps", "nps_0_10", 0.6), ("csat", "csat_1_5", 0.3), ("ces", "ces_1_7", 0.1))
_TOUCHPOINT_SHARES = np.array([0.34, 0.20, 0.10, 0.06, 0.12, 0.10, 0.08])
_FINENESS = 1024


def answers_batches(
    n: int, seed: int = 7, months: int = 36, *, today: date | None = None
) -> Iterator[pa.RecordBatch]:
    """Yield `n` answers as record batches of the lake's `answers` table, month by month.

    Dimensions agree with each other (a store has its region, an agent their team), and NPS rises over the
    months. Each batch lies within one month, so that it can be appended to one partition.

    Parameters
    ----------
    n
        Number of answers; each belongs to a response of its own.
    seed
        Seed of every random choice; the same arguments give the same rows.
    months
        Calendar months to spread the answers over.
    today
        A day in the last month; default the current day.

    Yields
    ------
    pyarrow.RecordBatch
        At most 131,072 rows each.

    Notes
    -----
    Rows take their dimensions from a pool of 262,144 combinations at a random offset: what is counted is
    varied enough for a benchmark, and a column costs no more than a slice.

    Examples
    --------
    >>> batches = list(answers_batches(1_000, months=4))
    >>> sum(batch.num_rows for batch in batches), batches[0].schema.names[:2]
    (1000, ['answer_id', 'response_id'])
    """
    rng = np.random.default_rng(seed)
    span = window(today, None, months)
    pool = _Pool(rng, min(BATCH_ROWS, max(n, 1)))
    made = 0
    for month, share in enumerate(_shares(n, months)):
        scores = _scores(month / max(months - 1, 1))
        for size in _sizes(share):
            yield _batch(rng, span, month, pool, scores, made, size, n)
            made += size


class _Pool:
    """Ready-made columns of twice the batch's length, to be sliced at a random offset."""

    def __init__(self, rng: np.random.Generator, rows: int) -> None:
        self.rows = rows
        self.question = draw(rng, np.array([share for _, _, share in _QUESTIONS]), 2 * rows)
        self.columns = _dimensions(rng, 2 * rows) | {
            "question": take(chain.codes(tuple((code,) for code, _, _ in _QUESTIONS)), self.question),
            "scale": take(pa.array([scale for _, scale, _ in _QUESTIONS]), self.question),
            "weight": pa.array(np.ones(2 * rows)),
            "attributes": pa.nulls(2 * rows, arrow_schema("answers").field("attributes").type),
        }


def _dimensions(rng: np.random.Generator, n: int) -> dict[str, pa.Array[Any]]:
    store = rng.integers(0, len(chain.STORES), n)
    touchpoint = draw(rng, _TOUCHPOINT_SHARES, n)
    stages = [row[3] for row in chain.TOUCHPOINTS]
    support = np.array([stage == "support" for stage in stages])[touchpoint]
    region = chain.REGION_OF_STORE[store]
    agent = region * chain.AGENTS_PER_TEAM + rng.integers(0, chain.AGENTS_PER_TEAM, n)
    of_stage = pa.array(
        [
            "service" if stage == "support" else "relationship" if stage == "loyalty" else "dining"
            for stage in stages
        ]
    )
    programme = take(of_stage, touchpoint)
    return {
        "programme": programme,
        "survey": programme,
        "touchpoint": take(chain.codes(chain.TOUCHPOINTS), touchpoint),
        "stage": take(pa.array(stages), touchpoint),
        "channel": take(chain.codes(chain.CHANNELS), rng.integers(0, len(chain.CHANNELS), n)),
        "source": take(pa.array(["survey"]), np.zeros(n)),
        "segment": take(chain.codes(chain.SEGMENTS), rng.integers(0, len(chain.SEGMENTS), n)),
        "tier": take(chain.codes(chain.TIERS), rng.integers(0, len(chain.TIERS), n)),
        "region": take(chain.codes(chain.REGIONS), region),
        "unit": take(chain.codes(chain.STORES), store),
        "team": take(pa.array([team[0] for team in chain.TEAMS]), np.where(support, region, -1)),
        "agent": take(chain.codes(chain.AGENTS), np.where(support, agent, -1)),
        "language": take(chain.codes(chain.LANGUAGES), (rng.random(n) < 0.08).astype(int)),
    }


def _batch(
    rng: np.random.Generator,
    span: Window,
    month: int,
    pool: _Pool,
    scores: Array,
    made: int,
    size: int,
    n: int,
) -> pa.RecordBatch:
    offset = int(rng.integers(0, 2 * pool.rows - size + 1))
    columns = {name: column.slice(offset, size) for name, column in pool.columns.items()}
    identity = pa.array(np.arange(made + 1, made + size + 1))
    at, day = _times(rng, span, month, size)
    luck = rng.integers(0, _FINENESS, size, dtype=np.uint16)
    columns |= {
        "answer_id": identity,
        "response_id": identity,
        "score": pa.array(scores[pool.question[offset : offset + size], luck]),
        "month": pa.repeat(span.month_date(month).strftime("%Y-%m"), size),
        "day": pa.array(day.astype(np.int32)).cast(pa.date32()),
        "at": pa.array(at).cast(pa.timestamp("us", tz="UTC")),
        "customer_key": pa.array(rng.integers(1, max(n // 4, 1) + 1, size)),
    }
    schema = arrow_schema("answers")
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


def _times(rng: np.random.Generator, span: Window, month: int, size: int) -> tuple[Array, Array]:
    """Random instants in a local month as UTC microseconds, and their local days."""
    first, after = int(span.month_starts[month]), int(span.month_starts[month + 1])
    second = rng.integers(0, (after - first) * DAY, size)
    return (first * DAY + second - OFFSET) * 1_000_000, first + second // DAY


def _scores(progress: float) -> Array:
    """Score by question (rows) and luck (columns): each score as often as its distribution says."""
    content = 0.62 + 0.14 * progress
    mixes = (
        (plan.NPS_CONTENT, plan.NPS_UNHAPPY, 0),
        (plan.CSAT_CONTENT, plan.CSAT_UNHAPPY, 1),
        (plan.CES_CONTENT, plan.CES_UNHAPPY, 1),
    )
    luck = (np.arange(_FINENESS) + 0.5) / _FINENESS
    edges = [(np.cumsum(content * good + (1 - content) * bad), low) for good, bad, low in mixes]
    return np.stack([np.searchsorted(edge, luck).clip(max=len(edge) - 1) + float(low) for edge, low in edges])


def _shares(n: int, months: int) -> list[int]:
    marks = np.linspace(0, n, months + 1).astype(int)
    return [int(size) for size in np.diff(marks)]


def _sizes(rows: int) -> Iterator[int]:
    for start in range(0, rows, BATCH_ROWS):
        yield min(BATCH_ROWS, rows - start)
