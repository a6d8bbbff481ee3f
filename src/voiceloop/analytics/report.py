"""The report of a measured answer: one self-contained page, both languages, for phone and print."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from voiceloop.analytics.asking import Answer
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.report_charts import chart
from voiceloop.analytics.terminal import UNITS, VERDICTS, keys_of, named, number

Facts = list[tuple[tuple[str, str], str]]

_WORDS = {
    "value": ("数值", "Value"),
    "low": ("下限", "Low"),
    "high": ("上限", "High"),
    "mean": ("均值", "Mean"),
    "period": ("时间", "Period"),
    "compared": ("与其余相比", "Against the rest"),
    "before": ("与上期相比", "Against the period before"),
}


def written(path: Path, answer: Answer, language: str) -> None:
    """Write the report to a file.

    Raises
    ------
    AnalyticsError
        When the file cannot be written.
    """
    _write(path, page(answer, language))


def filled(
    path: Path,
    language: str,
    *,
    title: str,
    definition: str,
    table: str,
    facts: Mapping[tuple[str, str], str],
) -> None:
    """Write a report without a figure of its own: what it is about, tables as HTML, and its facts.

    Raises
    ------
    AnalyticsError
        When the file cannot be written.
    """
    parts = {"title": escape(title), "definition": definition, "figure": "", "chart": "", "table": table}
    _write(path, _page(language, parts, list(facts.items())))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise AnalyticsError(
            f"The report cannot be written to {path}: {error.strerror}.",
            f"无法把报告写入 {path}：{error.strerror}。",
        ) from error


def page(answer: Answer, language: str) -> str:
    """Return the report as HTML that loads nothing.

    Parameters
    ----------
    answer : Answer
    language : {'zh', 'en'}
        The language that comes first; the other one follows it.
    """
    metric = answer.result.metric
    definitions = _both((metric.definition_zh, " ".join(metric.definition_en.split())), language)
    parts = {
        "title": escape(_label((metric.label_zh, metric.label_en), language)),
        "definition": f"<p>{escape(definitions[0])}</p>\n<p class=second>{escape(definitions[1])}</p>",
        "figure": _figure(answer, language),
        "chart": chart(answer.result),
        "table": _table(answer, language),
    }
    return _page(language, parts, _facts(answer, language))


def _page(language: str, parts: Mapping[str, str], facts: Facts) -> str:
    template = Template(files("voiceloop.analytics").joinpath("report.html").read_text(encoding="utf-8"))
    listed = "".join(
        f"<dt>{escape(_label(name, language))}</dt><dd>{escape(value)}</dd>" for name, value in facts if value
    )
    return template.substitute(
        parts,
        lang="zh-Hans" if language == "zh" else "en",
        about=_label(("这个数字从何而来", "Where the figures come from"), language),
        facts=listed,
    )


def _both(pair: tuple[str, str], language: str) -> tuple[str, str]:
    return pair if language == "zh" else (pair[1], pair[0])


def _label(pair: tuple[str, str], language: str) -> str:
    return " · ".join(_both(pair, language))


def _figure(answer: Answer, language: str) -> str:
    result = answer.result
    if len(result.rows) != 1:
        return ""
    row = result.rows[0]
    unit = UNITS.get(result.metric.unit, ("", result.metric.unit))[language != "zh"]
    more = "".join(f"; {name} {number(value)}" for name, value in row.more.items())
    interval = f"{number(row.low)} – {number(row.high)}"
    return (
        f"<p class=figure>{number(row.value)} <small>{escape(unit)}</small></p>"
        f"<p>{result.confidence:.0%}: {interval}; n = {row.n:,}{escape(more)}</p>"
    )


def _table(answer: Answer, language: str) -> str:
    result = answer.result
    if len(result.rows) == 1 and not keys_of(result):
        return ""
    more = list(dict.fromkeys(name for row in result.rows for name in row.more))
    head = "".join(f"<th class=key>{escape(_head(name, language))}</th>" for name in keys_of(result))
    head += "".join(
        f"<th>{escape(_head(name, language))}</th>" for name in ("n", "value", "low", "high", *more)
    )
    if answer.comparisons:
        head += f"<th>{_head('compared' if result.by else 'before', language)}</th>"
    body = []
    for i, row in enumerate(result.rows):
        cells = "".join(
            f"<td class=key>{escape(named(row.key[name], result.every))}</td>" for name in keys_of(result)
        )
        figures = [row.value, row.low, row.high, *(row.more.get(name) for name in more)]
        cells += f"<td>{row.n:,}</td>" + "".join(f"<td>{number(x)}</td>" for x in figures)
        body.append(f"<tr>{cells}{_verdict(answer, i, language)}</tr>")
    return (
        f"<div class=scroll><table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _verdict(answer: Answer, i: int, language: str) -> str:
    if not answer.comparisons:
        return ""
    found = answer.comparisons[i]
    if found.difference is None:
        return "<td>—</td>"
    word = VERDICTS[found.verdict][language != "zh"]
    difference = f"{found.difference:+,.2f}".replace("-", "−")
    return f"<td class={found.verdict}>{difference} {word}</td>"


def _facts(answer: Answer, language: str) -> Facts:
    result, reading = answer.result, answer.reading
    at = 0 if language == "zh" else 1
    facts = [
        (("指标", "Metric"), f"{result.metric.id}: {result.metric.formula}"),
        (("区间", "Interval"), result.method),
        (("量表", "Scale"), result.scale or ""),
        (
            ("筛选", "Filter"),
            "; ".join(f"{name} = {', '.join(map(str, values))}" for name, values in result.filter),
        ),
        (("数据截至", "Data as of"), f"{result.as_of:%Y-%m-%d %H:%M} UTC" if result.as_of else ""),
        (("文件", "Files"), ", ".join(Path(name).name for name in answer.files)),
    ]
    if reading:
        columns = ", ".join(f"{name} = {column}" for name, column in reading.columns.items())
        facts += [
            (("读作", "Read as"), f"{reading.label[1 - at]} ({reading.rows:,}): {columns}"),
            (("说明", "Notes"), "; ".join(note[1 - at] for note in reading.notes)),
            (
                ("未计入", "Left out"),
                "; ".join(_left(one.n, one.why[1 - at], one.first) for one in reading.left_out),
            ),
        ]
    return facts


def _left(n: int, why: str, first: str) -> str:
    return f"{n:,}: {why}" + (f" ({first})" if first else "")


def _head(name: str, language: str) -> str:
    return _WORDS[name][language != "zh"] if name in _WORDS else name
