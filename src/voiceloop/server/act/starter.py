"""What a new organisation begins with: causes to choose from when a case is resolved."""

from __future__ import annotations

from voiceloop.server.act.models import RootCause
from voiceloop.server.core.events import verb

# The three groups of service failure: the thing itself, how we work, who works (REQUIREMENTS, row 78).
CAUSES = (
    ("recipe", "problem", "出品不稳定", "Unsteady recipe"),
    ("facility", "problem", "设施与卫生", "Facilities and hygiene"),
    ("system", "problem", "系统故障", "System fault"),
    ("billing_error", "problem", "账单或扣款错误", "Billing error"),
    ("packaging", "problem", "包装破损", "Packaging"),
    ("handover", "process", "后厨交接慢", "Kitchen hand-over"),
    ("kitchen_slow", "process", "出餐流程慢", "Slow kitchen process"),
    ("check_missing", "process", "缺少核对", "Missing check"),
    ("policy", "process", "规则不清", "Unclear policy"),
    ("refund_slow", "process", "退款流程慢", "Slow refund"),
    ("passed_around", "process", "部门之间推诿", "Passed from one to another"),
    ("promise_broken", "process", "承诺未兑现", "Promise not kept"),
    ("rider", "people", "骑手延误", "Rider delay"),
    ("attitude", "people", "服务态度", "Attitude"),
    ("knowledge", "people", "业务不熟", "Lack of knowledge"),
    ("understaffed", "people", "人手不足", "Too few people"),
    ("no_authority", "people", "一线没有处理权限", "No authority to decide"),
    ("misunderstanding", "people", "沟通误会", "Misunderstanding"),
)


@verb
def starter() -> list[RootCause]:
    """The causes that are missing; those that somebody renamed or archived stay as they are."""
    for code, group, name, name_en in CAUSES:
        RootCause.objects.get_or_create(
            code=code, defaults={"group": group, "name": name, "name_en": name_en}
        )
    return list(RootCause.objects.filter(archived_at=None))
