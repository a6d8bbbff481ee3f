"""`voiceloop text fit` and `evaluate`: learn the labels of a file, or measure how well they are predicted."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from voiceloop.analytics.errors import AnalyticsError

# What is printed in words, of all that --json prints.
_SHOWN = {
    "n": "条数",
    "accuracy": "准确率",
    "macro_f1": "宏平均 F1",
    "calibration_error": "校准误差",
    "rows_per_second": "条/秒",
}


def add_learning(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the two commands.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_learning(parser.add_subparsers())
    >>> parser.parse_args(["fit", "a.csv", "--text", "t", "--label", "l", "--save", "m"]).label
    'l'
    """
    fit = verbs.add_parser("fit", help="learn any labels (reasons, intents, routing, sentiment)")
    add_input(fit)
    fit.add_argument("--label", metavar="COLUMN", required=True, help="column of the labels")
    fit.add_argument("--save", metavar="MODEL", type=Path, required=True, help="file to write the model to")
    fit.set_defaults(run=run_fit)
    evaluate = verbs.add_parser("evaluate", help="accuracy against labels in the file")
    add_input(evaluate)
    evaluate.add_argument("--label", metavar="COLUMN", required=True, help="column of the true labels")
    what = evaluate.add_mutually_exclusive_group()
    what.add_argument(
        "--task",
        choices=("sentiment",),
        default="sentiment",
        help="measure the shipped sentiment; labels are 1/0, 1/0/-1 or positive/neutral/negative",
    )
    what.add_argument("--model", metavar="MODEL", type=Path, help="measure a model that `fit` saved")
    evaluate.set_defaults(run=run_evaluate)


def run_fit(args: argparse.Namespace) -> int:
    """Learn, save and print what cross-validation says; 2 and one sentence when that cannot be done.

    Parameters
    ----------
    args : argparse.Namespace
        As parsed by what `add_learning` registers.

    Returns
    -------
    int
        0 or 2.
    """
    return answered(args, _fit)


def run_evaluate(args: argparse.Namespace) -> int:
    """Print how well the file's labels are predicted; 2 and one sentence when that cannot be said.

    Parameters
    ----------
    args : argparse.Namespace
        As parsed by what `add_learning` registers.

    Returns
    -------
    int
        0 or 2.
    """
    return answered(args, _evaluate)


def add_input(parser: argparse.ArgumentParser) -> None:
    """Add what every command on a file of texts is told."""
    parser.add_argument("file", type=Path, help="CSV, CSV.gz, Parquet or JSON Lines")
    parser.add_argument("--text", metavar="COLUMN", required=True, help="column of the comments")
    parser.add_argument("--lang", help="zh or en (default: from LC_ALL or LANG)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")


def answered(args: argparse.Namespace, answer: Callable[[argparse.Namespace, str], None]) -> int:
    """Answer in the reader's language; 2 and one sentence on standard error when there is no answer."""
    from voiceloop.analytics.commands import reader_language

    language = reader_language(args.lang, os.environ)
    try:
        answer(args, language)
    except AnalyticsError as error:
        sys.stderr.write(error.say(language) + "\n")
        return 2
    return 0


def _fit(args: argparse.Namespace, language: str) -> None:
    from voiceloop.analytics.text.evaluate import tidy
    from voiceloop.analytics.text.learning import fit

    _check_place(args.save)
    rows = _labelled(args)
    kept = [(text, label) for text, label in ((text, tidy(label)) for text, label in rows) if label]
    began = time.perf_counter()
    model, report = fit([text for text, _ in kept], [label for _, label in kept])
    seconds = time.perf_counter() - began
    try:
        model.save(args.save)
    except OSError as error:
        raise _unwritable(args.save, error) from error
    _print(
        {
            **report._asdict(),
            "measured": "cross-validated",
            "labels": list(model.labels),
            "skipped": len(rows) - len(kept),
            "seconds": round(seconds, 2),
            "model": str(args.save),
            "version": model.version,
        },
        args.json,
        language,
    )


def _evaluate(args: argparse.Namespace, language: str) -> None:
    from voiceloop.analytics.text.evaluate import evaluate_model, evaluate_sentiment
    from voiceloop.analytics.text.learning import Classifier

    model = Classifier.load(args.model) if args.model else None
    rows = _labelled(args)
    texts, labels = [row[0] for row in rows], [row[1] for row in rows]
    if model is None:
        _print({"task": args.task, **evaluate_sentiment(texts, labels)._asdict()}, args.json, language)
        return
    found = evaluate_model(texts, labels, model)
    if found.unknown:
        sys.stderr.write(_untaught(found.unknown, language))
    _print({"model": str(args.model), "version": model.version, **found._asdict()}, args.json, language)


def _labelled(args: argparse.Namespace) -> list[tuple[str, ...]]:
    from voiceloop.analytics.text.table import read

    rows = list(read(args.file, [args.text, args.label]))
    if not rows:
        raise AnalyticsError(f"{args.file.name} holds no rows.", f"{args.file.name} 中没有数据行。")
    return rows


def _untaught(n: int, language: str) -> str:
    if language == "zh":
        return f"有 {n:,} 行的标签模型没有学过，计为错误。\n"
    return f"{n:,} rows have a label that the model was never taught; they count as wrong.\n"


def _check_place(path: Path) -> None:
    """Say before the learning that its result could not be kept."""
    if path.is_dir():
        raise AnalyticsError(f"{path} is a folder: name a file.", f"{path} 是文件夹，请给出文件名。")
    if not path.absolute().parent.is_dir():
        raise AnalyticsError(f"There is no folder {path.parent}.", f"文件夹 {path.parent} 不存在。")


def _unwritable(path: Path, error: OSError) -> AnalyticsError:
    why = error.strerror or str(error)
    return AnalyticsError(f"{path} cannot be written: {why}.", f"无法写入 {path}：{why}。")


def _print(found: dict[str, Any], as_json: bool, language: str) -> None:
    if as_json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    else:
        sys.stdout.writelines(_lines(found, language))


def _lines(found: dict[str, Any], language: str) -> Iterator[str]:
    for name, zh in _SHOWN.items():
        word, value = zh if language == "zh" else name.replace("_", " "), found[name]
        yield f"{word}: {value:,.3f}\n" if value < 1.5 else f"{word}: {value:,.0f}\n"
