"""How many people customers say they told something good about us in the last three months, on average; ten
stands for ten or more, so that the mean is a lower bound. Group by question to see it by the class of the
same answer to the recommend question."""

from __future__ import annotations

from voiceloop.analytics.metric import Average
from voiceloop.analytics.metrics._customers import told

FAMILY = "loyalty"

METRIC = Average(
    name="told_good",
    label_en="People told good",
    label_zh="口碑：说好的人数",
    definition_en=__doc__,
    definition_zh=(
        "客户自述近三个月向多少人说过我们的好，取平均；10 代表 10 人或更多，故为下限。"
        "按 question 分组可见同一份答卷中推荐者、中立者、贬损者各自的人数。"
    ),
    unit="score",
    better="higher",
    scales=("people_0_10",),
    derived=told("told_good"),
    source="requirement 23; East, Hammond and Wright (2007)",
)
