"""The share of a day's conversations that begin in its busiest clock hour, over days with at least 10
conversations; of two equally busy hours the earlier. One in twenty-four would be an even day."""

from __future__ import annotations

from voiceloop.analytics.metric import Share
from voiceloop.analytics.metrics._contacts import HOURS

FAMILY = "operation"

METRIC = Share(
    name="peak_hour_share",
    label_en="Share in the busiest hour",
    label_zh="高峰小时占比",
    definition_en=__doc__,
    definition_zh=(
        "每天最忙的一个整点小时内开始的会话占当天会话的比例，只计会话不少于 10 次的日子；"
        "并列时取较早的小时。全天均匀时约为 1/24。"
    ),
    table="conversations",
    better="lower",
    where="of_day >= 10",
    derived=HOURS,
    hit="hour_at = busiest",
    source="requirement 38",
)
