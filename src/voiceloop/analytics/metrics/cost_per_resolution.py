"""The cost of all conversations divided by the number of those that solved the matter, over conversations
whose cost and solution are known: what failed is paid for by what succeeded."""

from __future__ import annotations

from voiceloop.analytics.metric import Ratio

FAMILY = "evaluation"

METRIC = Ratio(
    name="cost_per_resolution",
    label_en="Cost per resolution",
    label_zh="单次解决成本",
    definition_en=__doc__,
    definition_zh=("成本与是否解决均已知的会话中，全部成本除以已解决的会话数；未解决的成本由已解决的分担。"),
    table="conversations",
    unit="CNY",
    better="lower",
    where="cost >= 0 AND solved IS NOT NULL",
    column="cost",
    over="CASE WHEN solved = 1 THEN 1.0 ELSE 0.0 END",
    source="requirement 39",
)
