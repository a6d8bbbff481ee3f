"""Orders of 36 months and the minutes that each step of serving them took."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from voiceloop.analytics.synth import chain, plan
from voiceloop.analytics.synth.clock import Array, Columns, Window, instant_of, timestamps
from voiceloop.analytics.synth.columns import draw, maybe, numbers, spread, take

ORDERS_PER_CUSTOMER = 4
_KIND_BY_SEGMENT = np.array(
    [[0.66, 0.21, 0.13], [0.40, 0.40, 0.20], [0.48, 0.36, 0.16], [0.82, 0.12, 0.06], [0.80, 0.12, 0.08]]
)
_AMOUNT, _AMOUNT_SIGMA = np.array([168.0, 59.0, 43.0]), np.array([0.55, 0.38, 0.40])
_AWAY_FROM_HOME = 0.12


def make(rng: np.random.Generator, window: Window, who: Columns) -> Columns:
    """Draw the orders, oldest first, with the minutes they took and would have taken without the pilot."""
    customer = draw(
        rng, who["frequency"] * (60 + who["end"] - who["start"]), ORDERS_PER_CUSTOMER * len(who["store"])
    )
    sold = {
        "customer": customer,
        "at": _instants(rng, window, who, customer),
        "store": _stores(rng, who, customer),
    }
    sold = _with_repurchases(rng, window, sold)
    n = len(sold["at"])
    sold["kind"] = _kinds(rng, who["segment"][sold["customer"]])
    sold["amount"] = np.round(_AMOUNT[sold["kind"]] * spread(rng, _AMOUNT_SIGMA[sold["kind"]], n), 1)
    return sold | _serving(rng, window, sold)


def table(sold: Columns) -> pa.Table:
    """The orders as the till and the delivery platform report them."""
    n = len(sold["at"])
    delivery = sold["kind"] == plan.DELIVERY
    return pa.table(
        {
            "order": numbers("O", n),
            "customer": take(numbers("C", int(sold["customer"].max(initial=0)) + 1), sold["customer"]),
            "region": take(chain.codes(chain.REGIONS), chain.REGION_OF_STORE[sold["store"]]),
            "unit": take(chain.codes(chain.STORES), sold["store"]),
            "at": timestamps(sold["at"]),
            "kind": take(chain.codes(chain.KINDS), sold["kind"]),
            "amount": pa.array(sold["amount"]),
            "wait_minutes": pa.array(np.round(sold["wait"], 1)),
            "promised_minutes": maybe(np.round(sold["promised"]), delivery, pa.float64()),
            "prep_minutes": maybe(np.round(sold["prep"], 1), delivery, pa.float64()),
            "handover_minutes": maybe(np.round(sold["handover"], 1), delivery, pa.float64()),
            "ride_minutes": maybe(np.round(sold["ride"], 1), delivery, pa.float64()),
        }
    )


def in_pilot(window: Window, store: Array, at: Array) -> Array:
    """True where a store was cooking with modular prep at that instant."""
    started = window.month(at) >= window.n_months - 1 - plan.PILOT_FROM
    return np.asarray(np.isin(store, plan.PILOT_STORES) & started)


def strained(window: Window, at: Array) -> Array:
    """True in the months in which every kitchen of the chain was overloaded."""
    back = window.n_months - 1 - window.month(at)
    return np.asarray((back <= plan.STRAIN_FROM) & (back > plan.PILOT_FROM))


def _instants(rng: np.random.Generator, window: Window, who: Columns, customer: Array) -> Array:
    start, end = who["start"][customer], who["end"][customer]
    day = start + (rng.random(len(customer)) * (end - start + 1)).astype(np.int64)
    # 1970-01-01 was a Thursday. Some meals of Monday to Thursday move to the weekend after.
    weekday = (day + 3) % 7
    moved = (weekday < 4) & (rng.random(len(day)) < 0.14)
    day = np.minimum(np.where(moved, day + 5 - weekday + rng.integers(0, 2, len(day)), day), window.today)
    lunch = rng.random(len(day)) < 0.46
    hour = np.where(lunch, rng.normal(12.3, 0.7, len(day)), rng.normal(18.5, 1.0, len(day))).clip(10, 21.4)
    at = instant_of(day, (hour * 3600).astype(np.int64))
    # A meal of later today has not happened: it was yesterday's, or the day before's.
    for _ in range(2):
        at = np.where(at > window.now, at - 86_400, at)
    return np.asarray(np.maximum(at, window.opens))


def _stores(rng: np.random.Generator, who: Columns, customer: Array) -> Array:
    home = who["store"][customer]
    region = chain.REGION_OF_STORE[home]
    other = region * chain.STORES_PER_REGION + rng.integers(0, chain.STORES_PER_REGION, len(home))
    return np.where(rng.random(len(home)) < _AWAY_FROM_HOME, other, home)


def _with_repurchases(rng: np.random.Generator, window: Window, sold: Columns) -> Columns:
    """Add the orders that customers place on top because the pilot store serves them quickly."""
    happened = in_pilot(window, sold["store"], sold["at"])
    again = np.flatnonzero(happened & (rng.random(len(happened)) < plan.PILOT_ORDERS - 1))
    # They come at the times at which others come, a few minutes earlier.
    at = sold["at"][rng.permutation(again)] - rng.integers(60, 900, len(again))
    every = {name: np.concatenate([column, column[again]]) for name, column in sold.items()}
    every["at"][len(happened) :] = at
    order = np.argsort(every["at"], kind="stable")
    return {name: column[order] for name, column in every.items()}


def _kinds(rng: np.random.Generator, segment: Array) -> Array:
    edges = np.cumsum(_KIND_BY_SEGMENT, axis=1)[segment]
    return np.asarray((edges[:, :2] < rng.random(len(segment))[:, None]).sum(axis=1))


def _serving(rng: np.random.Generator, window: Window, sold: Columns) -> Columns:
    kind, n = sold["kind"], len(sold["at"])
    pace = np.where(strained(window, sold["at"]), plan.STRAIN_FACTOR, 1.0)
    usual = plan.KITCHEN_MINUTES[kind] * spread(rng, plan.KITCHEN_SIGMA[kind], n) * pace
    kitchen = usual * np.where(in_pilot(window, sold["store"], sold["at"]), plan.PILOT_FACTOR, 1.0)
    delivery = kind == plan.DELIVERY
    handover = plan.HANDOVER_MINUTES * spread(rng, plan.HANDOVER_SIGMA, n) * delivery
    ride = plan.RIDE_MINUTES * spread(rng, plan.RIDE_SIGMA, n) * delivery
    expected = plan.KITCHEN_MINUTES[kind] * pace + plan.HANDOVER_MINUTES + plan.RIDE_MINUTES
    cause = np.where(delivery & (rng.random(n) < plan.LATE_RATE), draw(rng, plan.LATE_SHARES, n), -1)
    delay = plan.PROMISE_MARGIN + 4 + rng.gamma(2.0, 3.5, n)
    prep, handover, ride = (
        step + delay * (cause == plan.LATE_CAUSES.index(blamed))
        for step, blamed in ((kitchen, "kitchen_slow"), (handover, "handover"), (ride, "rider"))
    )
    wait, promised = prep + handover + ride, np.round(expected + plan.PROMISE_MARGIN)
    return {
        "prep": prep,
        "handover": handover,
        "ride": ride,
        "wait": wait,
        "wait_unpiloted": wait + usual - kitchen,
        "promised": promised,
        # A quick kitchen sometimes makes up for the delay: then nobody was late, for whatever reason.
        "late_cause": np.where(np.round(wait, 1) > promised, cause, -1),
    }
