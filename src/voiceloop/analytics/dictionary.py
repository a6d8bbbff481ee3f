"""The metric dictionary: `python -m voiceloop.analytics.dictionary > docs/metrics.md`."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import fields

from voiceloop.analytics.families import FAMILIES, family
from voiceloop.analytics.golden import golden_lake
from voiceloop.analytics.measure import measure
from voiceloop.analytics.metric import Metric, Rate
from voiceloop.analytics.readers._uses import columns_of
from voiceloop.analytics.registry import metrics, versions
from voiceloop.analytics.scales import CLASS_LABELS, SCALES, Scale, scale

_HEAD = """# Metric dictionary · 指标字典

Generated from the code by `python -m voiceloop.analytics.dictionary > docs/metrics.md`; a test fails when
this page and the code disagree. Every figure on a screen, in the API, in an export, in an alert and on the
command line is one of these, and carries its n, its 95 % interval, the method and the time of its data.
Without rows there is no value: n = 0 is never shown as 0. Medians are within 1 % of the exact ones; of an
even number of times it is the lower of the two in the middle.

A definition never changes under its name: a new one has a higher version, and `NAME@VERSION` still gives the
old one. The golden number is the figure on the sample in `src/voiceloop/analytics/golden/`, which is small
enough to be counted by hand; a test counts it without the engine.
"""

# What says how a figure is worded or shown, and changes no number.
_WORDING = {"label_en", "label_zh", "definition_en", "definition_zh", "better", "version", "source"}


def page() -> str:
    """Return the dictionary as Markdown.

    Examples
    --------
    >>> page().splitlines()[0]
    '# Metric dictionary · 指标字典'
    """
    scales = "\n".join(_scale(scale) for scale in SCALES.values())
    head = "## Scales · 量表\n\nAnswers on two scales are never pooled · 不同量表的答案绝不合并。\n"
    table = "| id | 量表 | classes · 分类 |\n|---|---|---|"
    listed = "\n".join(_family(code) for code in FAMILIES)
    return f"{_HEAD}\n{head}\n{table}\n{scales}\n\n## Metrics · 指标\n\n{_contents()}\n\n{listed}"


def fingerprint(metric: Metric) -> str:
    """Return what stands for a definition: equal as long as the same rows give the same number.

    Names, texts, source and direction may change; tables, conditions, columns, classes and units may not.

    Examples
    --------
    >>> one, before = versions("response_rate")
    >>> fingerprint(one) == fingerprint(before)
    False
    """
    said = {field.name: getattr(metric, field.name) for field in fields(metric)}
    said = {name: _squeezed(value) for name, value in said.items() if name not in _WORDING}
    classes = [(id, metric.class_map(scale(id)).bounds) for id in metric.scales]
    text = f"{type(metric).__name__} {sorted(said.items())} {classes}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _squeezed(value: object) -> object:
    return " ".join(value.split()) if isinstance(value, str) else value


def _scale(scale: Scale) -> str:
    classes = "; ".join(f"{CLASS_LABELS[name][0]} {name} ≥ {low:g}" for low, name in scale.classes.bounds)
    return f"| `{scale.id}` | {scale.label_zh} · {scale.label_en} | {classes} |"


def _contents() -> str:
    lines = ["| 指标 · metric | unit | golden number | n |", "|---|---|---|---|"]
    for code, (zh, en) in FAMILIES.items():
        lines.append(f"| **{zh} · {en}** | | | |")
        for metric in _of(code):
            n, value = _golden(metric)
            lines.append(f"| `{metric.name}` {metric.label_zh} | {metric.unit} | {value} | {n} |")
    return "\n".join(lines)


def _family(code: str) -> str:
    zh, en = FAMILIES[code]
    return "\n".join([f"### {zh} · {en}\n", *(_metric(metric) for metric in _of(code))])


def _of(code: str) -> list[Metric]:
    return [metric for metric in metrics().values() if family(metric.name) == code]


def _metric(metric: Metric) -> str:
    n, value = _golden(metric)
    facts = {
        "formula": f"`{metric.formula}`",
        "unit": metric.unit,
        "better": metric.better,
        "table": f"`{metric.table}`" + (f" per `{metric.per_table}`" if isinstance(metric, Rate) else ""),
        "columns": ", ".join(f"`{name}`" for name in sorted(columns_of(metric) | _keys(metric))),
        "question": f"`{metric.question}`" if metric.question else "",
        "scales": ", ".join(f"`{id}`" for id in metric.scales),
        "rows": f"`{metric.where}`" if metric.where else "",
        "derived": "from other rows of the same customer, response or subject" if metric.derived else "",
        "interval": metric.method,
        "source": metric.source,
        "version": str(metric.version),
        "golden number": f"{value} (n = {n})",
    }
    listed = "\n".join(f"- {name}: {value}" for name, value in facts.items() if value)
    english = " ".join((metric.definition_en or "").split())
    title = f"#### `{metric.name}` {metric.label_zh} · {metric.label_en}"
    return f"{title}\n\n{metric.definition_zh}\n\n{english}\n\n{listed}\n{_earlier(metric)}"


def _keys(metric: Metric) -> set[str]:
    return {"question", "scale"} if metric.question else set()


def _earlier(metric: Metric) -> str:
    found = versions(metric.name)[1:]
    return "".join(
        f"- earlier: `{one.id}` {one.definition_zh} {one.definition_en} `{one.formula}`, rows `{one.where}`\n"
        for one in found
    )


def _golden(metric: Metric) -> tuple[int, str]:
    row = measure(golden_lake(), metric, min_n=1).one
    return row.n, "—" if row.value is None else f"{row.value:.6g}"


if __name__ == "__main__":
    sys.stdout.write(page())
