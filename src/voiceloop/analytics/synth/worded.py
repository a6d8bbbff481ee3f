"""Comments of the responses: what each has to say, handed to the grammar."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from voiceloop.analytics.synth import asked as invitations
from voiceloop.analytics.synth import chain, grammar, plan
from voiceloop.analytics.synth.clock import Array, Columns
from voiceloop.analytics.synth.columns import draw_rows, numbers, take, texts
from voiceloop.analytics.synth.said import DETRACTOR

# Share of each voice (praise, problem, suggestion, mixed) among promoters, passives and detractors.
_VOICES = np.array([[0.80, 0.0, 0.11, 0.09], [0.27, 0.10, 0.28, 0.35], [0.0, 0.76, 0.10, 0.14]])
_PERSONAL = np.array([0.004, 0.01, 0.06])
_CHOICES = 32
PRAISE, PROBLEM, SUGGESTION, MIXED = range(len(grammar.VOICES))


def plan_sayings(rng: np.random.Generator, given: Columns) -> Columns:
    """Voice of each response and the reason of its praise, problem and suggestion part (-1: no such part)."""
    voice = draw_rows(rng, _VOICES, given["group"])
    upset, first, more = given["group"] == DETRACTOR, given["primary"], rng.random(len(voice)) < 0.5
    mixed, suggests, liked, minded = (
        voice == MIXED,
        voice == SUGGESTION,
        given["consolation"],
        given["grumble"],
    )
    likes = (voice == PRAISE) | mixed | (suggests & ~upset & more)
    minds = (voice == PROBLEM) | mixed | (suggests & upset & more)
    praise = np.where(likes, np.where(upset, liked, first), -1)
    problem = np.where(minds, np.where(upset, first, minded), -1)
    suggestion = np.where(suggests, np.where(upset, first, minded), -1)
    return {
        "voice": voice,
        "praise": praise,
        "problem": problem,
        "suggestion": suggestion,
        "personal": rng.random(len(voice)) < _PERSONAL[given["group"]],
    }


def comments(
    rng: np.random.Generator,
    given: Columns,
    sayings: Columns,
    sold: Columns,
    talked: Columns,
    customers: pa.Table,
) -> list[str | None]:
    """The comment of every response; None for those who said nothing."""
    rows = np.flatnonzero(given["commented"])
    slots = _Slots(given, rows, sold, talked, customers)
    chances = rng.random((len(rows), _CHOICES)).tolist()
    reasons = [*(reason[0] for reason in chain.REASONS), None]
    picked = [
        sayings[name][rows].tolist() for name in ("voice", "praise", "problem", "suggestion", "personal")
    ]
    happy = (given["group"][rows] != DETRACTOR).tolist()
    seated = (given["touchpoint"][rows] == chain.position(chain.TOUCHPOINTS, "dine_in")).tolist()
    written: list[str | None] = [None] * len(given["group"])
    for at, (row, voice, praise, problem, suggestion, personal) in enumerate(
        zip(rows.tolist(), *picked, strict=True)
    ):
        saying = grammar.Saying(
            slots.language[at],
            grammar.VOICES[voice],
            happy[at],
            reasons[praise],
            reasons[problem],
            reasons[suggestion],
            seated[at],
            slots.of(at),
        )
        written[row] = grammar.write(saying, iter(chances[at]), personal)
    return written


def truth_table(given: Columns, sayings: Columns) -> pa.Table:
    """What the author of each comment meant: its voice and the reason of each part."""
    row = np.flatnonzero(given["commented"])
    reasons = chain.codes(chain.REASONS)
    return pa.table(
        {
            "response": take(numbers("R", len(given["group"])), row),
            "voice": take(pa.array(grammar.VOICES), sayings["voice"][row]),
            "praise": take(reasons, sayings["praise"][row]),
            "problem": take(reasons, sayings["problem"][row]),
            "suggestion": take(reasons, sayings["suggestion"][row]),
            "personal": pa.array(sayings["personal"][row]),
        }
    )


class _Slots:
    """Facts of the occasion that a comment may mention, as lists for quick access."""

    def __init__(
        self, given: Columns, rows: Array, sold: Columns, talked: Columns, customers: pa.Table
    ) -> None:
        who = given["customer"][rows]
        self.language = texts(customers["language"], who)
        self.name = texts(customers["name"], who)
        self.phone = texts(customers["phone"], who)
        self.email = texts(customers["email"], who)
        self.minutes = _minutes(given, rows, sold, talked).tolist()
        self.store = given["store"][rows].tolist()
        self.order = np.maximum(given["order"][rows], 0).tolist()

    def of(self, at: int) -> dict[str, str]:
        store = chain.STORES[self.store[at]]
        english, name = self.language[at] == "en", self.name[at]
        return {
            "minutes": str(self.minutes[at]),
            "store": f"the {store[2]} branch" if english else store[1],
            "name": name,
            "surname": name[:1],
            "phone": self.phone[at],
            "email": self.email[at],
            "order": f"O{self.order[at] + 1:07d}",
        }


def _minutes(given: Columns, rows: Array, sold: Columns, talked: Columns) -> Array:
    wait = sold["wait"][given["order"][rows]]
    queue = np.maximum(4 * talked["queue"][given["contact"][rows]], 5)
    programme = given["programme"][rows]
    # Members look back on many meals: what they still talk about is the long waits.
    usual = np.full(len(rows), 2 * plan.KITCHEN_MINUTES[0])
    chosen = np.select(
        [programme == invitations.DINING, programme == invitations.SERVICE], [wait, queue], usual
    )
    return np.asarray(np.rint(chosen).astype(int))
