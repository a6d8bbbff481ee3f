"""Who was invited to answer, who was spared or skipped, who answered and what each would have said."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from voiceloop.analytics.synth import chain, plan
from voiceloop.analytics.synth.clock import (
    DAY,
    HOUR,
    Array,
    Columns,
    Window,
    instant_of,
    local_day,
    timestamps,
)
from voiceloop.analytics.synth.columns import maybe, numbers, take

DINING_SHARE, SERVICE_SHARE, RELATIONSHIP_PER_CUSTOMER = 0.30, 0.90, 0.20
STATUSES = ("suppressed", "queued", "failed", "sent", "started", "answered", "expired")
SUPPRESSED, QUEUED, FAILED, SENT, STARTED, ANSWERED, EXPIRED = range(len(STATUSES))
BUDGET, OPTED_OUT, SKIPPED = range(len(chain.SUPPRESSIONS))
DINING, SERVICE, RELATIONSHIP = range(len(chain.PROGRAMMES))
_MINI_PROGRAM = chain.position(chain.TOUCHPOINTS, "mini_program")
_MEMBERSHIP = chain.position(chain.TOUCHPOINTS, "membership")
_HOTLINE = chain.position(chain.TOUCHPOINTS, "hotline")
_SMS, _APP = chain.position(chain.CHANNELS, "sms"), chain.position(chain.CHANNELS, "app")
_EXPIRES_AFTER = 14 * DAY


def candidates(
    rng: np.random.Generator, window: Window, who: Columns, sold: Columns, talked: Columns
) -> Columns:
    """Every occasion on which a programme would ask, oldest first; -1 where a link does not apply."""
    parts = [_after_orders(rng, sold), _after_contacts(rng, talked), _of_members(rng, window, who)]
    joined = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.argsort(joined["due"], kind="stable")
    asked = {name: column[order] for name, column in joined.items()}
    asked["channel"] = _channels(rng, who, asked)
    return asked


def settle(
    rng: np.random.Generator, window: Window, who: Columns, talked: Columns, asked: Columns
) -> Columns:
    """Decide the fate of each candidate: status, reason when suppressed, start and answer times."""
    n = len(asked["due"])
    reason = _suppression(rng, who, talked, asked)
    reason[_over_budget(asked["customer"], asked["due"], reason)] = BUDGET
    chance = plan.ANSWER_BY_CHANNEL[asked["channel"]] * plan.ANSWER_BY_TIER[who["tier"][asked["customer"]]]
    chance = chance * np.where(asked["content"], plan.ANSWER_IF_CONTENT, 1.0)
    answered_at = asked["due"] + _delay(rng, window, asked["due"])
    started_at = np.maximum(answered_at - rng.integers(20, 200, n), asked["due"])
    status = np.where(window.now - asked["due"] > _EXPIRES_AFTER, EXPIRED, SENT)
    begun = (rng.random(n) < 0.10) & (started_at <= window.now)
    status = np.where(begun & (status == SENT), STARTED, status)
    answers = (rng.random(n) < chance) & (answered_at <= window.now)
    status = np.where(answers, ANSWERED, status)
    status = np.where(rng.random(n) < 0.008, FAILED, status)
    status = np.where(asked["due"] > window.now, QUEUED, status)
    # Whether a message may go out is decided when it is due, not before.
    reason[asked["due"] > window.now] = -1
    status = np.where(reason >= 0, SUPPRESSED, status)
    return {
        "status": status,
        "suppression": reason,
        "created_at": np.minimum(asked["due"], window.now),
        "chance": chance,
        "started_at": started_at,
        "answered_at": answered_at,
        "begun": ((status == ANSWERED) | begun) & (status >= SENT),
    }


def table(asked: Columns) -> pa.Table:
    """The invitations, sent or not, with the reason where not."""
    n, status = len(asked["due"]), asked["status"]
    region = chain.REGION_OF_STORE[asked["store"]]
    stages = pa.array([row[3] for row in chain.TOUCHPOINTS])
    return pa.table(
        {
            "invitation": numbers("I", n),
            "customer": take(numbers("C", int(asked["customer"].max(initial=0)) + 1), asked["customer"]),
            "programme": take(chain.codes(chain.PROGRAMMES), asked["programme"]),
            "order": take(numbers("O", int(asked["order"].max(initial=0)) + 1), asked["order"]),
            "interaction": take(numbers("K", int(asked["contact"].max(initial=0)) + 1), asked["contact"]),
            "touchpoint": take(chain.codes(chain.TOUCHPOINTS), asked["touchpoint"]),
            "stage": take(stages, asked["touchpoint"]),
            "channel": take(chain.codes(chain.CHANNELS), asked["channel"]),
            "region": take(chain.codes(chain.REGIONS), region),
            "unit": take(chain.codes(chain.STORES), asked["store"]),
            "team": take(chain.codes(chain.TEAMS), np.where(asked["agent"] >= 0, region, -1)),
            "agent": take(chain.codes(chain.AGENTS), asked["agent"]),
            "created_at": timestamps(asked["created_at"]),
            "due_at": timestamps(asked["due"]),
            "status": take(pa.array(STATUSES), status),
            "reason": take(chain.codes(chain.SUPPRESSIONS), asked["suppression"]),
            "sent_at": timestamps(asked["due"], status > QUEUED),
            "started_at": timestamps(asked["started_at"], asked["begun"]),
            "answered_at": timestamps(asked["answered_at"], status == ANSWERED),
        }
    )


def outcomes(asked: Columns, sold: Columns) -> pa.Table:
    """The hidden truth: what everybody asked would have said, and how likely they were to say it."""
    has_order = asked["programme"] == DINING
    return pa.table(
        {
            "invitation": numbers("I", len(asked["due"])),
            "content": pa.array(asked["content"]),
            "chance_of_content": pa.array(asked["p_content"]),
            "chance_of_content_without_pilot": pa.array(asked["p_without"]),
            "chance_of_answer": pa.array(asked["chance"]),
            "nps": pa.array(asked["nps"].astype(np.int8)),
            "csat": pa.array(asked["csat"].astype(np.int8)),
            "late_cause": take(
                pa.array(plan.LATE_CAUSES), np.where(has_order, sold["late_cause"][asked["order"]], -1)
            ),
            "wait_minutes": maybe(sold["wait"][asked["order"]], has_order, pa.float64()),
        }
    )


def _after_orders(rng: np.random.Generator, sold: Columns) -> Columns:
    row = np.flatnonzero(rng.random(len(sold["at"])) < DINING_SHARE)
    kind = sold["kind"][row]
    by_app = (kind != plan.DELIVERY) & (rng.random(len(row)) < 0.15)
    return {
        "programme": np.full(len(row), DINING),
        "order": row,
        "contact": np.full(len(row), -1),
        "customer": sold["customer"][row],
        "store": sold["store"][row],
        "agent": np.full(len(row), -1),
        "touchpoint": np.where(by_app, _MINI_PROGRAM, kind),
        "due": sold["at"][row] + HOUR + rng.integers(0, HOUR, len(row)),
    }


def _after_contacts(rng: np.random.Generator, talked: Columns) -> Columns:
    row = np.flatnonzero(rng.random(len(talked["at"])) < SERVICE_SHARE)
    return {
        "programme": np.full(len(row), SERVICE),
        "order": np.full(len(row), -1),
        "contact": row,
        "customer": talked["customer"][row],
        "store": talked["store"][row],
        "agent": talked["agent"][row],
        "touchpoint": talked["touchpoint"][row],
        "due": talked["at"][row]
        + (60 * talked["minutes"][row]).astype(np.int64)
        + rng.integers(300, 900, len(row)),
    }


def _of_members(rng: np.random.Generator, window: Window, who: Columns) -> Columns:
    n = round(RELATIONSHIP_PER_CUSTOMER * len(who["store"]))
    customer = rng.integers(0, len(who["store"]), n)
    start, end = who["start"][customer], who["end"][customer]
    day = start + (rng.random(n) * (end - start + 1)).astype(np.int64)
    return {
        "programme": np.full(n, RELATIONSHIP),
        "order": np.full(n, -1),
        "contact": np.full(n, -1),
        "customer": customer,
        "store": who["store"][customer],
        "agent": np.full(n, -1),
        "touchpoint": np.full(n, _MEMBERSHIP),
        "due": instant_of(day, 10 * HOUR + rng.integers(0, 5400, n)),
    }


def _channels(rng: np.random.Generator, who: Columns, asked: Columns) -> Array:
    preferred = who["channel"][asked["customer"]]
    by_place = np.where(asked["touchpoint"] == _HOTLINE, _SMS, _APP)
    moved = (asked["programme"] == SERVICE) & (rng.random(len(preferred)) < 0.45)
    return np.where(moved, by_place, preferred)


def _suppression(rng: np.random.Generator, who: Columns, talked: Columns, asked: Columns) -> Array:
    service = asked["programme"] == SERVICE
    upset = service & ~talked["resolved"][asked["contact"]]
    skip = np.where(service, plan.SKIP_USUAL, 0.0)
    skip = np.where(upset & (asked["agent"] == plan.SKIPPING_AGENT), plan.SKIP_UNRESOLVED, skip)
    reason = np.where(rng.random(len(skip)) < skip, SKIPPED, -1)
    return np.where(who["opted_out"][asked["customer"]], OPTED_OUT, reason)


def _over_budget(customer: Array, due: Array, reason: Array) -> Array:
    """Rows that come within the budget's days after a message that the same customer did get."""
    last: dict[int, int] = {}
    over = np.zeros(len(due), dtype=bool)
    budget = plan.CONTACT_BUDGET_DAYS * DAY
    # Whether a message counts depends on the one before it: a plain loop over lists is fast enough.
    for row, (who, at, barred) in enumerate(
        zip(customer.tolist(), due.tolist(), (reason >= 0).tolist(), strict=True)
    ):
        if barred:
            continue
        if at - last.get(who, -budget) < budget:
            over[row] = True
        else:
            last[who] = at
    return over


def _delay(rng: np.random.Generator, window: Window, due: Array) -> Array:
    seconds = np.minimum(np.exp(rng.normal(np.log(2.5 * HOUR), 1.4, len(due))), 13 * DAY)
    left = window.now - due
    # Without this the last hours before `now` would be empty of all but the quickest answers.
    hurried = (left > 0) & (local_day(due) >= window.today - 1) & (seconds > left)
    return np.maximum(np.where(hurried, left * rng.random(len(due)), seconds), 30).astype(np.int64)
