"""What a figure says, in words of both languages."""

from __future__ import annotations

from typing import Any, Protocol

from voiceloop.analytics.metric import Metric
from voiceloop.analytics.stats.difference import Verdict

Said = tuple[str, str]


class Underheard(Protocol):
    """A group with its share of those asked and of the answers."""

    @property
    def dimension(self) -> str: ...

    @property
    def value(self) -> Any: ...

    @property
    def population_share(self) -> float: ...

    @property
    def answer_share(self) -> float: ...


_UNITS = {
    "points": (" points", " 分"),
    "%": (" percentage points", " 个百分点"),
    "score": ("", " 分"),
    "minutes": (" minutes", " 分钟"),
    "seconds": (" seconds", " 秒"),
    "CNY": (" CNY", " 元"),
    "per 1,000": (" per 1,000", "‰"),
}


def change_sentences(
    metric: Metric,
    before: float,
    after: float,
    mix: float,
    answering: float | None,
    within: float,
    verdict: Verdict,
) -> Said:
    """Return what changed and why, in English and Chinese.

    Examples
    --------
    >>> from voiceloop.analytics import registry
    >>> said = change_sentences(registry.metric("nps"), 40.0, 30.0, -4.0, None, -6.0, "signal")
    >>> print(said[0])
    Net Promoter Score fell by 10.0 points, from 40.0 to 30.0: −6.0 within the groups, −4.0 from their mix.
    >>> print(said[1])
    净推荐值 NPS 从 40.0 变为 30.0，下降 10.0 分：分组自身 −6.0，构成变化 −4.0。
    """
    unit_en, unit_zh = _UNITS.get(metric.unit, ("", ""))
    size = abs(after - before)
    way_en, way_zh = ("rose", "上升") if after >= before else ("fell", "下降")
    en = f"{metric.label_en} {way_en} by {size:.1f}{unit_en}, from {_plain(before)} to {_plain(after)}"
    zh = f"{metric.label_zh} 从 {_plain(before)} 变为 {_plain(after)}，{way_zh} {size:.1f}{unit_zh}"
    parts_en = [f"{signed(within)} within the groups", f"{signed(mix)} from their mix"]
    parts_zh = [f"分组自身 {signed(within)}", f"构成变化 {signed(mix)}"]
    if answering is not None:
        parts_en.append(f"{signed(answering)} from who answered")
        parts_zh.append(f"回答率变化 {signed(answering)}")
    noise = (
        ("", "") if verdict == "signal" else (" That is no more than chance does.", "这没有超出偶然波动。")
    )
    return f"{en}: {', '.join(parts_en)}.{noise[0]}", f"{zh}：{'，'.join(parts_zh)}。{noise[1]}"


def paradox_sentences(change: float) -> Said:
    """Return the warning that all groups moved against the whole, in English and Chinese.

    Examples
    --------
    >>> paradox_sentences(-3.0)[1]
    '辛普森悖论：每个分组都上升，整体却下降，因为分组的构成变了。'
    """
    up, down = ("rose", "上升"), ("fell", "下降")
    each, whole = (up, down) if change < 0 else (down, up)
    return (
        f"Simpson's paradox: every group {each[0]}, yet the whole {whole[0]}: the mix of groups changed.",
        f"辛普森悖论：每个分组都{each[1]}，整体却{whole[1]}，因为分组的构成变了。",
    )


def non_response_sentences(metric: Metric, raw: float, weighted: float, least: Underheard) -> Said:
    """Return what weighting changes and who is heard too little, in English and Chinese.

    Examples
    --------
    >>> from types import SimpleNamespace as Heard
    >>> from voiceloop.analytics import registry
    >>> sms = Heard(dimension="channel", value="sms", population_share=0.4, answer_share=0.25)
    >>> print(non_response_sentences(registry.metric("nps"), 4.0, 3.5, sms)[1].split("。")[1])
    声音最少的是 channel sms：占受邀者 40 %，只占答案 25 %
    """
    asked, heard = (f"{100 * share:.0f} %" for share in (least.population_share, least.answer_share))
    value = "—" if least.value is None else least.value
    en = f"Weighted to those asked, {metric.label_en} is {_plain(weighted)} instead of {_plain(raw)}."
    zh = f"按受邀者构成加权后，{metric.label_zh} 为 {_plain(weighted)}，未加权为 {_plain(raw)}。"
    if least.population_share <= least.answer_share:
        return en, zh
    return (
        f"{en} Least heard: {least.dimension} {value}, {asked} of those asked but {heard} of the answers.",
        f"{zh}声音最少的是 {least.dimension} {value}：占受邀者 {asked}，只占答案 {heard}。",
    )


_HABITS = {
    "skips_bad": (
        "leaves out {own} of the customers after contacts that solved nothing",
        "在问题未解决的服务后，跳过了 {own} 的客户",
    ),
    "skips": ("leaves out {own} of the customers who could be asked", "跳过了 {own} 本可邀请的客户"),
    "ceiling": ("has {own} of the answers at the very top of the scale", "有 {own} 的答案是满分"),
    "on_the_spot": (
        "has {own} of the answers within two minutes of the message",
        "有 {own} 的答案在邀请发出后两分钟内给出",
    ),
}


def suspicion_sentences(who: str, kind: str, n: int, hits: int, usual: float) -> Said:
    """Return what somebody does far more often than colleagues, in English and Chinese.

    Examples
    --------
    >>> print(suspicion_sentences("A07", "skips", 60, 30, 0.031)[0])
    A07 leaves out 50 % of the customers who could be asked (30 of 60), colleagues in like circumstances 3 %.
    """
    own = f"{100 * hits / n:.0f} %"
    en, zh = (text.format(own=own) for text in _HABITS[kind])
    return (
        f"{who} {en} ({hits} of {n}), colleagues in like circumstances {100 * usual:.0f} %.",
        f"{who} {zh}（{n} 次中 {hits} 次），同等情况下同事为 {100 * usual:.0f} %。",
    )


def signed(x: float, places: int = 1) -> str:
    """Return a number with its sign.

    Examples
    --------
    >>> signed(1.26), signed(-0.04)
    ('+1.3', '±0.0')
    """
    text = f"{abs(x):,.{places}f}"
    return f"±{text}" if float(text.replace(",", "")) == 0 else f"{'+' if x > 0 else '−'}{text}"


def _plain(x: float) -> str:
    return signed(x).lstrip("+±")
