"""Service contacts: which customer reached which agent, about what, and whether it was settled."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from voiceloop.analytics.synth import chain
from voiceloop.analytics.synth.clock import (
    DAY,
    HOUR,
    OFFSET,
    Array,
    Columns,
    Window,
    instant_of,
    local_day,
    timestamps,
)
from voiceloop.analytics.synth.columns import draw, numbers, spread, take

CONTACTS_PER_ORDER = 0.125
# From eleven at night to eight.
_NIGHT = 9 * HOUR
_HOTLINE = chain.position(chain.TOUCHPOINTS, "hotline")
_CHAT = chain.position(chain.TOUCHPOINTS, "chat")
_LATE = chain.position(chain.CONTACT_REASONS, "late_delivery")
_REASON_SHARES = np.array([0.10, 0.14, 0.13, 0.15, 0.16, 0.12, 0.12, 0.08])
# Chance that the first contact settles it: refunds and food quality are the hard ones.
_SETTLED = np.array([0.78, 0.84, 0.70, 0.72, 0.95, 0.93, 0.86, 0.88])


def make(rng: np.random.Generator, window: Window, who: Columns, sold: Columns) -> Columns:
    """Draw the contacts that followed orders, oldest first; late deliveries call more often."""
    n = round(CONTACTS_PER_ORDER * len(sold["at"]))
    order = draw(rng, np.where(sold["late_cause"] >= 0, 5.0, 1.0), n)
    late = sold["late_cause"][order] >= 0
    at = _awake(sold["at"][order] + (1800 + rng.exponential(4 * HOUR, n)).astype(np.int64))
    keep = np.flatnonzero(at <= window.now)
    keep = keep[np.argsort(at[keep], kind="stable")]
    order, at, late = order[keep], at[keep], late[keep]
    reason = np.where(late & (rng.random(len(at)) < 0.6), _LATE, draw(rng, _REASON_SHARES, len(at)))
    return {
        "order": order,
        "customer": sold["customer"][order],
        "store": sold["store"][order],
        "at": at,
    } | _handling(rng, window, reason, sold["store"][order], at)


def _awake(at: Array) -> Array:
    """Who would call at night calls in the morning, in the same order."""
    day, second = local_day(at + HOUR), (at + HOUR + OFFSET) % DAY
    return np.where(second < _NIGHT, instant_of(day, 8 * HOUR + second // 3), at)


def table(talked: Columns) -> pa.Table:
    """The contacts as the telephone system and the chat desk report them."""
    region = chain.REGION_OF_STORE[talked["store"]]
    teams = chain.codes(chain.TEAMS)
    return pa.table(
        {
            "interaction": numbers("K", len(talked["at"])),
            "customer": take(numbers("C", int(talked["customer"].max(initial=0)) + 1), talked["customer"]),
            "order": take(numbers("O", int(talked["order"].max(initial=0)) + 1), talked["order"]),
            "agent": take(chain.codes(chain.AGENTS), talked["agent"]),
            "team": take(teams, region),
            "region": take(chain.codes(chain.REGIONS), region),
            "unit": take(chain.codes(chain.STORES), talked["store"]),
            "touchpoint": take(chain.codes(chain.TOUCHPOINTS), talked["touchpoint"]),
            "at": timestamps(talked["at"]),
            "minutes": pa.array(np.round(talked["minutes"], 1)),
            "queue_minutes": pa.array(np.round(talked["queue"], 1)),
            "reason": take(chain.codes(chain.CONTACT_REASONS), talked["reason"]),
            "resolved": pa.array(talked["resolved"]),
        }
    )


def _handling(rng: np.random.Generator, window: Window, reason: Array, store: Array, at: Array) -> Columns:
    n = len(at)
    touchpoint = np.where(rng.random(n) < 0.54, _HOTLINE, _CHAT)
    agent = chain.REGION_OF_STORE[store] * chain.AGENTS_PER_TEAM + rng.integers(0, chain.AGENTS_PER_TEAM, n)
    progress = window.month(at) / max(window.n_months - 1, 1)
    return {
        "reason": reason,
        "touchpoint": touchpoint,
        "agent": agent,
        "minutes": np.where(touchpoint == _HOTLINE, 6.0, 11.0) * spread(rng, 0.6, n),
        "queue": np.where(touchpoint == _HOTLINE, 2.2, 1.3) * spread(rng, 0.9, n),
        "resolved": rng.random(n) < np.minimum(_SETTLED[reason] - 0.05 + 0.08 * progress, 0.98),
    }
