"""`voiceloop text`: analyse the comments of a file, or measure the analysis against labels."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from voiceloop.analytics.errors import AnalyticsError

if TYPE_CHECKING:
    from voiceloop.analytics.text.analyse import Analysis

_ROWS = 20_000


def add_text(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command; its function is the default ``run``.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_text(parser.add_subparsers())
    >>> parser.parse_args(["text", "analyse", "a.csv", "--text", "comment"]).text
    'comment'
    """
    verbs = subparsers.add_parser("text", help="understand comments").add_subparsers(required=True)
    analyse = verbs.add_parser("analyse", help="sentiment, reasons and voice class of each comment")
    _add_input(analyse)
    analyse.add_argument("--no-evidence", action="store_true", help="leave out the deciding words: faster")
    analyse.set_defaults(run=run_analyse)
    evaluate = verbs.add_parser("evaluate", help="accuracy against labels in the file")
    _add_input(evaluate)
    evaluate.add_argument("--label", metavar="COLUMN", required=True, help="column of the true labels")
    evaluate.add_argument("--task", choices=("sentiment",), default="sentiment", help="what the labels say")
    evaluate.set_defaults(run=run_evaluate)


def run_analyse(args: argparse.Namespace) -> int:
    """Print one JSON object per comment, or a summary in words; 2 and one sentence when that cannot be done.

    Parameters
    ----------
    args : argparse.Namespace
        As parsed by what `add_text` registers.

    Returns
    -------
    int
        0 or 2.
    """
    return _answered(args, _print_analyses)


def run_evaluate(args: argparse.Namespace) -> int:
    """Print how well the sentiment agrees with the file's labels; 2 and one sentence when it cannot.

    Parameters
    ----------
    args : argparse.Namespace
        As parsed by what `add_text` registers.

    Returns
    -------
    int
        0 or 2.
    """
    return _answered(args, _print_evaluation)


def _add_input(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV, CSV.gz or JSON Lines")
    parser.add_argument("--text", metavar="COLUMN", required=True, help="column of the comments")
    parser.add_argument("--lang", help="zh or en (default: from LC_ALL or LANG)")
    parser.add_argument("--json", action="store_true", help="JSON on standard output")


def _answered(args: argparse.Namespace, answer: Callable[[argparse.Namespace, str], None]) -> int:
    from voiceloop.analytics.commands import reader_language

    language = reader_language(args.lang, os.environ)
    try:
        answer(args, language)
    except AnalyticsError as error:
        sys.stderr.write(error.say(language) + "\n")
        return 2
    return 0


def _print_analyses(args: argparse.Namespace, language: str) -> None:
    from voiceloop.analytics.text.analyse import analyse
    from voiceloop.analytics.text.table import read

    rows = read(args.file, [args.text])
    counts: Counter[str] = Counter()
    number = 0
    while texts := [text for (text,) in islice(rows, _ROWS)]:
        for found in analyse(texts, evidence=args.json and not args.no_evidence):
            number += 1
            if args.json:
                line = {"row": number, **found.to_dict()}
                sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
            counts.update(_counted(found))
    if not number:
        raise AnalyticsError(f"{args.file.name} holds no rows.", f"{args.file.name} 中没有数据行。")
    if not args.json:
        sys.stdout.writelines(_summary(counts, number, language))


def _counted(found: Analysis) -> Iterator[str]:
    yield f"sentiment {found.sentiment.label}"
    yield f"voice {found.voice.label}"
    yield from (f"reason {reason.code} {reason.polarity}" for reason in found.reasons)


_WORDS = {
    "negative": "负面",
    "neutral": "中性",
    "positive": "正面",
    "unknown": "无法识别",
    "praise": "赞扬",
    "problem": "问题",
    "suggestion": "建议",
    "other": "其他",
}


def _summary(counts: Counter[str], n: int, language: str) -> Iterator[str]:
    from voiceloop.analytics.text.taxonomy import taxonomy

    zh = language == "zh"
    yield f"共 {n:,} 条评论\n" if zh else f"{n:,} comments\n"
    for group in ("sentiment", "voice"):
        for key, count in counts.most_common():
            kind, _, label = key.partition(" ")
            if kind == group:
                yield f"  {_WORDS[label] if zh else label:<12} {count:>9,}  {100 * count / n:5.1f}%\n"
    yield "原因（正面 / 负面）\n" if zh else "Reasons (praise / complaint)\n"
    for reason in taxonomy():
        good, bad = counts[f"reason {reason.code} 1"], counts[f"reason {reason.code} -1"]
        if good or bad:
            yield f"  {reason.label_zh if zh else reason.label_en}: {good:,} / {bad:,}\n"


def _print_evaluation(args: argparse.Namespace, language: str) -> None:
    from voiceloop.analytics.text.evaluate import evaluate_sentiment
    from voiceloop.analytics.text.table import read

    rows = list(read(args.file, [args.text, args.label]))
    found = evaluate_sentiment([row[0] for row in rows], [row[1] for row in rows])
    if args.json:
        sys.stdout.write(json.dumps({"task": args.task, **found._asdict()}, ensure_ascii=False) + "\n")
        return
    words = (
        ("条数", "准确率", "宏平均 F1", "校准误差", "条/秒")
        if language == "zh"
        else ("n", "accuracy", "macro F1", "calibration error", "rows per second")
    )
    for word, value in zip(words, found[:5], strict=True):
        sys.stdout.write(f"{word}: {value:,.3f}\n" if value < 1.5 else f"{word}: {value:,.0f}\n")
