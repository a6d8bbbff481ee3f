"""`voiceloop value`, `voiceloop churn` and `voiceloop forecast` on the command line."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from voiceloop.analytics.commands import one_sentence
from voiceloop.analytics.errors import AnalyticsError

_VALUE = """\
examples · 例子:
  voiceloop value orders.csv --customer customer_id --time date --amount amount
  voiceloop value lines.csv.gz --customer customer_id --time invoice_date --amount price --times quantity
  voiceloop value orders.csv --customer 客户 --time 日期 --amount 金额 --days 180 --json --all
"""
_CHURN = """\
examples · 例子:
  voiceloop churn fit customers.csv --target churn --save model.churn
  voiceloop churn evaluate later.csv --target churn --model model.churn --json
  voiceloop churn score customers.csv --model model.churn --top 20

Yes/no, 1/0, true/false, 是/否, churned/stayed are read as they are; --positive tells anything else.
Identifiers, constants and columns that are known only afterwards are set aside, each with its reason.
"""
_FORECAST = """\
examples · 例子:
  voiceloop forecast answers.csv --time date --value score --every week
  voiceloop forecast tickets.csv --time opened_at --every month --ahead 3 --json
"""


def add_value(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register ``value``; its function is the default ``run``.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_value(parser.add_subparsers())
    >>> parser.parse_args(["value", "a.csv", "--customer", "c", "--time", "t", "--amount", "x"]).amount
    'x'
    """
    parser = _parser(subparsers, "value", "what customers are worth, by recency, frequency and money", _VALUE)
    parser.add_argument("--customer", metavar="COLUMN", required=True, help="who bought")
    parser.add_argument("--time", metavar="COLUMN", required=True, help="when")
    parser.add_argument("--amount", metavar="COLUMN", required=True, help="for how much; below 0: a return")
    parser.add_argument("--times", metavar="COLUMN", help="multiply the amount by this: a quantity")
    parser.add_argument("--days", type=int, default=365, help="length of the time ahead (365)")
    parser.add_argument("--discount", type=float, default=0.10, help="discount per year (0.10)")
    parser.add_argument("--until", metavar="YYYY-MM-DD", help="predict from the end of this day (the last)")
    parser.add_argument("--top", type=int, default=20, help="how many customers are listed (20)")
    parser.add_argument("--all", action="store_true", help="list every customer")
    parser.add_argument("--out", metavar="FILE.csv", type=Path, help="write every customer to a CSV file")
    parser.set_defaults(run=run_value)


def add_churn(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register ``churn fit``, ``churn evaluate`` and ``churn score``.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_churn(parser.add_subparsers())
    >>> parser.parse_args(["churn", "fit", "a.csv", "--target", "left", "--save", "m"]).target
    'left'
    """
    verbs = subparsers.add_parser(
        "churn",
        help="who is about to leave, and why",
        epilog=_CHURN,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).add_subparsers(required=True)
    fit = _parser(verbs, "fit", "fit a model on customers whose outcome is known", _CHURN)
    _add_target(fit)
    fit.add_argument("--save", metavar="MODEL", type=Path, required=True, help="file that the model goes to")
    fit.add_argument(
        "--keep", metavar="COLUMN", action="append", default=[], help="use it in spite of a doubt"
    )
    fit.add_argument("--drop", metavar="COLUMN", action="append", default=[], help="do not use this column")
    fit.add_argument("--time", metavar="COLUMN", help="a date: test on the latest quarter as well")
    fit.set_defaults(run=run_fit)
    evaluate = _parser(verbs, "evaluate", "measure a model on customers whose outcome is known", _CHURN)
    _add_target(evaluate)
    _add_model(evaluate)
    evaluate.set_defaults(run=run_evaluate)
    score = _parser(verbs, "score", "list the customers at risk, each with its reasons", _CHURN)
    _add_model(score)
    score.add_argument("--customer", metavar="COLUMN", help="column that names the customer")
    score.add_argument("--top", type=int, default=20, help="how many customers are listed (20)")
    score.add_argument("--all", action="store_true", help="list every customer")
    score.add_argument("--out", metavar="FILE.csv", type=Path, help="write every customer to a CSV file")
    score.set_defaults(run=run_score)


def add_forecast(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register ``forecast``.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_forecast(parser.add_subparsers())
    >>> parser.parse_args(["forecast", "a.csv", "--time", "t", "--every", "month"]).every
    'month'
    """
    parser = _parser(subparsers, "forecast", "score or volume ahead, with its back-test", _FORECAST)
    parser.add_argument("--time", metavar="COLUMN", required=True, help="when")
    parser.add_argument("--value", metavar="COLUMN", help="a number to average; none: rows are counted")
    parser.add_argument("--every", choices=("day", "week", "month", "quarter"), default="week", help="period")
    parser.add_argument("--ahead", type=int, help="how many periods ahead")
    parser.set_defaults(run=run_forecast)


def run_value(args: argparse.Namespace) -> int:
    """Print what customers are worth; 2 and one sentence when that cannot be said."""
    return one_sentence(_value, args)


def run_fit(args: argparse.Namespace) -> int:
    """Fit and save a model of who leaves; 2 and one sentence when that cannot be done."""
    return one_sentence(_fit, args)


def run_evaluate(args: argparse.Namespace) -> int:
    """Print how good a model is on a file; 2 and one sentence when that cannot be said."""
    return one_sentence(_evaluate, args)


def run_score(args: argparse.Namespace) -> int:
    """List customers by risk; 2 and one sentence when that cannot be done."""
    return one_sentence(_score, args)


def run_forecast(args: argparse.Namespace) -> int:
    """Print a forecast; 2 and one sentence when there is none."""
    return one_sentence(_forecast, args)


def _parser(subparsers: Any, name: str, says: str, epilog: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = subparsers.add_parser(
        name, help=says, epilog=epilog, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, help="CSV, CSV.gz or Parquet")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--lang", help="zh or en (default: from LC_ALL or LANG)")
    return parser


def _add_target(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--target", metavar="COLUMN", required=True, help="column that says who left")
    parser.add_argument("--positive", metavar="VALUE", help="the value that means: left")


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", metavar="MODEL", type=Path, required=True, help="file made by churn fit")


def _value(args: argparse.Namespace, language: str) -> None:
    from voiceloop.analytics.value import telling
    from voiceloop.analytics.value.valuing import valued

    found = valued(args)
    if args.out:
        telling.written(args.out, found["customers"])
    if not args.all:
        found["customers"] = found["customers"][: args.top]
    _said(args, found, telling.value, language)


def _fit(args: argparse.Namespace, language: str) -> None:
    from voiceloop.analytics.value import telling
    from voiceloop.analytics.value.cells import read
    from voiceloop.analytics.value.churn import fit

    model = fit(
        read(args.file),
        args.target,
        positive=args.positive,
        keep=args.keep,
        drop=args.drop,
        time=args.time,
    )
    model.save(args.save)
    found = {
        "model": str(args.save),
        "version": model.version,
        **model.report,
        "features": [{"name": one.name, "kind": one.kind} for one in model.features],
        "set_aside": [
            {"name": one.name, "leak": one.is_leak, "why": one.say(language)} for one in model.dropped
        ],
    }
    _said(args, found, telling.fitted, language)


def _evaluate(args: argparse.Namespace, language: str) -> None:
    import time

    from voiceloop.analytics.value import telling
    from voiceloop.analytics.value.cells import read

    model, table = _model(args.model), read(args.file)
    started = time.perf_counter()
    score = model.evaluate(table, args.target, positive=args.positive)
    found = {
        **score.to_dict(),
        "rows_per_second": round(score.n / max(time.perf_counter() - started, 1e-9)),
        "model": model.version,
        "notes": [zh if language == "zh" else en for en, zh in model.notes(table)],
        "drift": [one._asdict() for one in model.drift(table) if one.verdict != "stable"],
    }
    _said(args, found, telling.evaluated, language)


def _score(args: argparse.Namespace, language: str) -> None:
    from voiceloop.analytics.value import telling
    from voiceloop.analytics.value.cells import read
    from voiceloop.analytics.value.scored import scored

    table = read(args.file)
    found = scored(_model(args.model), table, args.customer, language)
    if args.out:
        telling.written(args.out, found["customers"])
    if not args.all:
        found["customers"] = found["customers"][: args.top]
    _said(args, found, telling.scored, language)


def _forecast(args: argparse.Namespace, language: str) -> None:
    from voiceloop.analytics.value import telling
    from voiceloop.analytics.value.cells import read
    from voiceloop.analytics.value.forecast import forecast

    columns = read(args.file, [args.time, *([args.value] if args.value else [])])
    if args.ahead is not None and not 1 <= args.ahead <= 400:
        raise AnalyticsError("--ahead is between 1 and 400.", "--ahead 应在 1 到 400 之间。")
    values = columns[args.value].numbers if args.value else None
    found = forecast(columns[args.time].days, values, every=args.every, ahead=args.ahead)
    _said(args, found.to_dict(), telling.foretold, language)


def _model(path: Path) -> Any:
    from voiceloop.analytics.value.churn import ChurnModel

    return ChurnModel.load(path)


def _said(args: argparse.Namespace, found: dict[str, Any], telling: Any, language: str) -> None:
    print(json.dumps(found, ensure_ascii=False) if args.json else "\n".join(telling(found, language)))
