"""What we plant in the demo company, so that tests can ask whether the product finds it."""

from __future__ import annotations

import numpy as np

from voiceloop.analytics.synth.chain import AGENTS, KINDS, STORES, position

# A customer is either content or not in a given contact; each answer is drawn from that state's
# distribution. Every mean, and NPS itself, is therefore exactly linear in the chance of being content,
# which is what gives the planted effects an exact size on every scale.
NPS_CONTENT = np.array([0, 0, 0, 0, 0, 0, 0.01, 0.06, 0.17, 0.34, 0.42])
NPS_UNHAPPY = np.array([0.06, 0.03, 0.05, 0.08, 0.10, 0.17, 0.18, 0.15, 0.12, 0.04, 0.02])
CSAT_CONTENT = np.array([0, 0, 0.01, 0.18, 0.81])
CSAT_UNHAPPY = np.array([0.11, 0.22, 0.33, 0.24, 0.10])
CES_CONTENT = np.array([0, 0, 0.01, 0.06, 0.16, 0.32, 0.45])
CES_UNHAPPY = np.array([0.13, 0.17, 0.21, 0.20, 0.15, 0.09, 0.05])

# Chance of being content: rises in a line until the strain, then stays.
CONTENT_AT_START = 0.535
CONTENT_AT_STRAIN = 0.645
CONTENT_PER_MINUTE = -0.0187
CONTENT_BY_TIER = np.array([-0.012, 0.0, 0.04, 0.05])
# Guests on a journey want something else than what a neighbourhood kitchen offers: unhappy even when all
# goes well. The others are lifted by what keeps the company's figure where it is.
CONTENT_BY_SEGMENT = np.array([0.034, 0.034, 0.034, 0.034, -0.30])
MISFIT = "tourist"
CUSTOMER_SPREAD = 0.05
# How much of a customer's luck is lasting. Between two occasions waits and people differ as well, which
# leaves two scores correlated as the literature says they are: 0.57 (`stats.retest`). And who is of a good
# temper stays longer: correlation of temper with the time that a customer stays.
LASTING = 0.63
RETEST = 0.57
STAYING = 0.85
CONTENT_LIMITS = (0.03, 0.97)
SERVICE_SHIFT = -0.02
SERVICE_RESOLVED = 0.28
AGENT_EFFECTS = np.array([0.05, 0, -0.04, 0, 0, 0.03, -0.08, 0, 0, 0.04, 0, -0.05, 0, 0, 0.02, 0])

# Months counted back from the current one, which is 0.
STRAIN_FROM = 8
PILOT_FROM = 5
STRAIN_FACTOR = 1.466
PILOT_FACTOR = 0.60
PILOT_ORDERS = 1.35
PILOT_STORES = tuple(position(STORES, code) for code in ("E02", "E04", "S01", "N02", "W01", "W04"))
STORE_EFFECTS = {"E05": 0.07, "S03": 0.06, "W05": 0.07, "E06": -0.08, "S06": -0.08, "N03": -0.09}

# Minutes at a normal pace, in the order of KINDS: until the meal is served, or ready in the kitchen.
KITCHEN_MINUTES = np.array([20.0, 15.0, 14.0])
KITCHEN_SIGMA = np.array([0.28, 0.18, 0.28])
HANDOVER_MINUTES, HANDOVER_SIGMA = 4.0, 0.25
RIDE_MINUTES, RIDE_SIGMA = 18.0, 0.12
PROMISE_MARGIN = 10.0
EXPECTED_WAIT = np.array([20.0, 40.0, 14.0])
DELIVERY = position(KINDS, "delivery")
LATE_RATE = 0.18
LATE_CAUSES = ("handover", "rider", "kitchen_slow")
LATE_SHARES = np.array([0.60, 0.29, 0.11])

# Chance of an answer: channel x tier, times more when content. Gold and black members are both happier
# and more willing, so the raw score flatters the chain.
ANSWER_BY_CHANNEL = np.array([0.39, 0.26, 0.18, 0.30, 0.37])
ANSWER_BY_TIER = np.array([0.84, 1.0, 1.20, 1.35])
ANSWER_IF_CONTENT = 1.25

CONTACT_BUDGET_DAYS = 30
SKIPPING_AGENT = position(AGENTS, "A07")
SKIP_UNRESOLVED = 0.75
SKIP_USUAL = 0.03

FIRST_CONTACT_HOURS = 24
RECOVERY_FAST = 0.62
RECOVERY_SLOW = 0.40
RESURVEY_ANSWERED = 0.58
HANDED_ON = 0.12

# Orders taken away that are given back; customers who misremember whether it was solved at once.
DINE_IN = position(KINDS, "dine_in")
RETURNED = 0.025
FCR_MISTOLD = 0.05

# Mean answer of promoters, passives and detractors, and how far each dimension lies from it.
SERVQUAL_BY_GROUP = (4.3, 3.7, 2.6)
SERVQUAL_SHIFTS = {
    "reliability": -0.25,
    "responsiveness": 0.0,
    "assurance": 0.2,
    "empathy": -0.1,
    "tangibles": 0.15,
}
# How many people a promoter, a passive and a detractor tell something good, and something bad.
TOLD = {"good": (2.6, 1.1, 0.3), "bad": (0.1, 0.5, 3.2)}
# What is expected of each factor, and how far what is got lies from it: the kitchen's speed disappoints.
EXPECTATIONS = {"speed": (4.2, -0.8), "taste": (4.0, -0.1), "price": (3.5, -0.3)}

# Seconds after which two thirds of those who wait have given up; yuan; shares.
PATIENCE_SECONDS = 900.0
COST_PER_CONTACT, COST_PER_MINUTE = 1.5, 0.9
SESSIONS_PER_CONTACT, SELF_SERVICE_SOLVED = 0.6, 0.62
REVIEWED_SHARE, REVIEWED_TWICE, REVIEWERS_AGREE = 0.05, 0.3, 0.9
REVIEWED = {"accuracy": 0.95, "completeness": 0.88, "consistency": 0.92}


def store_effects() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Planted shift of each store's chance of content customers; 0 for stores that do not differ.

    Examples
    --------
    >>> int((store_effects() != 0).sum())
    6
    """
    return np.array([STORE_EFFECTS.get(store[0], 0.0) for store in STORES])


def nps_of(weights: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Net Promoter Score of a distribution over 0..10.

    Examples
    --------
    >>> round(nps_of(NPS_CONTENT)), round(nps_of(NPS_UNHAPPY))
    (75, -61)
    """
    return float(100 * (weights[9:].sum() - weights[:7].sum()) / weights.sum())


def mean_of(weights: np.ndarray[tuple[int], np.dtype[np.float64]], lowest: int) -> float:
    """Mean of a distribution over whole numbers from `lowest`.

    Examples
    --------
    >>> round(mean_of(CSAT_CONTENT, 1), 2)
    4.8
    """
    return float((weights * (np.arange(len(weights)) + lowest)).sum() / weights.sum())


NPS_RANGE = nps_of(NPS_CONTENT) - nps_of(NPS_UNHAPPY)
SCORE_RANGE = mean_of(NPS_CONTENT, 0) - mean_of(NPS_UNHAPPY, 0)
CSAT_RANGE = mean_of(CSAT_CONTENT, 1) - mean_of(CSAT_UNHAPPY, 1)
