"""The chain's customers: who they are, where they eat, how often and for how long."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from voiceloop.analytics.synth import chain, plan
from voiceloop.analytics.synth.clock import Columns, Window, dates
from voiceloop.analytics.synth.columns import choose, draw, joined, normal_ranks, numbers, take

ENGLISH_SHARE = 0.08
OPTED_OUT_SHARE = 0.03
_SEGMENT_SHARES = np.array([0.30, 0.34, 0.16, 0.11, 0.09])
_CHANNEL_SHARES = np.array([0.46, 0.20, 0.08, 0.10, 0.16])
# Share of customers below each tier, by how often they come.
_TIER_CUTS = np.array([0.62, 0.86, 0.97])

_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余"
    "杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙"
    "史陶黎贺顾毛郝龚邵万钱"
)
_FIRST = "子雨思佳梦欣晓文俊浩明志嘉诗雅静丽建国海天宇泽一心若语书婉可安宁承乐奕锦清秋春云"
_SECOND = "涵轩怡琪杰豪雯航宸瑶婷娜强伟敏芳军平霞玲峰磊洋勇艳超鹏华飞慧颖萱然博睿妍楠彤悦"
_ENGLISH_FIRST = (
    "James",
    "Emma",
    "Oliver",
    "Sophia",
    "Liam",
    "Ava",
    "Noah",
    "Mia",
    "Lucas",
    "Grace",
    "Ethan",
)
_ENGLISH_LAST = ("Smith", "Brown", "Miller", "Wilson", "Taylor", "Clark", "Walker", "Hall", "Young", "King")


def make(rng: np.random.Generator, window: Window, n: int) -> Columns:
    """Draw `n` customers as positions and numbers; names are added by `table`."""
    frequency = rng.gamma(0.9, 1.0, n) + 0.05
    start, end, stay = _active_days(rng, window, n)
    language = (rng.random(n) < ENGLISH_SHARE).astype(np.int8)
    segment = np.where(
        language == 1, draw(rng, np.array([0.2, 0.25, 0.1, 0.2, 0.25]), n), draw(rng, _SEGMENT_SHARES, n)
    )
    return {
        "frequency": frequency,
        "start": start,
        "end": end,
        "language": language,
        "segment": segment,
        "tier": np.searchsorted(np.quantile(frequency, _TIER_CUTS), frequency),
        "store": draw(rng, rng.uniform(0.8, 1.25, len(chain.STORES)), n),
        "channel": draw(rng, _CHANNEL_SHARES, n),
        "deviation": rng.uniform(-plan.CUSTOMER_SPREAD, plan.CUSTOMER_SPREAD, n),
        "opted_out": rng.random(n) < OPTED_OUT_SHARE,
        "joined": start - rng.integers(0, 60, n) * (start > window.first_day) - rng.integers(0, 3, n),
        "born": window.today - (18 * 365 + rng.gamma(4.0, 6.0, n) * 365).clip(0, 62 * 365).astype(np.int64),
        "temper": plan.STAYING * normal_ranks(rng, stay)
        + np.sqrt(1 - plan.STAYING**2) * rng.standard_normal(n),
    }


def table(rng: np.random.Generator, who: Columns) -> pa.Table:
    """The customers as the company's own register would hold them."""
    n = len(who["store"])
    number = numbers("C", n)
    return pa.table(
        {
            "customer": number,
            "name": _names(rng, who),
            # 13800 + six digits is the operators' own block: numbers that look right and ring nobody.
            "phone": numbers("13800", n, 6),
            "email": joined("@", numbers("c", n), "example.com"),
            "language": take(chain.codes(chain.LANGUAGES), who["language"]),
            "segment": take(chain.codes(chain.SEGMENTS), who["segment"]),
            "tier": take(chain.codes(chain.TIERS), who["tier"]),
            "region": take(chain.codes(chain.REGIONS), chain.REGION_OF_STORE[who["store"]]),
            "unit": take(chain.codes(chain.STORES), who["store"]),
            "channel": take(chain.codes(chain.CHANNELS), who["channel"]),
            "opted_out": pa.array(who["opted_out"]),
            "joined_on": dates(who["joined"]),
            "birthday": dates(who["born"]),
        }
    )


def _active_days(rng: np.random.Generator, window: Window, n: int) -> tuple[np.ndarray, ...]:
    """First and last day of each customer's time with the chain, within the window, and how long it is."""
    days = window.today - window.first_day
    start = rng.uniform(-0.55 * days, days, n)
    end = start + 30 + rng.exponential(1.1 * days, n)
    # Those who would have left before the window opened start over inside it.
    gone = end < 30
    start[gone] = rng.uniform(0, days, gone.sum())
    end[gone] = start[gone] + 30 + rng.exponential(1.1 * days, gone.sum())
    first = window.first_day + np.clip(start, 0, days).astype(np.int64)
    last = window.first_day + np.clip(end, 0, days).astype(np.int64)
    return first, np.maximum(last, first), end - start


def _names(rng: np.random.Generator, who: Columns) -> pa.Array[Any]:
    n = len(who["store"])
    # Common surnames are far more common: draw with falling weights, as in any register.
    family = draw(rng, 1 / (3 + np.arange(len(_SURNAMES))), n)
    first = take(_letters(_FIRST), rng.integers(0, len(_FIRST), n))
    second = rng.integers(0, len(_SECOND), n)
    # One given name in five has a single character: the empty last letter.
    second = np.where(rng.random(n) < 0.78, second, len(_SECOND))
    chinese = joined("", take(_letters(_SURNAMES), family), first, take(_letters(_SECOND, ""), second))
    forename = take(pa.array(_ENGLISH_FIRST), rng.integers(0, len(_ENGLISH_FIRST), n))
    surname = take(pa.array(_ENGLISH_LAST), rng.integers(0, len(_ENGLISH_LAST), n))
    return choose(who["language"] == 1, joined(" ", forename, surname), chinese)


def _letters(pool: str, *more: str) -> pa.Array[Any]:
    return pa.array([*pool, *more], type=pa.string())
