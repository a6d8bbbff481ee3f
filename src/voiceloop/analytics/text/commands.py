"""`voiceloop text analyse`: what the comments of a file say."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.commands_keyphrases import add_keyphrases
from voiceloop.analytics.text.commands_learning import add_input, add_learning, answered
from voiceloop.analytics.text.commands_topics import add_topics

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
    add_input(analyse)
    analyse.add_argument("--no-evidence", action="store_true", help="leave out the deciding words: faster")
    analyse.set_defaults(run=run_analyse)
    add_learning(verbs)
    add_topics(verbs)
    add_keyphrases(verbs)


def run_analyse(args: argparse.Namespace) -> int:
    """Print one JSON object, or a summary in words; 2 and one sentence when that cannot be done.

    The object is {"comments": [one object for each row, …], "n": …, "not_understood": …}.

    Parameters
    ----------
    args : argparse.Namespace
        As parsed by what `add_text` registers.

    Returns
    -------
    int
        0 or 2.
    """
    return answered(args, _print_analyses)


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
                # One object, written as it is made: a million comments need no more memory than some.
                sys.stdout.write("" if number > 1 else '{"comments": [\n')
                sys.stdout.write((",\n" if number > 1 else "") + json.dumps(line, ensure_ascii=False))
            counts.update(_counted(found))
    if not number:
        raise AnalyticsError(f"{args.file.name} holds no rows.", f"{args.file.name} 中没有数据行。")
    if args.json:
        # "unknown" is the label of what was not understood: no words of Chinese or English.
        rest = {"n": number, "not_understood": counts["sentiment unknown"]}
        sys.stdout.write("\n], " + json.dumps(rest)[1:] + "\n")
    else:
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
