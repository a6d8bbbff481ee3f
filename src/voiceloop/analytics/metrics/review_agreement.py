"""The share of review items scored by two or more reviewers on which all of them agree. Dated on the last
of the reviews, no more than 60 days apart."""

from __future__ import annotations

from voiceloop.analytics.metric import Share
from voiceloop.analytics.metrics._contacts import REVIEWED

FAMILY = "operation"

METRIC = Share(
    name="review_agreement",
    label_en="Reviewer agreement",
    label_zh="质检一致率",
    definition_en=__doc__,
    definition_zh=(
        "由两名或以上质检员评分的质检项中意见全部一致的占比；以最后一次评分为日期，相隔不超过 60 天。"
    ),
    table="reviews",
    where="n_reviewers >= 2",
    derived=REVIEWED,
    reach_days=60,
    hit="lowest = highest",
    source="requirement 37",
)
