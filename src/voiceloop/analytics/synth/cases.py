"""Cases: one for every detractor and for others who ask to be called, with clocks, callbacks and outcomes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from voiceloop.analytics.synth import chain, plan
from voiceloop.analytics.synth.clock import DAY, HOUR, Array, Columns, Window, timestamps
from voiceloop.analytics.synth.columns import draw, draw_rows, maybe, numbers, take
from voiceloop.analytics.synth.said import DETRACTOR

STATES = ("open", "overdue", "contacted", "callback", "resurvey", "closed")
OPEN, OVERDUE, CONTACTED, CALLBACK, RESURVEY, CLOSED = range(len(STATES))
_KINDS = ("recovery", "complaint", "request")
_SEVERITIES = ("critical", "high", "normal")
_OUTCOMES = ("recovered", "not_recovered", "no_answer")
_CALLBACKS = ("solved", "not_solved", "no_answer")
_CALLBACK_SHARES = np.array([0.80, 0.07, 0.13])
_CALLBACK_AFTER = np.array([1, 24, 72]) * HOUR
_RECENT = 21 * DAY
# Which root cause a reason leads to, most often.
_CAUSE_OF_REASON = {
    "wait": "kitchen_slow",
    "taste": "recipe",
    "portion": "recipe",
    "price": "policy",
    "menu": "policy",
    "hygiene": "facility",
    "environment": "facility",
    "staff": "attitude",
    "temperature": "handover",
    "wrong_item": "check_missing",
    "packaging": "check_missing",
    "delivery_speed": "handover",
    "ordering": "system",
    "membership": "policy",
    "resolution": "policy",
    "reply_speed": "system",
    "agent": "attitude",
}
_MISTAKEN = 0.12


def make(rng: np.random.Generator, window: Window, sold: Columns, given: Columns) -> Columns:
    """Draw the cases, oldest first, each as far along as its time allows."""
    row = np.flatnonzero((given["group"] == DETRACTOR) | given["wants_contact"])
    n = len(row)
    opened = given["answered_at"][row]
    held = {"response": row, "opened": opened, "due": opened + plan.FIRST_CONTACT_HOURS * HOUR}
    held["store"] = given["store"][row]
    held["owner"] = chain.REGION_OF_STORE[held["store"]] * chain.AGENTS_PER_TEAM + rng.integers(0, 4, n)
    held["kind"] = np.where(given["group"][row] != DETRACTOR, 2, np.where(given["contact"][row] >= 0, 1, 0))
    held["severity"] = np.searchsorted([2, 5], np.where(held["kind"] == 2, 10, given["nps"][row]))
    held["cause"] = _causes(rng, sold, given, row)
    held |= _timeline(rng, window, opened)
    held |= _outcome(rng, held)
    return held | {"first_owner": _first_owners(rng, held["owner"])}


def table(held: Columns) -> pa.Table:
    """The cases as the workbench shows them at the end of the window."""
    n, state = len(held["opened"]), held["state"]
    resolved = state >= CALLBACK
    cause = np.where(resolved, held["cause"], -1)
    return pa.table(
        {
            "case": numbers("T", n),
            "response": take(numbers("R", int(held["response"].max(initial=0)) + 1), held["response"]),
            "kind": take(pa.array(_KINDS), held["kind"]),
            "severity": take(pa.array(_SEVERITIES), held["severity"]),
            "region": take(chain.codes(chain.REGIONS), chain.REGION_OF_STORE[held["store"]]),
            "unit": take(chain.codes(chain.STORES), held["store"]),
            "team": take(chain.codes(chain.TEAMS), chain.REGION_OF_STORE[held["store"]]),
            "agent": take(chain.codes(chain.AGENTS), held["owner"]),
            "first_agent": take(chain.codes(chain.AGENTS), held["first_owner"]),
            "state": take(pa.array(STATES), state),
            "opened_at": timestamps(held["opened"]),
            "first_contact_due_at": timestamps(held["due"]),
            "first_contact_at": timestamps(held["first_contact"], state >= CONTACTED),
            "resolved_at": timestamps(held["resolved"], resolved),
            "root_cause": take(chain.codes(chain.ROOT_CAUSES), cause),
            "root_cause_kind": take(pa.array([row[3] for row in chain.ROOT_CAUSES]), cause),
            "callback_1h": take(pa.array(_CALLBACKS), held["callbacks"][:, 0]),
            "callback_24h": take(pa.array(_CALLBACKS), held["callbacks"][:, 1]),
            "callback_72h": take(pa.array(_CALLBACKS), held["callbacks"][:, 2]),
            "n_reopened": pa.array(held["reopened"].astype(np.int32)),
            "resurvey_score": maybe(held["resurvey"], (state == CLOSED) & held["answered"], pa.int8()),
            "resurvey_at": timestamps(held["resurvey_at"], (state == CLOSED) & held["answered"]),
            "outcome": take(pa.array(_OUTCOMES), np.where(state == CLOSED, held["outcome"], -1)),
            "closed_at": timestamps(held["closed"], state == CLOSED),
        }
    )


def _causes(rng: np.random.Generator, sold: Columns, given: Columns, row: Array) -> Array:
    """Root causes found by the agents: by what happened, not by whom is blamed, and mostly right."""
    of_reason = np.array(
        [chain.position(chain.ROOT_CAUSES, _CAUSE_OF_REASON[reason[0]]) for reason in chain.REASONS]
    )
    cause = of_reason[given["primary"][row]]
    late = np.array([chain.position(chain.ROOT_CAUSES, code) for code in plan.LATE_CAUSES])
    order = given["order"][row]
    actual = np.where(order >= 0, sold["late_cause"][order], -1)
    blamed = given["primary"][row] == chain.position(chain.REASONS, "delivery_speed")
    cause = np.where(blamed & (actual >= 0), late[actual], cause)
    guess = rng.integers(0, len(chain.ROOT_CAUSES), len(row))
    return np.where(rng.random(len(row)) < _MISTAKEN, guess, cause)


def _first_owners(rng: np.random.Generator, owner: Array) -> Array:
    """Who got the case first: some are handed on to the next colleague of the team."""
    team, place = np.divmod(owner, chain.AGENTS_PER_TEAM)
    before = team * chain.AGENTS_PER_TEAM + (place + 1) % chain.AGENTS_PER_TEAM
    return np.where(rng.random(len(owner)) < plan.HANDED_ON, before, owner)


def _timeline(rng: np.random.Generator, window: Window, opened: Array) -> Columns:
    n = len(opened)
    first = opened + np.clip(np.exp(rng.normal(np.log(7 * HOUR), 1.0, n)), 600, 3 * DAY).astype(np.int64)
    resolved = first + np.clip(np.exp(rng.normal(np.log(14 * HOUR), 1.0, n)), 900, 7 * DAY).astype(np.int64)
    callbacks = draw(rng, _CALLBACK_SHARES, 3 * n).reshape(n, 3).astype(np.int64)
    reopened = (callbacks == 1).any(axis=1)
    # A reopened case is solved again a day later; the callbacks that follow it are the ones that count.
    resolved = resolved + np.where(reopened, 20 * HOUR, 0)
    answered = rng.random(n) < plan.RESURVEY_ANSWERED
    closed = resolved + _CALLBACK_AFTER[2] + np.where(answered, rng.integers(HOUR, 4 * DAY, n), 5 * DAY)
    times = {"first_contact": first, "resolved": resolved, "closed": closed, "resurvey_at": closed}
    _neglect(rng, window, opened, times)
    done = (times["resolved"][:, None] + _CALLBACK_AFTER) <= window.now
    return times | {
        "state": _states(window, opened, times),
        "callbacks": np.where(done, callbacks, -1),
        "reopened": reopened & done[:, 0],
        "answered": answered,
    }


def _neglect(rng: np.random.Generator, window: Window, opened: Array, times: Columns) -> None:
    """Hold some recent cases back, in turn, so that every state has cases to look at."""
    never = window.now + 365 * DAY
    recent = np.flatnonzero(window.now - opened <= _RECENT)
    turn = np.arange(len(recent))[::-1] % 5
    waiting, stuck, calling = (recent[turn == which] for which in (0, 1, 2))
    times["first_contact"][waiting] = never
    times["resolved"][waiting] = times["closed"][waiting] = never
    times["first_contact"][stuck] = np.minimum(
        times["first_contact"][stuck], (opened[stuck] + window.now) // 2
    )
    times["resolved"][stuck] = times["closed"][stuck] = never
    middle = (opened[calling] + window.now) // 2
    just = np.maximum(window.now - rng.integers(HOUR // 2, 60 * HOUR, len(calling)), middle)
    times["first_contact"][calling] = np.minimum(times["first_contact"][calling], middle)
    times["resolved"][calling] = just
    times["closed"][calling] = just + 4 * DAY


def _states(window: Window, opened: Array, times: Columns) -> Array:
    now = window.now
    late = opened + plan.FIRST_CONTACT_HOURS * HOUR <= now
    reached = [
        times["closed"] <= now,
        times["resolved"] + _CALLBACK_AFTER[2] <= now,
        times["resolved"] <= now,
        times["first_contact"] <= now,
        late,
    ]
    return np.asarray(np.select(reached, [CLOSED, RESURVEY, CALLBACK, CONTACTED, OVERDUE], OPEN))


def _outcome(rng: np.random.Generator, held: Columns) -> Columns:
    fast = held["first_contact"] <= held["due"]
    won = rng.random(len(fast)) < np.where(fast, plan.RECOVERY_FAST, plan.RECOVERY_SLOW)
    above = np.where(np.arange(11) >= 7, plan.NPS_CONTENT, 0)
    below = np.where(np.arange(11) <= 6, plan.NPS_UNHAPPY, 0)
    shares = np.stack([below / below.sum(), above / above.sum()])
    score = draw_rows(rng, shares, won.astype(np.int8))
    return {"resurvey": score, "outcome": np.where(held["answered"], np.where(won, 0, 1), 2)}
