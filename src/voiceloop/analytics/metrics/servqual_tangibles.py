"""The mean of the answers to the SERVQUAL question on tangibles: rooms, tools and people look right, from
1 to 5."""

from __future__ import annotations

from voiceloop.analytics.metric import Average

FAMILY = "experience"

METRIC = Average(
    name="servqual_tangibles",
    label_en="SERVQUAL: tangibles",
    label_zh="服务质量·有形性",
    definition_en=__doc__,
    definition_zh="SERVQUAL 有形性题（环境、设备与仪表）得分的平均值，1–5 分。",
    unit="score",
    question="servqual_tangibles",
    scales=("csat_1_5",),
    source="requirement 20; Parasuraman, Zeithaml and Berry, SERVQUAL, Journal of Retailing 64 (1988) 12",
)
