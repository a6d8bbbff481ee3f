"""What the commands about value and risk say to people, and the CSV files they write."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.value.stages import STAGES


def value(found: dict[str, Any], language: str) -> Iterator[str]:
    """Yield the lines of `voiceloop value`."""
    zh = language == "zh"
    dirt = {name: n for name, n in found["rows"].items() if n and name != "rows"}
    yield (
        f"{found['n']:,} 位客户，{found['purchases']:,} 个购买日，{found['first_day']} 至 {found['last_day']}"
        if zh
        else f"{found['n']:,} customers, {found['purchases']:,} days with a purchase, "
        f"{found['first_day']} to {found['last_day']}"
    )
    if dirt:
        named = (
            {
                "no_customer": "无客户",
                "no_time": "无时间",
                "no_amount": "无金额",
                "repeated": "完全重复",
                "returns": "退货",
                "free": "金额为零",
            }
            if zh
            else {}
        )
        yield " · ".join(f"{named.get(name, name.replace('_', ' '))} {n:,}" for name, n in dirt.items())
    yield from _worth(found["lifetime"], zh)
    yield from _tested(found["backtest"], zh)
    yield ""
    yield from _table(
        ["类型", "客户", "占比%", "金额占比%", "最近购买(天前)", "购买日", "人均净额"]
        if zh
        else ["kind", "customers", "%", "% of money", "last bought (days)", "purchase days", "money each"],
        [
            [
                one["label_zh" if zh else "label_en"],
                f"{one['n']:,}",
                f"{100 * one['share']:.1f}",
                f"{100 * one['value_share']:.1f}",
                f"{one['recency_days']:.0f}",
                f"{one['frequency']:.1f}",
                f"{one['money']:,.2f}",
            ]
            for one in found["segments"]["kinds"]
        ],
    )
    yield ""
    names = {stage.code: stage.label_zh if zh else stage.label_en for stage in STAGES}
    yield " · ".join(f"{names[code]} {n:,}" for code, n in found["stages"]["counts"].items())
    yield ""
    yield from _table(
        ["客户", "至今净额", "预期价值", "区间", "预期购买日", "仍活跃", "阶段"]
        if zh
        else ["customer", "value so far", "expected", "interval", "purchases", "alive", "stage"],
        [_customer(one, names) for one in found["customers"]],
    )


def fitted(found: dict[str, Any], language: str) -> Iterator[str]:
    """Yield the lines of `voiceloop churn fit`."""
    zh = language == "zh"
    yield from evaluated(found, language)
    yield (
        f"选用：{found['chosen']}；模型已存入 {found['model']}（版本 {found['version']}）"
        if zh
        else f"chosen: {found['chosen']}; saved as {found['model']} (version {found['version']})"
    )
    if "later" in found:
        later = found["later"]
        yield (
            f"最近四分之一客户：AUC {later['auc']:.4f}，Brier {later['brier']:.4f}，n = {later['n']:,}"
            if zh
            else f"latest quarter: AUC {later['auc']:.4f}, Brier {later['brier']:.4f}, n = {later['n']:,}"
        )
    yield from (one["why"] for one in found["set_aside"])


def evaluated(found: dict[str, Any], language: str) -> Iterator[str]:
    """Yield the lines of `voiceloop churn evaluate`."""
    zh = language == "zh"
    words = ("客户", "流失", "校准误差") if zh else ("customers", "left", "calibration error")
    yield f"{words[0]} {found['n']:,} · {words[1]} {found['positives']:,}"
    yield f"AUC {found['auc']:.4f} ({found['auc_low']:.4f} – {found['auc_high']:.4f})"
    yield f"Brier {found['brier']:.4f} · {words[2]} {found['calibration_error']:.4f}"
    yield from found.get("notes", ())
    for one in found.get("drift", ()):
        yield (
            f"与拟合时相比有变化：{one['column']}（PSI {one['psi']:.2f}）"
            if zh
            else f"differs from the fit: {one['column']} (PSI {one['psi']:.2f})"
        )


def scored(found: dict[str, Any], language: str) -> Iterator[str]:
    """Yield the lines of `voiceloop churn score`."""
    zh = language == "zh"
    bands = {"high": "高", "medium": "中", "low": "低"} if zh else {}
    yield " · ".join(
        [
            f"{found['n']:,} 位客户" if zh else f"{found['n']:,} customers",
            *(f"{bands.get(name, name)} {n:,}" for name, n in found["bands"].items()),
        ]
    )
    yield from found["notes"]
    yield from _table(
        ["客户", "风险%", "等级", "原因（几率倍数）"]
        if zh
        else ["customer", "risk %", "band", "why (odds ×)"],
        [
            [
                one["customer"],
                f"{100 * one['risk']:.1f}",
                bands.get(one["band"], one["band"]),
                " · ".join(f"{r['column']}={r['value'] or '—'} ×{r['odds']:.1f}" for r in one["reasons"]),
            ]
            for one in found["customers"]
        ],
    )


def foretold(found: dict[str, Any], language: str) -> Iterator[str]:
    """Yield the lines of `voiceloop forecast`."""
    zh = language == "zh"
    percent = f"{100 * found['confidence']:.0f}"
    yield (
        f"方法：{found['method']}；回测平均绝对误差 {found['error']:,.3f}，"
        f"朴素规则 {found['naive_error']:,.3f}"
        if zh
        else f"method: {found['method']}; mean absolute error in {found['tests']} back-tests "
        f"{found['error']:,.3f}, naive rule {found['naive_error']:,.3f}"
    )
    if found["naive_is_better"]:
        yield (
            "没有方法胜过“和上期一样”，因此采用它。"
            if zh
            else "Nothing beat “as last time”, so that is what is used."
        )
    yield from _table(
        ["起始日", "预测", f"{percent}% 区间"] if zh else ["from", "forecast", f"{percent} % interval"],
        [
            [one["start"], f"{one['value']:,.2f}", f"{one['low']:,.2f} – {one['high']:,.2f}"]
            for one in found["forecast"]
        ],
    )


def written(path: Path, customers: Sequence[dict[str, Any]]) -> None:
    """Write customers as CSV; reasons as one text.

    Raises
    ------
    AnalyticsError
        When the file cannot be written.
    """
    try:
        with path.open("w", newline="", encoding="utf-8-sig") as file:
            rows = csv.DictWriter(file, list(customers[0]) if customers else ["customer"])
            rows.writeheader()
            rows.writerows({name: _cell(cell) for name, cell in one.items()} for one in customers)
    except OSError as error:
        why = error.strerror or str(error)
        raise AnalyticsError(f"{path} cannot be written: {why}.", f"无法写入 {path}：{why}。") from error


def _cell(cell: Any) -> Any:
    if not isinstance(cell, list):
        # A cell that begins like a formula would be run by a spreadsheet.
        return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@") else cell
    return " · ".join(f"{one['column']}={one['value']} ×{one['odds']:.2f}" for one in cell)


def _worth(worth: dict[str, Any], zh: bool) -> Iterator[str]:
    if "why_not" in worth:
        yield worth["why_not"]["zh" if zh else "en"]
        return
    total = worth["total"]
    yield (
        f"未来 {worth['days']} 天预期价值 {total['expected']:,.0f}"
        f"（{total['low']:,.0f} – {total['high']:,.0f}），至今 {total['historic']:,.0f}；"
        f"年折现率 {100 * worth['discount']:g}%"
        if zh
        else f"expected within {worth['days']} days: {total['expected']:,.0f} "
        f"({total['low']:,.0f} – {total['high']:,.0f}), so far {total['historic']:,.0f}; "
        f"discount {100 * worth['discount']:g} % a year"
    )
    named = {**worth["bgnbd"], **worth["gamma_gamma"]}
    yield "BG/NBD, Gamma-Gamma: " + " · ".join(
        f"{name} {one['value']:.4g} ± {one['error']:.2g}" for name, one in named.items()
    )
    yield from (one["zh" if zh else "en"] for one in worth["warnings"])


def _tested(tested: dict[str, Any] | None, zh: bool) -> Iterator[str]:
    if tested is None:
        return
    model, median = tested["purchases"]["model"], tested["purchases"]["model median"]
    naive = tested["purchases"]["naive"]
    yield (
        f"回测（最后 {tested['days']} 天，{tested['n']:,} 位客户）："
        f"均方根误差 {model['root_mean_square']:.3f}（朴素规则 {naive['root_mean_square']:.3f}），"
        f"平均绝对误差 {median['mean_absolute']:.3f}（{naive['mean_absolute']:.3f}）；"
        f"区间覆盖 {100 * tested['covered']:.0f}%"
        if zh
        else f"back-test (last {tested['days']} days, {tested['n']:,} customers): root mean square error "
        f"{model['root_mean_square']:.3f} (naive rule {naive['root_mean_square']:.3f}), mean absolute "
        f"{median['mean_absolute']:.3f} ({naive['mean_absolute']:.3f}); "
        f"intervals hold {100 * tested['covered']:.0f} %"
    )


def _customer(one: dict[str, Any], names: dict[str, str]) -> list[str]:
    if "expected" not in one:
        return [one["customer"], f"{one['value']:,.2f}", "—", "—", "—", "—", names[one["stage"]]]
    return [
        one["customer"],
        f"{one['value']:,.2f}",
        f"{one['expected']:,.2f}",
        f"{one['low']:,.2f} – {one['high']:,.2f}",
        f"{one['purchases']:.1f}",
        f"{100 * one['alive']:.0f}%",
        names[one["stage"]],
    ]


def _table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    every = [head, *rows]
    wide = [max(_width(row[i]) for row in every) for i in range(len(head))]
    for row in every:
        yield "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, wide, strict=True)
        ).rstrip()


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese letter takes two."""
    return sum(2 if "\u2e80" <= letter <= "\uffef" else 1 for letter in text)
