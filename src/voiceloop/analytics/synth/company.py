"""The seeded demo company: every table a restaurant chain would have, and the truth planted in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.synth import asked as invitations
from voiceloop.analytics.synth import (
    cases,
    chain,
    contacts,
    customers,
    desk,
    opinions,
    orders,
    rated,
    returns,
    said,
    worded,
)
from voiceloop.analytics.synth.clock import Columns, Window, window
from voiceloop.analytics.synth.truth import planted

MINIMUM_CUSTOMERS, MINIMUM_MONTHS = 50, 12


@dataclass(frozen=True)
class Company:
    """A made-up company: one Arrow table per noun, and `truth`, the facts planted in them.

    `outcomes` and `meanings` are hidden truth for tests (what everybody asked would have said; what the
    author of each comment meant) and no part of what a real company would know.
    """

    name_zh: str
    name_en: str
    units: pa.Table
    people: pa.Table
    touchpoints: pa.Table
    labels: pa.Table
    customers: pa.Table
    orders: pa.Table
    interactions: pa.Table
    invitations: pa.Table
    responses: pa.Table
    cases: pa.Table
    returns: pa.Table
    ratings: pa.Table
    conversations: pa.Table
    reviews: pa.Table
    outcomes: pa.Table
    meanings: pa.Table
    truth: dict[str, Any]

    @property
    def tables(self) -> dict[str, pa.Table]:
        """Every table by name."""
        return {name: value for name, value in vars(self).items() if isinstance(value, pa.Table)}


def company(
    seed: int = 7,
    today: date | None = None,
    customers: int = 60_000,
    *,
    now: datetime | None = None,
    months: int = 36,
) -> Company:
    """Make a restaurant chain with `months` months of history that ends at `now`.

    The same arguments always give the same tables. Volumes follow the number of customers: about 4 orders,
    1.8 invitations and 0.6 responses each.

    Parameters
    ----------
    seed
        Seed of every random choice.
    today
        Last local day (Asia/Shanghai), until 21:00; default the day of `now`. A living demo gives `now`
        or neither, so that nothing lies ahead of the clock.
    customers
        Number of customers, at least 50.
    now
        Instant at which the history ends; nothing is later. Without a time zone it is read as UTC.
    months
        Calendar months, the unfinished current one among them; at least 12.

    Returns
    -------
    Company
        Arrow tables `units`, `people`, `touchpoints`, `labels`, `customers`, `orders`, `interactions`,
        `invitations`, `responses`, `cases`, `returns`, `ratings` (answers to further questions of the
        responses), `conversations` and `reviews` (as the lake stores them), hidden `outcomes` and
        `meanings`, and the dictionary `truth`.

    Raises
    ------
    AnalyticsError
        When there are too few customers or months to plant anything in.

    Notes
    -----
    Scores are drawn from a mixture of two distributions, so that every mean and NPS itself are linear in the
    chance of a content customer: the planted effects have an exact size (`plan.py`).

    Examples
    --------
    >>> from datetime import date
    >>> chain = company(seed=7, today=date(2026, 11, 20), customers=600)
    >>> chain.units.num_rows, chain.customers.num_rows
    (33, 600)
    >>> chain.truth["late_handover_share"]
    0.6
    """
    _check(customers, months)
    return _Made(window(today, now, months), seed, customers).company()


def scale(customers: int = 600, seed: int = 7, today: date | None = None) -> Company:
    """Make a small company for tests: the same world with fewer customers.

    Examples
    --------
    >>> from datetime import date
    >>> scale(200, today=date(2026, 11, 20)).customers.num_rows
    200
    """
    return company(seed=seed, today=today, customers=customers)


class _Made:
    """The company's columns while they are being made, each part with its own random stream."""

    def __init__(self, span: Window, seed: int, n: int) -> None:
        # One stream per part: a change to one part leaves the draws of all the others as they were.
        streams = [np.random.default_rng([seed, part]) for part in range(14)]
        self.span = span
        self.who: Columns = customers.make(streams[0], span, n)
        self.register = customers.table(streams[1], self.who)
        self.sold = orders.make(streams[2], span, self.who)
        self.talked = contacts.make(streams[3], span, self.who, self.sold)
        self.asked = invitations.candidates(streams[4], span, self.who, self.sold, self.talked)
        self.asked |= opinions.make(streams[5], span, self.who, self.sold, self.talked, self.asked)
        self.asked |= invitations.settle(streams[6], span, self.who, self.talked, self.asked)
        self.given = said.make(streams[7], self.sold, self.talked, self.asked)
        self.sayings = worded.plan_sayings(streams[8], self.given)
        self.words = worded.comments(
            streams[8], self.given, self.sayings, self.sold, self.talked, self.register
        )
        self.held = cases.make(streams[9], span, self.sold, self.given)
        self.returned = returns.make(streams[10], span, self.sold)
        self.rated = rated.make(streams[11], self.talked, self.given)
        self.desk = desk.make(streams[12], span, self.who, self.talked)
        self.reviews = desk.reviews(streams[13], span, self.desk)

    def company(self) -> Company:
        return Company(
            name_zh=chain.NAME_ZH,
            name_en=chain.NAME_EN,
            units=chain.units(),
            people=chain.people(),
            touchpoints=chain.touchpoints(),
            labels=chain.labels(),
            customers=self.register,
            orders=orders.table(self.sold),
            interactions=contacts.table(self.talked),
            invitations=invitations.table(self.asked),
            responses=said.table(self.given, self.who, self.words),
            cases=cases.table(self.held),
            returns=returns.table(self.returned),
            ratings=rated.table(self.rated),
            conversations=desk.table(self.desk),
            reviews=self.reviews,
            outcomes=invitations.outcomes(self.asked, self.sold),
            meanings=worded.truth_table(self.given, self.sayings),
            truth=planted(self.span, self.asked),
        )


def _check(n: int, months: int) -> None:
    if n < MINIMUM_CUSTOMERS or months < MINIMUM_MONTHS:
        raise AnalyticsError(
            f"A demo company needs at least {MINIMUM_CUSTOMERS} customers and {MINIMUM_MONTHS} months.",
            f"演示公司至少需要 {MINIMUM_CUSTOMERS} 名客户和 {MINIMUM_MONTHS} 个月。",
        )
