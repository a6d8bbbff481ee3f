"""The mean of the answers to the SERVQUAL question on responsiveness: it helps willingly and promptly,
from 1 to 5."""

from __future__ import annotations

from voiceloop.analytics.metric import Average

FAMILY = "experience"

METRIC = Average(
    name="servqual_responsiveness",
    label_en="SERVQUAL: responsiveness",
    label_zh="服务质量·响应性",
    definition_en=__doc__,
    definition_zh="SERVQUAL 响应性题（乐意并及时帮助）得分的平均值，1–5 分。",
    unit="score",
    question="servqual_responsiveness",
    scales=("csat_1_5",),
    source="requirement 20; Parasuraman, Zeithaml and Berry, SERVQUAL, Journal of Retailing 64 (1988) 12",
)
