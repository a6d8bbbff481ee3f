"""What a metric means, before any figure: its definition, its formula, the columns it needs, its SQL."""

from __future__ import annotations

import argparse
import json
from typing import Any

from voiceloop.analytics.asking import names_of, source_of, wanted
from voiceloop.analytics.engines import engine
from voiceloop.analytics.families import FAMILIES, family
from voiceloop.analytics.files import FileSource
from voiceloop.analytics.measure import ask
from voiceloop.analytics.metric import Metric
from voiceloop.analytics.plan import sums
from voiceloop.analytics.readers._uses import columns_of
from voiceloop.analytics.registry import metrics
from voiceloop.analytics.scan import Source

# The lake's tables in the words of who has a file of them.
TABLES = {
    "answers": ("问卷答案", "survey answers"),
    "conversations": ("通话与会话", "calls and conversations"),
    "cases": ("工单与事件日志", "tickets and event logs"),
    "transactions": ("订单与交易", "orders and transactions"),
    "invitations": ("问卷邀请", "survey invitations"),
    "responses": ("答卷", "responses"),
    "annotations": ("文本标注", "labels of comments"),
    "reviews": ("质检评分", "quality reviews"),
    "events": ("事件", "events"),
}


def listed(language: str, *, as_json: bool = False) -> str:
    """Return every metric by family, with its definition and the columns it needs."""
    if as_json:
        return json.dumps([_facts(metric) for metric in metrics().values()], ensure_ascii=False)
    at = 0 if language == "zh" else 1
    lines = []
    for name, label in FAMILIES.items():
        lines += ["", label[at]]
        for metric in (metric for metric in metrics().values() if family(metric.name) == name):
            needs = ", ".join(sorted(columns_of(metric)))
            lines += [
                f"  {metric.name:26}{(metric.label_zh, metric.label_en)[at]} [{metric.unit}]",
                f"    {_definition(metric, at)}",
                f"    {TABLES[metric.table][at]}{('；列：', '; columns: ')[at]}{needs or '—'}",
            ]
    return "\n".join(lines[1:])


def explained(args: argparse.Namespace, language: str) -> str:
    """Return the definition of the metric asked for and, of a source, how it is read and its SQL."""
    metric = wanted(args)
    facts = _facts(metric)
    source: Source | None = source_of(args, metric) if args.file or args.lake else None
    if source is not None:
        question = ask(source, metric, **names_of(args, source, metric)["question"])
        facts["sql"] = engine().sql(sums(question))
        facts["filter"] = {name: list(values) for name, values in question.where}
    if isinstance(source, FileSource):
        facts["facts"] = source.read(metric).facts.sql
        facts["read_as"] = source.reading(metric).to_dict()
    if args.json:
        return json.dumps(facts, ensure_ascii=False, default=str)
    at = 0 if language == "zh" else 1
    lines = [f"{metric.id}  {(metric.label_zh, metric.label_en)[at]}", _definition(metric, at)]
    lines += [f"{name}: {value}" for name, value in facts.items() if name not in _SHOWN and value]
    return "\n".join(lines)


_SHOWN = ("name", "label_en", "label_zh", "definition_en", "definition_zh")


def _facts(metric: Metric) -> dict[str, Any]:
    return {
        "name": metric.name,
        "version": metric.version,
        "label_en": metric.label_en,
        "label_zh": metric.label_zh,
        "definition_en": " ".join((metric.definition_en or "").split()),
        "definition_zh": metric.definition_zh,
        "family": family(metric.name),
        "table": metric.table,
        "unit": metric.unit,
        "better": metric.better,
        "formula": metric.formula,
        "columns": sorted(columns_of(metric)),
        "scales": list(metric.scales),
        "rows": metric.where,
        "method": metric.method,
        "source": metric.source,
    }


def _definition(metric: Metric, at: int) -> str:
    return " ".join(((metric.definition_zh, metric.definition_en)[at] or "").split())
