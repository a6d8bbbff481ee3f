"""The share of cases under a service-level agreement that kept it, as recorded, or resolved by their due
time where nothing is recorded. A case past its due time and still open has missed it; one still within
it does not count yet."""

from __future__ import annotations

from voiceloop.analytics.metric import Share

FAMILY = "operation"

METRIC = Share(
    name="sla_attainment",
    label_en="SLA attainment",
    label_zh="SLA 达成率",
    definition_en=__doc__,
    definition_zh=(
        "有服务水平协议的工单中达成的占比：以记录为准，没有记录的看是否在到期前解决。"
        "过期仍未解决的算未达成，未到期的暂不计入。"
    ),
    table="cases",
    where="sla_met IS NOT NULL OR due_at IS NOT NULL AND (resolved_at IS NOT NULL OR due_at < :now)",
    hit="sla_met = 1 OR sla_met IS NULL AND resolved_at <= due_at",
    source="requirement 32",
)
