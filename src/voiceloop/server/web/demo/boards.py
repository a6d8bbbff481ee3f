"""What the demo company set itself: targets, an evaluation system, published figures to compare with."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils.timezone import localdate

from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure import benchmarks, targets
from voiceloop.server.measure.evaluation_starter import start
from voiceloop.server.measure.models import Target

# (metric, scope, target, threshold, due in days)
TARGETS: tuple[tuple[str, dict[str, list[str]], float, float | None, int], ...] = (
    ("nps", {"touchpoint": ["delivery"]}, 35, 0, -12),
    ("nps", {"touchpoint": ["dine_in"]}, 40, None, 40),
    ("csat_top_box", {}, 80, 60, 70),
    ("response_rate", {}, 15, None, -5),
    ("late_rate", {}, 20, 40, 25),
    ("first_contact_on_time", {}, 90, 50, 10),
)
BENCHMARKS = (
    (
        "nps",
        "42",
        "nps_0_10",
        "2026-03-31",
        "连锁餐饮体验报告（示例）",
        "5200",
        "行业平均",
        "",
        "餐饮",
        "中国",
        "短信",
    ),
    (
        "nps",
        "55",
        "nps_0_10",
        "2026-03-31",
        "连锁餐饮体验报告（示例）",
        "640",
        "领先品牌",
        "",
        "餐饮",
        "中国",
        "网上样本",
    ),
    (
        "csat",
        "4.1",
        "csat_1_5",
        "2025-12-31",
        "城市餐饮满意度调查（示例）",
        "",
        "行业平均",
        "",
        "餐饮",
        "中国",
        "电话",
    ),
    (
        "late_rate",
        "18",
        "",
        "2026-06-30",
        "外卖平台公开数据（示例）",
        "12000",
        "平台平均",
        "",
        "外卖平台",
        "中国",
        "",
    ),
)
COLUMNS = [
    "metric",
    "value",
    "scale",
    "date",
    "source",
    "n",
    "peer",
    "segment",
    "industry",
    "country",
    "mode",
]
SHARES = (14.1, 14.3, 14.2, 14.8, 15.1, 15.0, 15.4, 15.9)


def load_boards() -> None:
    manager, root = User.objects.get(username="manager"), Unit.objects.get(parent=None)
    _due_dates(manager, root)
    _published(manager, root)
    for kind in ("five", "loyalty"):
        start(by=manager, unit=root, kind=kind)


def _due_dates(manager: User, root: Unit) -> None:
    Target.objects.filter(metric="nps", scope_key="", unit=root).update(
        due_on=localdate() + timedelta(days=30), threshold=20
    )
    for metric, scope, value, threshold, days in TARGETS:
        due = localdate() + timedelta(days=days)
        targets.set_target(
            by=manager, metric=metric, scope=scope, value=value, threshold=threshold, unit=root,
            owner=manager, due_on=due,
        )  # fmt: skip


def _published(manager: User, root: Unit) -> None:
    benchmarks.say_circumstances(by=manager, industry="餐饮", size="", country="中国", mode="短信")
    lines = [list(row) for row in BENCHMARKS]
    _take(manager, root, "benchmarks", "benchmarks.csv", COLUMNS, lines)
    points = [
        ["市场份额", day.isoformat(), str(share), "%", "商圈零售统计（示例）"]
        for day, share in zip(_quarters(len(SHARES)), SHARES, strict=True)
    ]
    _take(manager, root, "series", "share.csv", ["series", "date", "value", "unit", "source"], points)


def _quarters(n: int) -> list[date]:
    """The first days of the last quarters, this one included, oldest first."""
    today = localdate()
    this = today.year * 4 + (today.month - 1) // 3
    return [date(one // 4, 1 + 3 * (one % 4), 1) for one in range(this - n + 1, this + 1)]


def _take(by: User, unit: Unit, kind: str, name: str, columns: list[str], lines: list[Any]) -> None:
    sheet = benchmarks.bring(by=by, unit=unit, kind=kind, name=name, columns=columns, lines=lines)
    benchmarks.take(sheet, by=by)
