"""Responses: the scores given, the reasons ticked and what is said in the customers' own words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from voiceloop.analytics.synth import asked as invitations
from voiceloop.analytics.synth import chain, plan
from voiceloop.analytics.synth.clock import Array, Columns, timestamps
from voiceloop.analytics.synth.columns import draw_rows, lists, maybe, numbers, take
from voiceloop.analytics.synth.opinions import excess_wait

PROMOTER, PASSIVE, DETRACTOR = range(3)
_COMMENTS = np.array([0.45, 0.50, 0.80])
_WANTS_CONTACT = np.array([0.015, 0.05, 0.34])
_SKIPS_NPS = 0.02


def _weights(row: str) -> dict[str, float]:
    return {name: float(weight) for name, weight in (pair.split(":") for pair in row.split())}


# What people talk about at each touchpoint: (when pleased, when not).
_TOPICS = {
    "dine_in": (
        "taste:30 staff:16 environment:12 portion:9 price:9 wait:8 menu:6 hygiene:6",
        "taste:18 staff:17 wait:12 price:11 environment:9 hygiene:8 portion:8 wrong_item:6 temperature:5",
    ),
    "delivery": (
        "delivery_speed:30 taste:26 packaging:16 temperature:12 portion:8 price:8",
        "temperature:20 wrong_item:20 taste:16 packaging:16 portion:13 price:9",
    ),
    "pickup": (
        "taste:30 wait:26 price:12 staff:12 wrong_item:10 packaging:10",
        "wrong_item:24 taste:22 wait:18 packaging:12 price:12 staff:12",
    ),
    "mini_program": (
        "ordering:45 taste:20 membership:12 wait:12 price:11",
        "ordering:42 wait:16 price:14 membership:14 taste:14",
    ),
    "hotline": ("agent:40 resolution:36 reply_speed:24", "reply_speed:36 resolution:34 agent:30"),
    "chat": ("resolution:36 agent:32 reply_speed:32", "resolution:40 reply_speed:30 agent:30"),
    "membership": (
        "taste:34 membership:16 staff:14 price:12 menu:12 environment:12",
        "price:22 menu:20 taste:18 membership:18 staff:12 wait:10",
    ),
}
_SPECIAL = ("wait", "delivery_speed", "resolution", "taste", "price", "portion")
_PLACE = {code: chain.position(chain.REASONS, code) for code in _SPECIAL}


def make(rng: np.random.Generator, sold: Columns, talked: Columns, asked: Columns) -> Columns:
    """Draw what the answered invitations say, oldest answer first."""
    row = np.flatnonzero(asked["status"] == invitations.ANSWERED)
    row = row[np.argsort(asked["answered_at"][row], kind="stable")]
    given = {name: column[row] for name, column in asked.items()} | {"invitation": row}
    n = len(row)
    group = np.searchsorted([7, 9], given["nps"], side="right")
    given["group"] = np.array([DETRACTOR, PASSIVE, PROMOTER])[group]
    given["primary"] = _primary(rng, sold, talked, given)
    given["secondary"] = _secondary(rng, sold, given, given["group"] == PROMOTER)
    # What a detractor still likes and what a promoter still minds, for comments that see both sides.
    given["consolation"] = _secondary(rng, sold, given, np.ones(n, dtype=bool))
    minded = _secondary(rng, sold, given, np.zeros(n, dtype=bool))
    given["grumble"] = np.where(given["group"] == PROMOTER, minded, given["secondary"])
    given["ticked"] = rng.random(n) < 0.82
    given["ticked_second"] = given["ticked"] & (rng.random(n) < 0.28)
    given["commented"] = rng.random(n) < _COMMENTS[given["group"]]
    given["wants_contact"] = rng.random(n) < _WANTS_CONTACT[given["group"]]
    given["gave_nps"] = rng.random(n) >= _SKIPS_NPS
    return given


def table(given: Columns, who: Columns, comments: list[str | None]) -> pa.Table:
    """The responses with the frozen facts of their moment."""
    region, customer = chain.REGION_OF_STORE[given["store"]], given["customer"]
    stages = pa.array([row[3] for row in chain.TOUCHPOINTS])
    service = given["programme"] == invitations.SERVICE
    return pa.table(
        {
            "response": numbers("R", len(customer)),
            "invitation": take(
                numbers("I", int(given["invitation"].max(initial=0)) + 1), given["invitation"]
            ),
            "customer": take(numbers("C", int(customer.max(initial=0)) + 1), customer),
            "programme": take(chain.codes(chain.PROGRAMMES), given["programme"]),
            "touchpoint": take(chain.codes(chain.TOUCHPOINTS), given["touchpoint"]),
            "stage": take(stages, given["touchpoint"]),
            "channel": take(chain.codes(chain.CHANNELS), given["channel"]),
            "segment": take(chain.codes(chain.SEGMENTS), who["segment"][customer]),
            "tier": take(chain.codes(chain.TIERS), who["tier"][customer]),
            "region": take(chain.codes(chain.REGIONS), region),
            "unit": take(chain.codes(chain.STORES), given["store"]),
            "team": take(chain.codes(chain.TEAMS), np.where(service, region, -1)),
            "agent": take(chain.codes(chain.AGENTS), given["agent"]),
            "language": take(chain.codes(chain.LANGUAGES), who["language"][customer]),
            "at": timestamps(given["answered_at"]),
            "nps": maybe(given["nps"], given["gave_nps"], pa.int8()),
            "csat": maybe(given["csat"], given["programme"] != invitations.RELATIONSHIP, pa.int8()),
            "ces": maybe(given["ces"], service, pa.int8()),
            "reasons": _ticked(given),
            "comment": pa.array(comments, type=pa.string()),
            "wants_contact": pa.array(given["wants_contact"]),
        }
    )


def topics(pleased: bool) -> Array:
    """Weight of each reason (columns) at each touchpoint (rows)."""
    weights = np.zeros((len(chain.TOUCHPOINTS), len(chain.REASONS)))
    for row, touchpoint in enumerate(chain.TOUCHPOINTS):
        for code, weight in _weights(_TOPICS[touchpoint[0]][0 if pleased else 1]).items():
            weights[row, chain.position(chain.REASONS, code)] = weight
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _primary(rng: np.random.Generator, sold: Columns, talked: Columns, given: Columns) -> Array:
    pleased = draw_rows(rng, topics(True), given["touchpoint"])
    upset = draw_rows(rng, topics(False), given["touchpoint"])
    excess, chance = excess_wait(sold, given["order"]), rng.random(len(pleased))
    seated = (given["order"] >= 0) & (given["touchpoint"] != plan.DELIVERY)
    unresolved = (given["contact"] >= 0) & ~talked["resolved"][given["contact"]]
    upset = np.where(_late(sold, given) & (chance < 0.85), _PLACE["delivery_speed"], upset)
    upset = np.where(seated & (excess > 5) & (chance < 0.7), _PLACE["wait"], upset)
    upset = np.where(unresolved & (chance < 0.65), _PLACE["resolution"], upset)
    pleased = np.where(seated & (excess < -5) & (chance < 0.4), _PLACE["wait"], pleased)
    unhappy = given["group"] == DETRACTOR
    return _fitting(sold, given, np.where(unhappy, upset, pleased), unhappy, _PLACE["taste"])


def _secondary(rng: np.random.Generator, sold: Columns, given: Columns, pleased: Array) -> Array:
    """A second reason, pleased or not, that fits the order and is never the first one again."""
    table = np.concatenate([topics(True), topics(False)])
    row = np.where(pleased, 0, len(chain.TOUCHPOINTS)) + given["touchpoint"]
    second = draw_rows(rng, table, row)
    for _ in range(3):
        again = second == given["primary"]
        second = np.where(again, draw_rows(rng, table, row), second)
    second = _fitting(sold, given, second, ~pleased, _PLACE["price"])
    return np.where(second == given["primary"], _PLACE["portion"], second)


def _fitting(sold: Columns, given: Columns, reason: Array, upset: Array, instead: int) -> Array:
    """Nobody praises the speed of a late meal, nor complains about that of a quick one."""
    excess, dined = excess_wait(sold, given["order"]), given["order"] >= 0
    slow = np.where(upset, excess < 4, excess > 0) & (reason == _PLACE["wait"])
    late = np.where(upset, ~_late(sold, given), _late(sold, given)) & (reason == _PLACE["delivery_speed"])
    return np.where(dined & (slow | late), instead, reason)


def _late(sold: Columns, given: Columns) -> Array:
    return np.asarray((given["order"] >= 0) & (sold["late_cause"][given["order"]] >= 0))


def _ticked(given: Columns) -> pa.Array[Any]:
    """Reason codes ticked, as a list column: none, one or two per response."""
    counts = given["ticked"].astype(np.int32) + given["ticked_second"]
    pairs = np.stack([given["primary"], given["secondary"]], axis=1)
    chosen = np.stack([given["ticked"], given["ticked_second"]], axis=1)
    return lists(counts, take(chain.codes(chain.REASONS), pairs[chosen]))
