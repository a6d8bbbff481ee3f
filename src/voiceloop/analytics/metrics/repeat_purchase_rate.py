"""The share of customers who bought on two or more days of a window of 90 days, among those who bought in
it. The window is the 90 days up to the last day of a month, and the row is dated on that day; the month
counts once the data reach beyond it. A purchase has an amount above zero or unknown and is no return.
Customers stand where they bought last in the window; over several months a customer counts once for
each."""

from __future__ import annotations

from voiceloop.analytics.metric import Share
from voiceloop.analytics.metrics._customers import BUYERS

FAMILY = "loyalty"

METRIC = Share(
    name="repeat_purchase_rate",
    label_en="Repeat purchase rate (90 days)",
    label_zh="重复购买率（90 天）",
    definition_en=__doc__,
    definition_zh=(
        "90 天窗口内购买过的客户中，在两天或更多天购买的占比。窗口为截至每月最后一天的 90 天，"
        "以该日为日期；数据超过该日后才计入。购买指金额大于零或未知、且不是退货的交易。"
        "客户归入窗口内最后一次购买所在的分组；跨多个月时每月各计一次。"
    ),
    table="transactions",
    derived=BUYERS,
    reach_days=180,
    hit="before_day > day - 90",
    source="requirement 16",
)
