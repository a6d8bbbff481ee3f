"""The mean of the answers to the SERVQUAL question on empathy: it cares for each customer, from 1 to 5."""

from __future__ import annotations

from voiceloop.analytics.metric import Average

FAMILY = "experience"

METRIC = Average(
    name="servqual_empathy",
    label_en="SERVQUAL: empathy",
    label_zh="服务质量·同理性",
    definition_en=__doc__,
    definition_zh="SERVQUAL 同理性题（关心每位顾客）得分的平均值，1–5 分。",
    unit="score",
    question="servqual_empathy",
    scales=("csat_1_5",),
    source="requirement 20; Parasuraman, Zeithaml and Berry, SERVQUAL, Journal of Retailing 64 (1988) 12",
)
