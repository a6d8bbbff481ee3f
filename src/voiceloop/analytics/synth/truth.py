"""The facts planted in the demo company, as numbers that tests compare their findings with."""

from __future__ import annotations

from typing import Any

import numpy as np

from voiceloop.analytics.synth import asked as invitations
from voiceloop.analytics.synth import chain, plan
from voiceloop.analytics.synth.clock import Array, Columns, Window
from voiceloop.analytics.synth.orders import in_pilot


def planted(window: Window, asked: Columns) -> dict[str, Any]:
    """Return the planted facts; scores in points of their scale, rates and shares 0-1, dates local.

    `serving_slope_*`: change per extra minute of serving. `pilot_lift_*`: mean effect of modular prep on
    those asked after a meal in its stores, through the minutes it saves. `*_effects_nps`: planted shift of
    each store or agent in NPS points. `nps_population*`: expected NPS of everybody asked, answered or not.
    """
    last = window.n_months - 1
    return {
        "serving_slope_score": plan.CONTENT_PER_MINUTE * plan.SCORE_RANGE,
        "serving_slope_nps": plan.CONTENT_PER_MINUTE * plan.NPS_RANGE,
        "serving_slope_csat": plan.CONTENT_PER_MINUTE * plan.CSAT_RANGE,
        "strain_from": window.month_date(last - plan.STRAIN_FROM),
        "strain_factor": plan.STRAIN_FACTOR,
        "pilot_from": window.month_date(last - plan.PILOT_FROM),
        "pilot_stores": tuple(chain.STORES[store][0] for store in plan.PILOT_STORES),
        "pilot_serving_factor": plan.PILOT_FACTOR,
        "pilot_orders_factor": plan.PILOT_ORDERS,
        "csat_story": (82, 75, 88),
        "late_causes": dict(zip(plan.LATE_CAUSES, plan.LATE_SHARES.tolist(), strict=True)),
        "late_handover_share": float(plan.LATE_SHARES[0]),
        "store_effects_nps": _by_code(chain.STORES, plan.store_effects() * plan.NPS_RANGE),
        "agent_effects_nps": _by_code(chain.AGENTS, plan.AGENT_EFFECTS * plan.NPS_RANGE),
        "skipping_agent": chain.AGENTS[plan.SKIPPING_AGENT][0],
        "skip_rate_unresolved": plan.SKIP_UNRESOLVED,
        "skip_rate_usual": plan.SKIP_USUAL,
        "contact_budget_days": plan.CONTACT_BUDGET_DAYS,
        "answer_ratio_content": plan.ANSWER_IF_CONTENT,
        "answer_by_tier": _by_code(chain.TIERS, plan.ANSWER_BY_TIER),
        "answer_by_channel": _by_code(chain.CHANNELS, plan.ANSWER_BY_CHANNEL),
        "recovery_rate_contacted_within_24h": plan.RECOVERY_FAST,
        "recovery_rate_contacted_later": plan.RECOVERY_SLOW,
        "retest_correlation": plan.RETEST,
        "staying_correlation": plan.STAYING,
        "misfit_segment": plan.MISFIT,
        "handed_on_share": plan.HANDED_ON,
        "returned_takeaway_share": plan.RETURNED,
        "expectation_gaps": {name: gap for name, (_, gap) in plan.EXPECTATIONS.items()},
        "told": {side: list(means) for side, means in plan.TOLD.items()},
        "servqual_shifts": dict(plan.SERVQUAL_SHIFTS),
        "self_service_solved_share": plan.SELF_SERVICE_SOLVED,
        "reviewed_met_share": {name: _met(share) for name, share in plan.REVIEWED.items()},
        "reviewers_agree_share": plan.REVIEWERS_AGREE,
        **_lifts(window, asked),
        **_scores(window, asked),
    }


def _by_code(rows: tuple[tuple[str, ...], ...], values: Array) -> dict[str, float]:
    return {row[0]: float(value) for row, value in zip(rows, values, strict=True)}


def _met(share: float) -> float:
    """Share of reviews met, those of the second reviewer among them, who does not always agree."""
    second = share * plan.REVIEWERS_AGREE + (1 - share) * (1 - plan.REVIEWERS_AGREE)
    return (share + plan.REVIEWED_TWICE * second) / (1 + plan.REVIEWED_TWICE)


def _lifts(window: Window, asked: Columns) -> dict[str, float]:
    """Mean effect of the pilot on those asked after a meal in it: their chance with it less without it."""
    treated = in_pilot(window, asked["store"], asked["due"]) & (asked["programme"] == invitations.DINING)
    lift = float((asked["p_content"] - asked["p_without"])[treated].mean()) if treated.any() else 0.0
    return {
        "pilot_lift_score": lift * plan.SCORE_RANGE,
        "pilot_lift_nps": lift * plan.NPS_RANGE,
        "pilot_lift_csat": lift * plan.CSAT_RANGE,
    }


def _scores(window: Window, asked: Columns) -> dict[str, Any]:
    """Expected NPS of everybody asked, by month and over all, whether they answered or not."""
    month = window.month(asked["due"])
    base = plan.nps_of(plan.NPS_UNHAPPY)
    total = np.bincount(month, weights=asked["p_content"], minlength=window.n_months)
    count = np.bincount(month, minlength=window.n_months)
    monthly: Array = base + plan.NPS_RANGE * total / np.maximum(count, 1)
    names = [window.month_date(index).strftime("%Y-%m") for index in range(window.n_months)]
    return {
        "nps_population": float(base + plan.NPS_RANGE * asked["p_content"].mean()),
        "nps_population_by_month": dict(zip(names, monthly.tolist(), strict=True)),
    }
