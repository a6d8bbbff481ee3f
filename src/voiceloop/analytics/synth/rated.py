"""More questions that some surveys ask: solved at once, SERVQUAL, what was expected, whom they told."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from voiceloop.analytics.synth import asked as invitations
from voiceloop.analytics.synth import plan
from voiceloop.analytics.synth.clock import Array, Columns
from voiceloop.analytics.synth.columns import numbers

_SPREAD = 0.7


def make(rng: np.random.Generator, talked: Columns, given: Columns) -> Columns:
    """Draw the answers, one row each: the response's place, the question's place and the score."""
    service = np.flatnonzero(given["programme"] == invitations.SERVICE)
    solved = talked["resolved"][given["contact"][service]]
    told = solved ^ (rng.random(len(service)) < plan.FCR_MISTOLD)
    member = np.flatnonzero(given["programme"] == invitations.RELATIONSHIP)
    level = np.array(plan.SERVQUAL_BY_GROUP)[given["group"][member]]
    rows, scores = [service], [told.astype(float)]
    for shift in plan.SERVQUAL_SHIFTS.values():
        rows.append(member)
        scores.append(_five(level + shift + rng.normal(0, _SPREAD, len(member))))
    for expected, gap in plan.EXPECTATIONS.values():
        hoped = _five(expected + rng.normal(0, _SPREAD, len(member)))
        rows += [member, member]
        scores += [hoped, _five(hoped + gap + rng.normal(0, _SPREAD, len(member)))]
    for means in plan.TOLD.values():
        rows.append(member)
        # Some tell everybody, most nobody.
        drawn = rng.poisson(np.array(means)[given["group"][member]] * rng.gamma(1.0, 1.0, len(member)))
        scores.append(np.minimum(drawn, 10).astype(float))
    asked = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    return {"response": np.concatenate(rows), "question": asked, "score": np.concatenate(scores)}


def questions() -> list[tuple[str, str]]:
    """Code and scale of each question, in the order of `make`.

    Examples
    --------
    >>> questions()[0], questions()[-1]
    (('fcr', 'yes_no'), ('told_bad', 'people_0_10'))
    """
    five = [f"servqual_{name}" for name in plan.SERVQUAL_SHIFTS]
    pairs = [f"{side}_{name}" for name in plan.EXPECTATIONS for side in ("expected", "got")]
    told = [(f"told_{side}", "people_0_10") for side in plan.TOLD]
    return [("fcr", "yes_no"), *((code, "csat_1_5") for code in (*five, *pairs)), *told]


def table(rated: Columns) -> pa.Table:
    """The answers: response, question, scale and score."""
    codes, scales = (np.array(column) for column in zip(*questions(), strict=True))
    names = np.asarray(numbers("R", int(rated["response"].max(initial=0)) + 1), dtype=object)
    return pa.table(
        {
            "response": pa.array(names[rated["response"]], type=pa.string()),
            "question": pa.array(codes[rated["question"]]),
            "scale": pa.array(scales[rated["question"]]),
            "score": pa.array(rated["score"]),
        }
    )


def _five(wish: Array) -> Array:
    return np.asarray(np.clip(np.round(wish), 1, 5))
