"""Key drivers as a table for people, in Chinese or English."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from voiceloop.analytics.drivers.result import KINDS, Driver, Drivers, Estimate, Lever

_HEADS = {
    "zh": ("因素", "份额 %", "95% 区间", "方向", "效应", "类型", "表现", "n", "判断"),
    "en": ("driver", "share %", "95% interval", "more is", "effect", "kind", "performance", "n", "verdict"),
}
_SIGNS = {"zh": {1: "越高越好", -1: "越低越好", 0: "—"}, "en": {1: "better", -1: "worse", 0: "—"}}
_LEVERS = {
    "fewer_detractors": ("减少不满客户", "fewer unhappy"),
    "more_promoters": ("增加推荐者", "more delighted"),
}
_ABOVE_LEVERS = (
    "两个杠杆：每单位努力（让一成客户上一个台阶）的收益（百分点）",
    "Two levers: gain (percentage points) for one unit of effort, one in ten customers a step up",
)
_LEVERS_SHOWN = 6


def as_text(found: Drivers, language: str) -> str:
    """Return the answer as lines.

    Examples
    --------
    >>> import numpy as np
    >>> from voiceloop.analytics.drivers.importance import key_drivers
    >>> x = np.tile([1.0, 2, 3, 4, 5], 40)
    >>> rng = np.random.default_rng(1)
    >>> as_text(key_drivers({"x": x, "s": x + rng.normal(0, 1, 200)}, "s"), "en").splitlines()[0][:17]
    's: average 2.93 ('
    """
    zh = language == "zh"
    rows = [_HEADS["zh" if zh else "en"], *(_row(one, language) for one in found.drivers)]
    lines = [_first(found, zh), "", *aligned(rows)]
    if found.levers:
        lines += ["", _ABOVE_LEVERS[not zh]]
        lines += aligned([_lever(one, zh) for one in found.levers[:_LEVERS_SHOWN]])
    lines += ["", ("方法：" + found.method_zh) if zh else ("Method: " + found.method)]
    lines += [("注意：" if zh else "Note: ") + one[zh] for one in found.warnings]
    if found.context:
        names = (", ", "、")[zh].join(one.name for one in found.context)
        lines.append(f"先扣除的客户构成：{names}" if zh else f"Held equal: {names}")
    notes = [f"  {one.name}: {note[zh]}" for one in found.drivers for note in one.column.notes]
    lines += ["", "读法：" if zh else "Read as:", *notes] if notes else []
    aside = [f"  {one.zh if zh else one.en}" for one in found.aside]
    lines += ["", "未使用的列：" if zh else "Set aside:", *aside] if aside else []
    return "\n".join(lines).rstrip()


def _lever(one: Lever, zh: bool) -> tuple[str, ...]:
    return f"  {one.driver}", _LEVERS[one.kind][not zh], _interval(one.per_effort)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows with their cells one under another; a Chinese character takes two places.

    Examples
    --------
    >>> aligned([("a", "b"), ("中文", "c")])
    ['a     b', '中文  c']
    """
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _first(found: Drivers, zh: bool) -> str:
    what = found.outcome.says[zh]
    mean, n = _interval(found.mean), f"{found.n:,}"
    facts = f"R² {found.r2:.3f}, {found.r2_adjusted:.3f}, {found.r2_cross_validated:.3f}"
    if zh:
        return (
            f"{found.outcome.name}：平均 {mean}，n = {n}（{what}）\n"
            f"R²、调整后、交叉验证：{facts[3:]}；其中客户构成 {found.r2_context:.3f}"
        )
    return (
        f"{found.outcome.name}: average {mean}, n = {n} ({what})\n"
        f"R², adjusted, cross-validated: {facts[3:]}; of which who the customers are: {found.r2_context:.3f}"
    )


def _row(one: Driver, language: str) -> tuple[str, ...]:
    zh = language == "zh"
    share, effect = one.share, one.effects[0].of if len(one.effects) == 1 else None
    sure = ("信号", "signal") if one.is_signal else ("噪声", "noise")
    return (
        one.name,
        f"{100 * share.value:.1f}",
        f"{100 * share.low:.1f} – {100 * share.high:.1f}",
        _SIGNS["zh" if zh else "en"][one.direction],
        f"{effect.value:+.2f}".replace("-", "−") if effect else "—",
        KINDS[one.kind][not zh],
        "—" if one.performance is None else f"{one.performance.value:.0f}",
        f"{one.n:,}",
        sure[not zh],
    )


def _interval(of: Estimate) -> str:
    return f"{of.value:.2f} ({of.low:.2f} – {of.high:.2f})".replace("-", "−")


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
