"""The amount returned as a share of the amount sold: the total of amounts below zero, without its sign,
over the total of amounts above zero, in the same period."""

from __future__ import annotations

from voiceloop.analytics.metric import Ratio

FAMILY = "loyalty"

METRIC = Ratio(
    name="return_rate",
    label_en="Return rate by amount",
    label_zh="退货金额率",
    definition_en=__doc__,
    definition_zh=("同一时期内退货金额（小于零的金额，取绝对值）合计占销售金额（大于零的金额）合计的比例。"),
    table="transactions",
    unit="%",
    better="lower",
    where="amount IS NOT NULL",
    column="CASE WHEN amount < 0 THEN -amount ELSE 0 END",
    over="CASE WHEN amount > 0 THEN amount ELSE 0 END",
    source="requirement 40",
)
