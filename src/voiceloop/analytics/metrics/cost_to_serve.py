"""The cost of conversations divided by their number, over those whose cost is known."""

from __future__ import annotations

from voiceloop.analytics.metric import Ratio

FAMILY = "evaluation"

METRIC = Ratio(
    name="cost_to_serve",
    label_en="Cost per contact",
    label_zh="单次服务成本",
    definition_en=__doc__,
    definition_zh="成本已知的会话的成本合计除以会话数。",
    table="conversations",
    unit="CNY",
    better="lower",
    where="cost >= 0",
    column="cost",
    over="1.0",
    source="requirement 39",
)
