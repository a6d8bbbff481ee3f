"""What telephone system, chat desk and portal keep of each conversation, and what quality reviews found."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from voiceloop.analytics.synth import chain, plan
from voiceloop.analytics.synth.clock import DAY, HOUR, Columns, Window, dates, local_day, timestamps
from voiceloop.analytics.synth.columns import maybe, take

_ITEMS = tuple(plan.REVIEWED)
_KINDS = pa.array(["call", "chat", "self_service"])
_CALL, _CHAT, _PORTAL = range(3)
_HOTLINE = chain.position(chain.TOUCHPOINTS, "hotline")


def make(rng: np.random.Generator, window: Window, who: Columns, talked: Columns) -> Columns:
    """Draw the conversations, those with people first: who gave up, what it cost, who helped themselves."""
    n = len(talked["at"])
    wait = talked["queue"] * 60
    # Who waits gives up at a steady rate, so that patience is exponential.
    lost = rng.random(n) < 1 - np.exp(-wait / plan.PATIENCE_SECONDS)
    work = talked["minutes"] * 60
    people = {
        "at": talked["at"],
        "customer": talked["customer"],
        "store": talked["store"],
        "agent": np.where(lost, -1, talked["agent"]),
        "kind": np.where(talked["touchpoint"] == _HOTLINE, _CALL, _CHAT),
        "topic": talked["reason"],
        "wait": np.round(wait),
        "work": np.round(np.minimum(work, 3 * HOUR)),
        "lost": lost,
        "solved": talked["resolved"],
        "cost": np.round(plan.COST_PER_CONTACT + plan.COST_PER_MINUTE * np.where(lost, 0, work / 60), 2),
    }
    alone = _sessions(rng, window, who, talked)
    return {name: np.concatenate([people[name], alone[name]]) for name in people}


def _sessions(rng: np.random.Generator, window: Window, who: Columns, talked: Columns) -> Columns:
    """Self-service: those that fail are followed by a contact of the same customer within hours."""
    n = round(plan.SESSIONS_PER_CONTACT * len(talked["at"]))
    failed = np.flatnonzero(rng.random(n) >= plan.SELF_SERVICE_SOLVED)
    followed = rng.integers(0, len(talked["at"]), len(failed))
    customer = rng.integers(0, len(who["store"]), n)
    at = rng.integers(window.opens, window.now - 2 * DAY, n)
    customer[failed] = talked["customer"][followed]
    at[failed] = talked["at"][followed] - rng.integers(HOUR // 4, 20 * HOUR, len(failed))
    topic = rng.integers(0, len(chain.CONTACT_REASONS), n)
    unknown = np.full(n, np.nan)
    return {
        "at": np.maximum(at, window.opens),
        "customer": customer,
        "store": who["store"][customer],
        "agent": np.full(n, -1),
        "kind": np.full(n, _PORTAL),
        "topic": topic,
        "wait": unknown,
        "work": unknown,
        "lost": np.zeros(n, dtype=bool),
        "solved": np.zeros(n, dtype=bool),
        "cost": unknown,
    }


def table(held: Columns) -> pa.Table:
    """The conversations as the lake stores them."""
    n, portal = len(held["at"]), held["kind"] == _PORTAL
    answered = ~portal & ~held["lost"]
    outcome = np.where(portal, -1, np.where(held["lost"], 1, 0))
    region = chain.REGION_OF_STORE[held["store"]]
    return pa.table(
        {
            "conversation_id": pa.array(np.arange(1, n + 1)),
            "day": dates(local_day(held["at"])),
            "at": timestamps(held["at"]),
            "customer_key": pa.array(held["customer"].astype(np.int64) + 1),
            "kind": take(_KINDS, held["kind"]),
            "channel": take(pa.array(["phone", "chat", "portal"]), held["kind"]),
            "topic": take(chain.codes(chain.CONTACT_REASONS), held["topic"]),
            "outcome": take(pa.array(["answered", "abandoned"]), outcome),
            "region": take(chain.codes(chain.REGIONS), region),
            "unit": take(chain.codes(chain.STORES), held["store"]),
            "team": take(chain.codes(chain.TEAMS), region),
            "agent": take(chain.codes(chain.AGENTS), held["agent"]),
            "wait_seconds": maybe(held["wait"], ~portal, pa.float64()),
            "handle_seconds": maybe(held["work"], answered, pa.float64()),
            "first_response_seconds": maybe(held["wait"] + 5, answered, pa.float64()),
            "solved": maybe(held["solved"].astype(np.int8), answered, pa.int8()),
            "cost": maybe(held["cost"], ~portal, pa.float64()),
        }
    )


def reviews(rng: np.random.Generator, window: Window, held: Columns) -> pa.Table:
    """Quality reviews of some conversations as the lake stores them: three items each, some seen by two."""
    handled = np.flatnonzero((held["kind"] != _PORTAL) & ~held["lost"])
    seen = handled[rng.random(len(handled)) < plan.REVIEWED_SHARE]
    item = np.tile(np.arange(len(_ITEMS)), len(seen))
    subject = np.repeat(seen, len(_ITEMS))
    met = rng.random(len(item)) < np.array(list(plan.REVIEWED.values()))[item]
    again = np.flatnonzero(np.repeat(rng.random(len(seen)) < plan.REVIEWED_TWICE, len(_ITEMS)))
    second = met[again] ^ (rng.random(len(again)) >= plan.REVIEWERS_AGREE)
    row = np.concatenate([np.arange(len(item)), again])
    at = np.minimum(held["at"][subject[row]] + DAY, window.now)
    region = chain.REGION_OF_STORE[held["store"][subject[row]]]
    return pa.table(
        {
            "review_id": pa.array(np.arange(1, len(row) + 1)),
            "day": dates(local_day(at)),
            "at": timestamps(at),
            "subject": pa.array(subject[row] + 1).cast(pa.string()),
            "item": take(pa.array(_ITEMS), item[row]),
            "score": pa.array(np.concatenate([met, second]).astype(float)),
            "reviewer": take(pa.array(["L01", "L02"]), (np.arange(len(row)) >= len(item)).astype(int)),
            "region": take(chain.codes(chain.REGIONS), region),
            "team": take(chain.codes(chain.TEAMS), region),
            "agent": take(chain.codes(chain.AGENTS), held["agent"][subject[row]]),
        }
    )
