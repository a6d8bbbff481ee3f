"""The metric dictionary: `python -m voiceloop.analytics.dictionary > docs/metrics.md`."""

from __future__ import annotations

import sys

from voiceloop.analytics.metric import Metric
from voiceloop.analytics.registry import metrics
from voiceloop.analytics.scales import CLASS_LABELS, SCALES, Scale

_HEAD = """# Metric dictionary · 指标字典

Generated from the code by `python -m voiceloop.analytics.dictionary > docs/metrics.md`; a test fails when
this page and the code disagree. Every figure on a screen, in the API, in an export, in an alert and on the
command line is one of these, and carries its n, its 95 % interval, the method and the time of its data.
"""


def page() -> str:
    """Return the dictionary as Markdown.

    Examples
    --------
    >>> page().splitlines()[0]
    '# Metric dictionary · 指标字典'
    """
    scales = "\n".join(_scale(scale) for scale in SCALES.values())
    listed = "\n".join(_metric(metric) for metric in metrics().values())
    head = "## Scales · 量表\n\nAnswers on two scales are never pooled · 不同量表的答案绝不合并。\n"
    table = "| id | 量表 | classes · 分类 |\n|---|---|---|"
    return f"{_HEAD}\n{head}\n{table}\n{scales}\n\n## Metrics · 指标\n\n{listed}"


def _scale(scale: Scale) -> str:
    classes = "; ".join(f"{CLASS_LABELS[name][0]} {name} ≥ {low:g}" for low, name in scale.classes.bounds)
    return f"| `{scale.id}` | {scale.label_zh} · {scale.label_en} | {classes} |"


def _metric(metric: Metric) -> str:
    facts = {
        "unit": metric.unit,
        "better": metric.better,
        "table": f"`{metric.table}`",
        "question": f"`{metric.question}`" if metric.question else "",
        "scales": ", ".join(f"`{id}`" for id in metric.scales),
        "rows": f"`{metric.where}`" if metric.where else "",
        "interval": metric.method,
        "version": str(metric.version),
    }
    listed = " · ".join(f"{name}: {value}" for name, value in facts.items() if value)
    english = " ".join((metric.definition_en or "").split())
    title = f"### `{metric.name}` {metric.label_zh} · {metric.label_en}"
    return f"{title}\n\n{metric.definition_zh}\n\n{english}\n\n{listed}\n"


if __name__ == "__main__":
    sys.stdout.write(page())
