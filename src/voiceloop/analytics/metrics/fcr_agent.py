"""First-contact resolution as we record it: the share of first contacts marked as solved after which the
same customer did not come back about the same topic within 7 days. A contact is a first one when the
customer did not come about the topic in the 7 days before. Contacts without a customer or without the
mark do not count, nor do call-backs, self-service and the last 7 days of the data; contacts without a
topic are of one topic."""

from __future__ import annotations

from voiceloop.analytics.metric import Share
from voiceloop.analytics.metrics._contacts import CONTACTS

FAMILY = "operation"

METRIC = Share(
    name="fcr_agent",
    label_en="First-contact resolution, agent's view",
    label_zh="首次解决率（坐席口径）",
    definition_en=__doc__,
    definition_zh=(
        "坐席口径的首次解决率：首次接触中标记为已解决、且同一客户 7 天内没有因同一主题再次联系的占比。"
        "此前 7 天内未因该主题联系过的为首次接触。没有客户或没有标记的不计入，回访、"
        "自助服务和数据的最后 7 天也不计入；没有主题的视为同一主题。"
    ),
    table="conversations",
    where=(
        "solved IS NOT NULL AND (before_at IS NULL OR before_at < at - INTERVAL 7 DAY)"
        " AND at + INTERVAL 7 DAY <= known_until"
    ),
    derived=CONTACTS,
    reach_days=8,
    hit="solved = 1 AND (after_at IS NULL OR after_at > at + INTERVAL 7 DAY)",
    source="requirement 30; definition 7",
)
