"""What a new organisation begins with: a programme that asks after a service, and one that asks again."""

from __future__ import annotations

from voiceloop.server.collect import programmes, surveys
from voiceloop.server.collect.models import Programme, Survey
from voiceloop.server.core.events import verb
from voiceloop.server.core.models import Unit

RECOVERY = "recovery"


@verb
def starter(unit: Unit) -> Programme:
    """The service programme with its published survey; beside it the re-survey of recovered customers."""
    _programme(
        unit,
        RECOVERY,
        "修复回访",
        "Recovery",
        "recovery",
        rest_days=0,
        source="最后一次回访之后的再次调查",
        definition="问题处理之后的推荐意愿，0–10；9–10 推荐者，7–8 中立者，0–6 贬损者；另报净修复率",
        method="短链接自填问卷",
        cycle="每个工单结束之后",
        population="所有已解决的修复工单的客户，不抽样",
    )
    return _programme(
        unit,
        "service",
        "客服服务评价",
        "After a service contact",
        "nps_service",
        rest_days=30,
        source="服务结束后发送的邀请、公共链接和二维码",
        definition="推荐意愿 0–10；9–10 推荐者，7–8 中立者，0–6 贬损者；NPS = 推荐者% − 贬损者%",
        method="短链接自填问卷，约 30 秒，每位客户 30 天内最多一次",
        cycle="随服务持续，按月报告",
        population="接受过服务且未退订的全部客户；未发送的逐条记录原因",
    )


def _programme(
    unit: Unit, code: str, name: str, name_en: str, template: str, *, rest_days: int, **plan: str
) -> Programme:
    programme = Programme.objects.filter(code=code).first() or programmes.create(
        code=code, name=name, name_en=name_en, unit=unit, by=None, rest_days=rest_days, **plan
    )
    survey = Survey.objects.filter(code=code).first() or surveys.create(
        programme=programme, code=code, name=name, name_en=name_en, by=None, template=template
    )
    if survey.live is None:
        surveys.publish(survey=survey, by=None)
    return programme
