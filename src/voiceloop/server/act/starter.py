"""What a new organisation begins with: causes to choose from, hours of work and promises to customers."""

from __future__ import annotations

from voiceloop.server.act.models import BusinessCalendar, RootCause, ServicePromise
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
    ("silent_customer", "process", "顾客未再回复", "Customer did not reply"),
    ("promise_broken", "process", "承诺未兑现", "Promise not kept"),
    ("rider", "people", "骑手延误", "Rider delay"),
    ("attitude", "people", "服务态度", "Attitude"),
    ("knowledge", "people", "业务不熟", "Lack of knowledge"),
    ("understaffed", "people", "人手不足", "Too few people"),
    ("no_authority", "people", "一线没有处理权限", "No authority to decide"),
    ("misunderstanding", "people", "沟通误会", "Misunderstanding"),
)

AROUND_THE_CLOCK = [[[0, 24 * 60]] for _ in range(7)]
# Clock, minutes, names and, where it is for some cases only, their severity. Our choice; "device stopped:
# respond in 30 min, solution in 2 h" is that of REQUIREMENTS, "Figures that become defaults".
PROMISES = (
    ("first_contact", 120, "首次联系 2 小时", "First contact within 2 hours", ""),
    ("next_reply", 240, "再次回复 4 小时", "Next reply within 4 hours", ""),
    ("solution", 3 * 12 * 60, "3 个工作日内解决", "Solved within 3 working days", ""),
)
CRITICAL = (
    (
        "first_contact",
        30,
        "停机类：30 分钟响应",
        "Device stopped: answered within 30 minutes",
        "catastrophic",
    ),
    ("solution", 120, "停机类：2 小时解决", "Device stopped: solved within 2 hours", "catastrophic"),
)


@verb
def starter() -> list[RootCause]:
    """The causes that are missing; those that somebody renamed or archived stay as they are."""
    for code, group, name, name_en in CAUSES:
        RootCause.objects.get_or_create(
            code=code, defaults={"group": group, "name": name, "name_en": name_en}
        )
    return list(RootCause.objects.filter(archived_at=None))


@verb
def promises() -> list[ServicePromise]:
    """The first calendar and the first promises, where there are none."""
    if ServicePromise.objects.exists():
        return []
    calendar, _ = BusinessCalendar.objects.get_or_create(
        name="每天 9–21 点", defaults={"name_en": "Every day 9 a.m. to 9 p.m."}
    )
    return [_promise(calendar, *row) for row in PROMISES]


@verb
def critical() -> list[ServicePromise]:
    """The template for what cannot wait: around the clock, handed up when it breaks."""
    calendar, _ = BusinessCalendar.objects.get_or_create(
        name="全天候 7×24", defaults={"name_en": "Around the clock", "week": AROUND_THE_CLOCK}
    )
    return [_promise(calendar, *row, on_breach=ServicePromise.OnBreach.ESCALATE) for row in CRITICAL]


def _promise(
    calendar: BusinessCalendar, clock: str, minutes: int, name: str, name_en: str, severity: str, **more: str
) -> ServicePromise:
    return ServicePromise.objects.create(
        calendar=calendar, clock=clock, minutes=minutes, name=name, name_en=name_en, severity=severity, **more
    )
