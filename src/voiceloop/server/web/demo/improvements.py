"""What the demo company improved: initiatives at different stages, with evidence from its own numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.timezone import localdate, make_aware

from voiceloop.analytics.synth import Company
from voiceloop.server.act.models import RootCause
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.verify import evidence, initiatives
from voiceloop.server.verify.models import Initiative, Step

BEFORE = timedelta(days=evidence.BASELINE_DAYS)


def load_improvements(company: Company) -> None:
    manager = User.objects.get(username="manager")
    root = Unit.objects.get(parent=None)
    _modular_prep(company, manager, root)
    _hand_over_list(manager, root)
    initiatives.plan(
        by=manager,
        title="会员规则一页说清",
        root_cause=RootCause.objects.filter(code="policy").first(),
        goal="把积分与优惠券规则写成一页图，贴在小程序下单页",
        metric="nps",
        scope={"touchpoint": ["membership"]},
        due_on=localdate() + timedelta(days=45),
        unit=root,
    )


def _modular_prep(company: Company, by: User, root: Unit) -> None:
    """The company's story: prepared modules in six stores, measured, and made the rule."""
    started: date = company.truth["pilot_from"]
    begun = _begun(
        by,
        root,
        at=started - timedelta(days=14),
        title="模块化备餐",
        cause="kitchen_slow",
        goal="六家试点门店改为模块化备餐，出餐时间缩短四成",
        scope={"unit": list(company.truth["pilot_stores"]), "programme": ["dining"]},
        target=45.0,
    )
    _at(started, lambda: initiatives.start(begun, by=by, note="六家试点门店同时开始"))
    _at(
        localdate(),
        lambda: initiatives.check(begun, by=by, note="试点门店改善，其余门店同期也在恢复，需对照"),
    )


def _hand_over_list(by: User, root: Unit) -> None:
    begun = _begun(
        by,
        root,
        at=localdate() - timedelta(days=40),
        title="外卖交接核对单",
        cause="handover",
        goal="骑手取餐前由后厨逐项核对，外卖迟到减半",
        scope={"touchpoint": ["delivery"]},
        target=42.0,
    )
    _at(localdate() - timedelta(days=30), lambda: initiatives.start(begun, by=by, note="全部门店"))


def _begun(by: User, unit: Unit, *, at: date, cause: str, **plan: Any) -> Initiative:
    """Planned on a day of the past, so its baseline is that of the days before."""
    made = _at(
        at,
        lambda: initiatives.plan(
            by=by, unit=unit, metric="nps", root_cause=RootCause.objects.filter(code=cause).first(), **plan
        ),
    )
    made.baseline = evidence.measured(made, since=at - BEFORE, until=at)
    made.created_at = _noon(at)
    made.save(update_fields=["baseline", "created_at"])
    made.steps.filter(stage=Step.Stage.PLAN).update(evidence=made.baseline)
    return made


def _at(day: date, verb: Callable[[], Initiative]) -> Initiative:
    """Do it now and date it back: the history of the demo is told, not lived."""
    made = verb()
    step = made.steps.latest("pk")
    told = Event.objects.about("initiative", made.pk).latest("pk")
    step.at = told.at = _noon(day)
    step.save(update_fields=["at"])
    told.save(update_fields=["at"])
    return made


def _noon(day: date) -> datetime:
    return make_aware(datetime.combine(day, time(12)))
