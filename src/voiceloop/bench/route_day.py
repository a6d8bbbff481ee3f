"""A day of the demo company at a hundred agents: who calls when, what they need, who is there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from voiceloop.analytics.routing import Agent, Work
from voiceloop.analytics.synth import company

AGENTS, CASES, MINUTES = 100, 5_000, 24 * 60
# Of the agents' time, what the cases would take if everybody were right for them: near their capacity, below.
LOAD = 0.85
SHIFT, BREAK = 8 * 60, 30
# First word due in minutes: the product's own promise, and the green channel's.
PROMISED, PROMISED_GREEN = 120.0, 30.0
GREEN_TIER = "black"
# People who speak English, who sit at chat, who are senior: somewhat more than what is asked for.
ENGLISH, CHAT, PHONE, SENIOR = 0.15, 0.60, 0.75, 0.12
# After the first talk some cases need a second look, when others have answered.
AGAIN, AGAIN_SHARE, AGAIN_AFTER = 0.4, 0.35, (30.0, 180.0)
KNOWN = 0.25
SEATS = {"call": "phone", "chat": "online"}


@dataclass(slots=True)
class Case:
    """One customer who wrote, and how it went."""

    work: Work
    at: float
    tier: str
    due: float
    # How long it takes somebody usual. A rule does not know this: it knows how long cases take on the whole.
    minutes: float
    again: float = 0.0
    again_after: float = 0.0
    owner: int = -1
    contacted: float = -1.0


@dataclass(slots=True)
class Person:
    """An agent's day: from when to when, and when the break begins."""

    agent: Agent
    start: float
    end: float
    pause: float
    held: list[Case] = field(default_factory=list)
    again: list[Case] = field(default_factory=list)
    busy_with: Case | None = None


@dataclass
class Day:
    cases: list[Case]
    people: list[Person]


def day(seed: int, *, agents: int = AGENTS, cases: int = CASES, load: float = LOAD) -> Day:
    """Draw a day: the same seed, the same day."""
    rng = np.random.default_rng(seed)
    rows = _rows()
    picked = rng.integers(0, len(rows["minutes"]), cases)
    at = np.sort(np.floor(rows["minute"][picked] / 60) * 60 + rng.random(cases) * 60)
    picked = picked[np.argsort(rows["minute"][picked], kind="stable")]
    people = _people(rng, agents, rows["minute"])
    minutes = rows["handle"][picked]
    minutes *= load * agents * (SHIFT - BREAK) / (minutes.sum() * (1 + AGAIN * AGAIN_SHARE))
    known = np.where(rng.random(cases) < KNOWN, rng.integers(0, agents, cases), -1)
    again = np.where(rng.random(cases) < AGAIN, AGAIN_SHARE * minutes, 0.0)
    after = rng.uniform(*AGAIN_AFTER, cases)
    made = [
        _case(rows, int(row), float(at[n]), float(minutes[n]), int(known[n]), n)
        for n, row in enumerate(picked)
    ]
    for case, again_minutes, again_after in zip(made, again, after, strict=True):
        case.again, case.again_after = float(again_minutes), float(again_after)
    return Day(made, people)


@cache
def _rows() -> dict[str, Any]:
    """The synthetic company's conversations with people: the time of day, how long, about what, with whom."""
    made = company(seed=7, today=date(2026, 11, 20), customers=3_000)
    who = {n: row for n, row in enumerate(made.customers.to_pylist(), 1)}
    held = [row for row in made.conversations.to_pylist() if row["handle_seconds"]]
    local = [(row["at"].hour + 8) % 24 * 60 + row["at"].minute for row in held]
    return {
        "minute": np.array(local, dtype=float),
        "minutes": np.array(local, dtype=float),
        "handle": np.array([row["handle_seconds"] / 60 for row in held]),
        "topic": [f"reason:{row['topic']}" for row in held],
        "seat": [SEATS[row["kind"]] for row in held],
        "tier": [who[row["customer_key"]]["tier"] for row in held],
        "language": [who[row["customer_key"]]["language"] for row in held],
    }


def _case(rows: dict[str, Any], row: int, at: float, minutes: float, known: int, key: int) -> Case:
    tier = rows["tier"][row]
    is_green = tier == GREEN_TIER
    work = Work(
        key=key,
        seat=rows["seat"][row],
        language=rows["language"][row],
        topics=frozenset({rows["topic"][row]}),
        priority={"black": 1, "gold": 2}.get(tier, 3),
        is_green=is_green,
        known_by=known if known >= 0 else None,
    )
    return Case(work, at, tier, at + (PROMISED_GREEN if is_green else PROMISED), minutes)


def _people(rng: np.random.Generator, n: int, minute: Any) -> list[Person]:
    starts = _shifts(n, minute)
    topics = sorted(set(_rows()["topic"]))
    return [_person(rng, key, start, topics) for key, start in enumerate(starts)]


def _person(rng: np.random.Generator, key: int, start: float, topics: list[str]) -> Person:
    languages = {"zh"} | ({"en"} if rng.random() < ENGLISH else set())
    chats = rng.random() < CHAT
    skills = {"seat:online": 2} if chats else {"seat:phone": 2}
    if rng.random() < PHONE:
        skills["seat:phone"] = 2
    skills |= {topic: int(level) for topic in topics if (level := rng.choice(4, p=(0.25, 0.25, 0.3, 0.2)))}
    agent = Agent(
        key,
        languages=frozenset(languages),
        skills=skills,
        is_senior=bool(rng.random() < SENIOR),
        pace=float(np.exp(rng.normal(0, 0.12))),
        is_on_shift=False,
    )
    return Person(agent, start, start + SHIFT, start + SHIFT / 2 + rng.uniform(-60, 60))


def _shifts(n: int, minute: Any) -> list[float]:
    """Shifts that follow the customers: each is put where most of them are left."""
    asked = np.bincount((minute // 60).astype(int), minlength=24) / len(minute)
    there = np.zeros(24)
    starts = []
    for _ in range(n):
        missing = asked * n * SHIFT / 60 - there
        gains = [np.clip(missing[s : s + 8], 0, 1.0).sum() for s in range(17)]
        best = int(np.argmax([g + 1e-3 * missing[s : s + 8].sum() for s, g in enumerate(gains)]))
        there[best : best + 8] += 1
        starts.append(60.0 * best)
    return sorted(starts)
