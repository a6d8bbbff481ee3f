"""`voiceloop explain`: why a figure changed between two periods, on the command line."""

from __future__ import annotations

import argparse
import json
from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING

from voiceloop.analytics.commands import _add_columns, one_sentence
from voiceloop.analytics.errors import AnalyticsError

if TYPE_CHECKING:
    from voiceloop.analytics.explained import Change, Contribution

_EPILOG = """\
examples · 例子:
  voiceloop explain nps --before 2026-08 --after 2026-09 --by channel --lake LAKE
  voiceloop explain nps answers.csv --before 2026-08-01..2026-08-15 --after 2026-08-20 --by store,tier
  voiceloop explain csat answers.csv --score rate --before 2025 --after 2026 --by channel --json

A period is a day, a month, a year, or first..last with both days in it. Mix, answer rate and the groups' own
change add up to the whole. Exit code 0, or 2 with one sentence that says why there is no answer.
"""
_HEADS = {
    "en": ("n before", "n after", "before", "after", "mix", "answer rate", "within", "total", ""),
    "zh": ("此前 n", "此后 n", "此前", "此后", "构成", "回答率", "自身", "合计", ""),
}
_WHOLE = {"en": "all", "zh": "合计"}


def add_explain(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command; its function is the default ``run``.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_explain(parser.add_subparsers())
    >>> parser.parse_args("explain nps --before 2026-08 --after 2026-09 --by channel".split()).by
    ['channel']
    """
    parser = subparsers.add_parser(
        "explain",
        help="why a figure changed between two periods",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("metric", help="nps, csat, …; `voiceloop measure --list` names them all")
    parser.add_argument("file", nargs="*", help="CSV, CSV.gz or Parquet; none: the lake")
    parser.add_argument("--before", metavar="PERIOD", required=True, help="2026-08 or 2026-08-01..2026-08-15")
    parser.add_argument("--after", metavar="PERIOD", required=True, help="the later period")
    parser.add_argument(
        "--by", metavar="COLUMN", action="append", required=True, help="again, or a,b, for more"
    )
    parser.add_argument(
        "--where", metavar="COLUMN=VALUE", action="append", default=[], help="only these rows"
    )
    parser.add_argument("--weighted", action="store_true", help="use the weights of the lake or the file")
    parser.add_argument("--min-n", type=int, default=5, help="pool groups with fewer rows (5)")
    parser.add_argument("--confidence", type=float, default=0.95, help="level of the intervals (0.95)")
    parser.add_argument("--lake", metavar="PATH", help="folder of the lake (default: $VOICELOOP_LAKE)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--lang", help="zh or en (default: from LC_ALL or LANG)")
    _add_columns(parser)
    parser.set_defaults(run=main, every=None, cluster=None, since=None, until=None)


def main(args: argparse.Namespace) -> int:
    """Print why the figure changed; on an error say why not in one sentence and return 2.

    Parameters
    ----------
    args : argparse.Namespace
        As parsed by what `add_explain` registers.

    Returns
    -------
    int
        0, or 2 when there is no honest answer.
    """
    return one_sentence(_answer, args)


def period(text: str) -> tuple[date, date]:
    """Return the first day of a period and the day after its last.

    Raises
    ------
    AnalyticsError
        When the text names no period, or one that ends before it begins.

    Examples
    --------
    >>> [day.isoformat() for day in period("2026-02")]
    ['2026-02-01', '2026-03-01']
    >>> [day.isoformat() for day in period("2026-02-01..2026-02-14")]
    ['2026-02-01', '2026-02-15']
    """
    first, dots, last = (part.strip() for part in text.partition(".."))
    since, until = _day(first, text, is_last=False), _day(last if dots else first, text, is_last=True)
    if until <= since:
        raise AnalyticsError(f"The period {text} ends before it begins.", f"时段 {text} 的结束早于开始。")
    return since, until


def _day(text: str, whole: str, *, is_last: bool) -> date:
    try:
        whole_day = text + {4: "-12" if is_last else "-01"}.get(len(text), "")
        if len(whole_day) == 7:
            year, month = int(whole_day[:4]), int(whole_day[5:])
            whole_day += f"-{monthrange(year, month)[1] if is_last else 1:02}"
        day = date.fromisoformat(whole_day)
    except ValueError as error:
        raise AnalyticsError(
            f"{whole!r} is no period; write 2026-08 or 2026-08-01..2026-08-15.",
            f"“{whole}”不是有效时段，请写成 2026-08 或 2026-08-01..2026-08-15。",
        ) from error
    return day + timedelta(days=1) if is_last else day


def _answer(args: argparse.Namespace, language: str) -> None:
    # Imported here: `voiceloop --help` need not wait for an engine.
    from voiceloop.analytics.asking import names_of, source_of, wanted
    from voiceloop.analytics.change import explain_change

    before, after = period(args.before), period(args.after)
    metric = wanted(args)
    # A file looks for its dates only when it is asked for days.
    source = source_of(argparse.Namespace(**{**vars(args), "since": before[0]}), metric)
    asked = names_of(args, source, metric)
    question = asked["question"]
    found = explain_change(
        source,
        metric,
        before=before,
        after=after,
        by=question["by"],
        where=question["where"],
        weighted=question["weighted"],
        min_n=args.min_n,
        confidence=args.confidence,
    )
    names = {column: name for name, column in asked["names"].items()}
    print(_as_json(found, names) if args.json else as_table(found, language, names))


def _as_json(found: Change, names: dict[str, str]) -> str:
    said = found.to_dict()
    said["by"] = [names.get(name, name) for name in said["by"]]
    for group in said["groups"]:
        group["key"] = {names.get(name, name): value for name, value in group["key"].items()}
    return json.dumps(said, ensure_ascii=False)


def as_table(found: Change, language: str, names: dict[str, str]) -> str:
    """Return a change in words and as a table: a line a group, the whole at its foot.

    Parameters
    ----------
    found : Change
    language : {'zh', 'en'}
    names : mapping
        What the columns are called in the question.
    """
    from voiceloop.analytics.sentences import signed
    from voiceloop.analytics.terminal import VERDICTS, number

    rate = found.answer_rate is not None
    lines = [_cells([names.get(name, name) for name in found.by], list(_HEADS[language]), rate)]
    for group in found.groups:
        lines.append(_cells(_key(group), _figures(group, VERDICTS[group.verdict][language != "zh"]), rate))
    whole = [
        f"{found.before.n:,}", f"{found.after.n:,}", number(found.before.value), number(found.after.value),
        signed(found.mix, 2), signed(found.answer_rate or 0.0, 2), signed(found.within, 2),
        signed(found.change, 2), VERDICTS[found.verdict][language != "zh"],
    ]  # fmt: skip
    lines.append(_cells([_WHOLE[language], *[""] * (len(found.by) - 1)], whole, rate))
    says = found.says_zh if language == "zh" else found.says_en
    return "\n".join([says, *_aligned(lines, len(found.by)), found.method])


def _key(group: Contribution) -> list[str]:
    return ["—" if value is None else str(value) for value in group.key.values()]


def _figures(group: Contribution, verdict: str) -> list[str]:
    from voiceloop.analytics.sentences import signed
    from voiceloop.analytics.terminal import number

    return [
        f"{group.n_before:,}", f"{group.n_after:,}", number(group.value_before), number(group.value_after),
        signed(group.mix, 2), signed(group.answer_rate, 2), signed(group.within, 2), signed(group.total, 2),
        verdict,
    ]  # fmt: skip


def _cells(keys: list[str], figures: list[str], with_rate: bool) -> list[str]:
    return [*keys, *(figures if with_rate else [*figures[:5], *figures[6:]])]


def _aligned(lines: list[list[str]], n_keys: int) -> list[str]:
    from voiceloop.analytics.terminal import _padded, _width

    widths = [max(_width(line[i]) for line in lines) for i in range(len(lines[0]))]
    return [
        "  ".join(_padded(cell, widths[i], i < n_keys) for i, cell in enumerate(line)).rstrip()
        for line in lines
    ]
