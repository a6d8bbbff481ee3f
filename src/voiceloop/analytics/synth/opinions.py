"""How content each customer asked is, and the scores that follow from it."""

from __future__ import annotations

import numpy as np

from voiceloop.analytics.synth import asked as invitations
from voiceloop.analytics.synth import plan
from voiceloop.analytics.synth.clock import Array, Columns, Window
from voiceloop.analytics.synth.columns import at_ranks, draw_rows, even_ranks, normal_ranks


def make(
    rng: np.random.Generator, window: Window, who: Columns, sold: Columns, talked: Columns, asked: Columns
) -> Columns:
    """Chance of being content with and without the pilot, the state drawn, and the scores on three scales."""
    common = _common(window, who, asked)
    p_content = _bounded(common + _of_contact(window, sold, talked, asked, sold["wait"]))
    p_without = _bounded(common + _of_contact(window, sold, talked, asked, sold["wait_unpiloted"]))
    luck = _luck(rng, window, who, asked)
    content = luck >= 1 - p_content
    state = content.astype(np.int8)
    # What is left of the luck once the state is known is as even as before, and goes on to the score.
    rest = np.where(content, (luck - 1 + p_content) / p_content, luck / (1 - p_content))
    return {
        "p_content": p_content,
        "p_without": p_without,
        "content": content,
        "nps": at_ranks(np.stack([plan.NPS_UNHAPPY, plan.NPS_CONTENT]), state, rest),
        "csat": draw_rows(rng, np.stack([plan.CSAT_UNHAPPY, plan.CSAT_CONTENT]), state) + 1,
        "ces": draw_rows(rng, np.stack([plan.CES_UNHAPPY, plan.CES_CONTENT]), state) + 1,
    }


def excess_wait(sold: Columns, order: Array) -> Array:
    """Minutes above what that kind of order is expected to take; 0 where there is no order (-1)."""
    excess = sold["wait"][order] - plan.EXPECTED_WAIT[sold["kind"][order]]
    return np.where(order >= 0, excess, 0.0)


def _luck(rng: np.random.Generator, window: Window, who: Columns, asked: Columns) -> Array:
    """Evenly spread over those asked in each programme and month, and correlated within each customer.

    Who is of a good temper stays longer and so is asked more often, most of all later on: it is ranked among
    those asked, so that every planted mean stays as it is.
    """
    stratum = asked["programme"] * window.n_months + window.month(asked["due"])
    temper = who["temper"][asked["customer"]]
    lasting = np.empty(len(temper))
    for one in np.unique(stratum):
        rows = stratum == one
        lasting[rows] = normal_ranks(rng, temper[rows])
    passing = rng.standard_normal(len(temper))
    both = np.sqrt(plan.LASTING) * lasting + np.sqrt(1 - plan.LASTING) * passing
    return even_ranks(both, stratum)


def _common(window: Window, who: Columns, asked: Columns) -> Array:
    rising = max(window.n_months - 1 - plan.STRAIN_FROM, 1)
    progress = np.minimum(window.month(asked["due"]) / rising, 1.0)
    base = plan.CONTENT_AT_START + (plan.CONTENT_AT_STRAIN - plan.CONTENT_AT_START) * progress
    customer = asked["customer"]
    alike = plan.CONTENT_BY_TIER[who["tier"][customer]] + plan.CONTENT_BY_SEGMENT[who["segment"][customer]]
    return np.asarray(base + alike + who["deviation"][customer])


def _of_contact(window: Window, sold: Columns, talked: Columns, asked: Columns, wait: Array) -> Array:
    """What the occasion itself adds: the wait, the store, the agent, or the months' usual wait."""
    order, contact, store = asked["order"], asked["contact"], asked["store"]
    minutes = wait - plan.EXPECTED_WAIT[sold["kind"]]
    dining = plan.CONTENT_PER_MINUTE * minutes[order] + plan.store_effects()[store]
    service = plan.SERVICE_SHIFT + plan.AGENT_EFFECTS[asked["agent"]]
    service = service + plan.SERVICE_RESOLVED * (talked["resolved"][contact] - 0.8)
    usual = _usual(window, sold, minutes)[store, window.month(asked["due"])]
    members = plan.CONTENT_PER_MINUTE * usual + plan.store_effects()[store]
    cases = [asked["programme"] == invitations.DINING, asked["programme"] == invitations.SERVICE]
    return np.asarray(np.select(cases, [dining, service], members))


def _usual(window: Window, sold: Columns, minutes: Array) -> Array:
    """Mean excess minutes of each store in each month: what members remember of their visits."""
    n_stores = len(plan.store_effects())
    cell = sold["store"] * window.n_months + window.month(sold["at"])
    size = n_stores * window.n_months
    count = np.bincount(cell, minlength=size)
    total = np.bincount(cell, weights=minutes, minlength=size)
    return np.asarray((total / np.maximum(count, 1)).reshape(n_stores, window.n_months))


def _bounded(chance: Array) -> Array:
    return np.clip(chance, *plan.CONTENT_LIMITS)
