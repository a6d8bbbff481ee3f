"""The mean of the answers to the SERVQUAL question on reliability: it does what was promised, from 1 to 5."""

from __future__ import annotations

from voiceloop.analytics.metric import Average

FAMILY = "experience"

METRIC = Average(
    name="servqual_reliability",
    label_en="SERVQUAL: reliability",
    label_zh="服务质量·可靠性",
    definition_en=__doc__,
    definition_zh="SERVQUAL 可靠性题（按承诺做到）得分的平均值，1–5 分。",
    unit="score",
    question="servqual_reliability",
    scales=("csat_1_5",),
    source="requirement 20; Parasuraman, Zeithaml and Berry, SERVQUAL, Journal of Retailing 64 (1988) 12",
)
