"""The share of contacts after which the same customer came back about the same topic within 7 days.
Contacts without a customer do not count, nor do call-backs, self-service and the last 7 days of the
data; contacts without a topic are of one topic."""

from __future__ import annotations

from voiceloop.analytics.metric import Share
from voiceloop.analytics.metrics._contacts import CONTACTS

FAMILY = "operation"

METRIC = Share(
    name="recontact_rate",
    label_en="Re-contact within 7 days",
    label_zh="7 天重复来访率",
    definition_en=__doc__,
    definition_zh=(
        "接触之后同一客户 7 天内因同一主题再次联系的占比。没有客户的不计入，回访、"
        "自助服务和数据的最后 7 天也不计入；没有主题的视为同一主题。"
    ),
    table="conversations",
    better="lower",
    where="at + INTERVAL 7 DAY <= known_until",
    derived=CONTACTS,
    reach_days=8,
    hit="after_at <= at + INTERVAL 7 DAY",
    source="requirement 30; definition 7",
)
