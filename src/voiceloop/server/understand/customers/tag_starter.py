"""What a company may begin with: three tag rules, and a scheme of tiers that is switched off."""

from __future__ import annotations

from typing import Any

from voiceloop.server.core.events import verb
from voiceloop.server.understand.customers import tag_rules, tags
from voiceloop.server.understand.tag_models import TagRule, TierScheme

# Our choices; each can be changed on its page.
RULES: tuple[tuple[str, int, list[dict[str, Any]]], ...] = (
    ("高价值有风险", 0, [
        {"field": "band", "is": "one_of", "value": ["high"]},
        {"field": "expected", "is": "at_least", "value": 200},
    ]),
    ("连续反馈", 30, [{"field": "responses", "is": "at_least", "value": 3, "more": 180}]),
    ("近期不满", 30, [
        {"field": "score_class", "is": "one_of", "value": ["detractor"]},
        {"field": "responses", "is": "at_least", "value": 1, "more": 90},
    ]),
)  # fmt: skip
STEPS: tuple[dict[str, Any], ...] = (
    {"code": "black", "name": "黑金卡", "name_en": "Black", "by": "top", "at": 1.0,
     "benefits": "专属客服；首次联系优先；每季度一次回访"},
    {"code": "gold", "name": "金卡", "name_en": "Gold", "by": "top", "at": 10.0,
     "benefits": "优先受理；生日礼"},
    {"code": "silver", "name": "银卡", "name_en": "Silver", "by": "top", "at": 40.0,
     "benefits": "会员日双倍积分"},
    {"code": "regular", "name": "普通会员", "name_en": "Regular", "by": "amount", "at": 0.0, "benefits": ""},
)  # fmt: skip


@verb
def rules(*, active: bool) -> list[TagRule]:
    """Those that are missing, in force or as drafts; what somebody changed or archived stays."""
    state = TagRule.State.ACTIVE if active else TagRule.State.DRAFT
    return [made for row in RULES if (made := _rule(*row, state=state)) is not None]


def _rule(
    name: str, keep_days: int, conditions: list[dict[str, Any]], *, state: TagRule.State
) -> TagRule | None:
    key = tags.key_of(name)
    if TagRule.objects.filter(key=key).exists():
        return None
    values = {"conditions": conditions, "keep_days": keep_days, "state": state}
    made = TagRule.objects.create(name=name, key=key, **values)
    return made if state == TagRule.State.ACTIVE else tag_rules.dry_run(made)


@verb
def scheme() -> TierScheme:
    """The scheme, made where there is none; it is off, and changes no customer by being there."""
    return TierScheme.objects.order_by("pk").first() or TierScheme.objects.create(steps=[*STEPS])
