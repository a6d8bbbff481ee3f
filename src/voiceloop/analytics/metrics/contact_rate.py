"""Conversations in which a customer sought a person, per 1,000 orders of the same period and group:
self-service sessions and call-backs that we make are left out, returns are no orders. What content or another
channel spares shows as a fall. A Poisson count over a base taken as known."""

from __future__ import annotations

from voiceloop.analytics.metric import Rate
from voiceloop.analytics.metrics._customers import ORDERS

FAMILY = "operation"

METRIC = Rate(
    name="contact_rate",
    label_en="Contacts per 1,000 orders",
    label_zh="咨询量（每千笔订单）",
    definition_en=__doc__,
    definition_zh=(
        "同一时期、同一分组内每 1,000 笔订单对应的人工咨询会话数；自助会话与我方回访不计入，退货不计入订单。"
        "内容或渠道分流见效时会下降。"
    ),
    table="conversations",
    better="lower",
    where="kind IS NULL OR kind NOT IN ('callback', 'self_service')",
    per_table="transactions",
    per_where=ORDERS,
    source="requirement 36",
)
