"""The share of quality reviews of completeness that were met: nothing needed is missing. A review without
a score does not count."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="completeness_rate",
    label_en="Completeness rate",
    label_zh="服务完整率",
    definition_en=__doc__,
    definition_zh="有评分的“完整”质检项中达标（无遗漏）的占比；没有评分的不计入。",
    table="reviews",
    where="item = 'completeness' AND score IS NOT NULL",
    hit="score >= 1",
    source="requirement 37",
)
