"""The share of new customers who bought again, on another day, within 90 days of their first known
purchase. Dated on the first purchase, so that months are cohorts; a cohort counts once the data reach
90 days beyond it. A purchase has an amount above zero or unknown and is no return."""

from __future__ import annotations

from voiceloop.analytics.metric import Share
from voiceloop.analytics.metrics._customers import FIRST_PURCHASES

FAMILY = "loyalty"

METRIC = Share(
    name="second_purchase_rate",
    label_en="Second purchase within 90 days",
    label_zh="新客 90 天复购率",
    definition_en=__doc__,
    definition_zh=(
        "新客户在首次已知购买后的 90 天内于另一天再次购买的占比。以首次购买日为日期，按月即获客批次；"
        "数据超过其后 90 天才计入。购买指金额大于零或未知、且不是退货的交易。"
    ),
    table="transactions",
    derived=FIRST_PURCHASES,
    reach_days=3660,
    hit="after_day <= day + 90",
    source="requirement 16",
)
