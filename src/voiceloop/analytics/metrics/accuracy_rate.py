"""The share of quality reviews of accuracy that were met: what was said is right. A review without a score
does not count."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="accuracy_rate",
    label_en="Accuracy rate",
    label_zh="服务准确率",
    definition_en=__doc__,
    definition_zh="有评分的“准确”质检项中达标（所答正确）的占比；没有评分的不计入。",
    table="reviews",
    where="item = 'accuracy' AND score IS NOT NULL",
    hit="score >= 1",
    source="requirement 37",
)
