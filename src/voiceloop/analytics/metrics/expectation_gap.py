"""The mean of experience minus expectation: in one response the answer to got_X minus the answer to
expected_X, both from 1 to 5; below zero, less was had than expected. Group by question to see each
factor X. An answer without its pair does not count."""

from __future__ import annotations

from voiceloop.analytics.metric import Average
from voiceloop.analytics.metrics._customers import GAPS

FAMILY = "experience"

METRIC = Average(
    name="expectation_gap",
    label_en="Expectation–experience gap",
    label_zh="期望与体验差值",
    definition_en=__doc__,
    definition_zh=(
        "体验减期望的平均值：同一份答卷中 got_X 题得分减 expected_X 题得分，均为 1–5 分；"
        "小于零表示低于期望。按 question 分组可见各因素 X；没有配对的答案不计入。"
    ),
    unit="score",
    derived=GAPS,
    column="gap",
    source="requirement 19; Parasuraman, Zeithaml and Berry (1988)",
)
