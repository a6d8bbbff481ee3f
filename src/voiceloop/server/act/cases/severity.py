"""How badly it went, from the score and the words."""

from __future__ import annotations

import re

from voiceloop.analytics.scales import scale
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Answer

# Words after which somebody may have come to harm, or will make it public. Our choice.
HARM = re.compile(
    r"食物中毒|中毒|拉肚子|腹泻|呕吐|住院|急诊|受伤|烫伤|过敏|蟑螂|玻璃|异物|报警|起诉|律师|12315|"
    r"我.{0,6}(?:曝光|找媒体)|"
    r"poison|hospital|injur|allerg|cockroach|glass in|lawyer|\bsue\b|police",
    re.IGNORECASE,
)
# What the customer needs stands still: the template "device stopped" is for these. Our choice.
STOPPED = re.compile(
    r"停机|停摆|宕机|死机|瘫痪|无法营业|不能营业|停业了|(?:设备|机器|系统|收银机|服务器).{0,6}(?:坏了|停了|停止|崩溃|故障|开不了|用不了)|"
    r"device (?:has )?stopped|out of service|"
    r"(?:system|machine|device|server) (?:is |was |has been )?(?:down|broken)|cannot open for business",
    re.IGNORECASE,
)
# The lowest fifth of any scale: 0–2 of 10, 1 of 5. Our choice.
SERIOUS_BELOW = 0.2


def grade(words: str, answer: Answer | None) -> str:
    if HARM.search(words) or STOPPED.search(words):
        return Case.Severity.CATASTROPHIC
    return Case.Severity.SERIOUS if answer and _is_lowest(answer) else Case.Severity.SLIGHT


def _is_lowest(answer: Answer) -> bool:
    ends = scale(answer.scale)
    return answer.score is not None and (answer.score - ends.low) / (ends.high - ends.low) <= SERIOUS_BELOW
