"""The share of customers at risk who bought again within a window of 90 days. The window is the 90 days up
to the last day of a month, and the row is dated on that day; the month counts once the data reach
beyond it. Rows are customers at risk: those who bought in the 90 days before the window. A purchase has
an amount above zero or unknown and is no return. Customers stand where they last bought before the
window; over several months a customer counts once for each."""

from __future__ import annotations

from voiceloop.analytics.metric import Share
from voiceloop.analytics.metrics._customers import AT_RISK

FAMILY = "loyalty"

METRIC = Share(
    name="retention_rate",
    label_en="Retention rate (90 days)",
    label_zh="客户保留率（90 天）",
    definition_en=__doc__,
    definition_zh=(
        "可能流失的客户中在 90 天窗口内再次购买的占比。窗口为截至每月最后一天的 90 天，以该日为日期；"
        "数据超过该日后才计入。分母为窗口开始前 90 天内购买过的客户；购买指金额大于零或未知、"
        "且不是退货的交易。客户归入窗口开始前最后一次购买所在的分组；跨多个月时每月各计一次。"
    ),
    table="transactions",
    derived=AT_RISK,
    reach_days=180,
    hit="after_day <= day",
    source="requirement 16",
)
