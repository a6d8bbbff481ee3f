"""The mean amount of a transaction."""

from __future__ import annotations

from voiceloop.analytics.metric import Average

FAMILY = "loyalty"

METRIC = Average(
    name="order_value",
    label_en="Mean order value",
    label_zh="平均客单价",
    definition_en=__doc__,
    definition_zh="每笔交易金额的平均值。",
    table="transactions",
    unit="CNY",
    column="amount",
    source="requirement 18",
)
