"""Complaint cases per 1,000 orders of the same period and group; returns are no orders. A Poisson count
over a base taken as known."""

from __future__ import annotations

from voiceloop.analytics.metric import Rate
from voiceloop.analytics.metrics._customers import ORDERS

FAMILY = "experience"

METRIC = Rate(
    name="complaint_rate_orders",
    label_en="Complaints per 1,000 orders",
    label_zh="投诉率（每千笔订单）",
    definition_en=__doc__,
    definition_zh="同一时期、同一分组内每 1,000 笔订单对应的投诉工单数；退货不计入订单。",
    table="cases",
    better="lower",
    where="kind = 'complaint'",
    per_table="transactions",
    per_where=ORDERS,
    source="requirement 22",
)
