"""The share of quality reviews of consistency that were met: the same question gets the same answer. A
review without a score does not count."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="consistency_rate",
    label_en="Consistency rate",
    label_zh="服务一致率",
    definition_en=__doc__,
    definition_zh="有评分的“一致”质检项中达标（同问同答）的占比；没有评分的不计入。",
    table="reviews",
    where="item = 'consistency' AND score IS NOT NULL",
    hit="score >= 1",
    source="requirement 37",
)
