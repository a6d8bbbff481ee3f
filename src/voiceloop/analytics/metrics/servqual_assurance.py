"""The mean of the answers to the SERVQUAL question on assurance: its people know their work and inspire
trust, from 1 to 5."""

from __future__ import annotations

from voiceloop.analytics.metric import Average

FAMILY = "experience"

METRIC = Average(
    name="servqual_assurance",
    label_en="SERVQUAL: assurance",
    label_zh="服务质量·保证性",
    definition_en=__doc__,
    definition_zh="SERVQUAL 保证性题（员工专业、令人信任）得分的平均值，1–5 分。",
    unit="score",
    question="servqual_assurance",
    scales=("csat_1_5",),
    source="requirement 20; Parasuraman, Zeithaml and Berry, SERVQUAL, Journal of Retailing 64 (1988) 12",
)
