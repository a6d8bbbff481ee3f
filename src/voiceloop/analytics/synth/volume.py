"""A large made-up company whose responses are counted, not read: its codes and how they hang together."""

from __future__ import annotations

from functools import cache

import numpy as np

from voiceloop.analytics.synth.clock import Array

# The 31 provincial-level divisions of the Chinese mainland, largest market first.
REGIONS = (
    "guangdong",
    "jiangsu",
    "shandong",
    "zhejiang",
    "henan",
    "sichuan",
    "hubei",
    "hunan",
    "shanghai",
    "beijing",
    "hebei",
    "anhui",
    "fujian",
    "liaoning",
    "shaanxi",
    "jiangxi",
    "chongqing",
    "guangxi",
    "yunnan",
    "tianjin",
    "heilongjiang",
    "jilin",
    "shanxi",
    "guizhou",
    "neimenggu",
    "xinjiang",
    "gansu",
    "hainan",
    "ningxia",
    "qinghai",
    "xizang",
)
CHANNELS = ("wechat", "app", "sms", "email", "link", "phone", "chat", "kiosk")
SEGMENTS = (
    "family",
    "office",
    "student",
    "senior",
    "business",
    "tourist",
    "parent",
    "couple",
    "commuter",
    "gamer",
    "trader",
    "newcomer",
)
TIERS = ("regular", "silver", "gold", "black")
LANGUAGES = ("zh", "en")
PROGRAMMES = ("relationship", "journey", "service")
# Touchpoint, its stage of the journey and the programme that asks about it.
TOUCHPOINTS = (
    ("advert", "discover", "relationship"),
    ("website", "discover", "journey"),
    ("mini_program", "discover", "journey"),
    ("recommendation", "discover", "relationship"),
    ("browse", "buy", "journey"),
    ("order", "buy", "journey"),
    ("payment", "buy", "journey"),
    ("contract", "buy", "journey"),
    ("delivery", "receive", "journey"),
    ("pickup", "receive", "journey"),
    ("installation", "receive", "journey"),
    ("onboarding", "receive", "journey"),
    ("in_store", "use", "journey"),
    ("in_app", "use", "journey"),
    ("billing", "use", "journey"),
    ("renewal", "use", "relationship"),
    ("hotline", "support", "service"),
    ("online_chat", "support", "service"),
    ("repair", "support", "service"),
    ("complaint", "support", "service"),
)
STAGES = tuple(dict.fromkeys(stage for _, stage, _ in TOUCHPOINTS))

UNITS, TEAMS_PER_UNIT, AGENTS_PER_TEAM = 500, 2, 5
TEAMS = UNITS * TEAMS_PER_UNIT
AGENTS = TEAMS * AGENTS_PER_TEAM

# Every store lies in one region, every team in one store, every agent in one team.
TEAM_OF_AGENT = np.arange(AGENTS) // AGENTS_PER_TEAM
UNIT_OF_AGENT = TEAM_OF_AGENT // TEAMS_PER_UNIT
REGION_OF_AGENT = UNIT_OF_AGENT * len(REGIONS) // UNITS
STAGE_OF_TOUCHPOINT = np.array([STAGES.index(stage) for _, stage, _ in TOUCHPOINTS])
PROGRAMME_OF_TOUCHPOINT = np.array([PROGRAMMES.index(programme) for _, _, programme in TOUCHPOINTS])

# Every code of the columns that repeat.
CODES: dict[str, tuple[str, ...]] = {
    "programme": PROGRAMMES,
    "survey": PROGRAMMES,
    "touchpoint": tuple(code for code, _, _ in TOUCHPOINTS),
    "stage": STAGES,
    "channel": CHANNELS,
    "source": ("survey",),
    "segment": SEGMENTS,
    "tier": TIERS,
    "region": REGIONS,
    "unit": tuple(f"s{i:03}" for i in range(UNITS)),
    "team": tuple(f"t{i:04}" for i in range(TEAMS)),
    "agent": tuple(f"a{i:04}" for i in range(AGENTS)),
    "language": LANGUAGES,
    "question": ("nps",),
    "scale": ("nps_0_10",),
}

CHANNEL_SHARES = np.array([30, 18, 14, 10, 10, 8, 6, 4])
TOUCHPOINT_SHARES = np.array([2, 4, 5, 3, 4, 8, 5, 3, 12, 6, 3, 4, 9, 7, 4, 3, 7, 6, 3, 2])
SEGMENT_SHARES = np.array([18, 16, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2])
TIER_SHARES = np.array([60, 25, 11, 4])
LANGUAGE_SHARES = np.array([92, 8])

# What is planted: shifts of the chance that a customer is content. A tenth of it is 13.6 points of NPS.
CONTENT = 0.66
CONTENT_GAINED = 0.08  # from the first month to the last
CONTENT_BY_CHANNEL = np.array([0.03, 0.02, 0.0, -0.02, 0.0, -0.04, 0.02, -0.06])
CONTENT_BY_TOUCHPOINT = np.array(
    [0, 2, 3, 6, 1, 1, -2, -3, -4, 2, -5, 1, 5, 3, -9, 0, -3, 1, -6, -14]
) / np.float64(100)
CONTENT_BY_SEGMENT = np.array([2, -1, 1, 4, -3, 0, 1, 3, -4, 0, -6, -2]) / np.float64(100)
CONTENT_BY_TIER = np.array([-0.01, 0.0, 0.03, 0.05])
AGENT_SPREAD = 0.04
# One region loses this much in its last two months: something to be found.
TROUBLED_REGION = REGIONS.index("chongqing")
TROUBLE, TROUBLE_MONTHS = -0.15, 2


def content(month: int, months: int, seed: int) -> Array:
    """Return the chance of a content customer for each agent in a month, before all other effects.

    Examples
    --------
    >>> content(35, 36, 7).shape
    (5000,)
    """
    chance = CONTENT + CONTENT_GAINED * month / max(months - 1, 1) + _by_agent(seed)
    if months - month <= TROUBLE_MONTHS < months:
        chance = chance + TROUBLE * (REGION_OF_AGENT == TROUBLED_REGION)
    return np.asarray(chance)


@cache
def _by_agent(seed: int) -> Array:
    return np.asarray(AGENT_SPREAD * np.random.default_rng([seed, AGENTS]).standard_normal(AGENTS))
