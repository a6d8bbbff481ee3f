"""`voiceloop text keyphrases`: what the comments of a file speak of most."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.commands_learning import add_input, answered


def add_keyphrases(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_keyphrases(parser.add_subparsers())
    >>> parser.parse_args(["keyphrases", "a.csv", "--text", "t"]).most
    20
    """
    parser = verbs.add_parser("keyphrases", help="the words and phrases that comments have in common")
    add_input(parser)
    parser.add_argument("--most", metavar="N", type=int, default=20, help="how many (default 20)")
    parser.add_argument(
        "--against", metavar="FILE", type=Path, help="other comments: only what is said more often than there"
    )
    parser.set_defaults(run=run_keyphrases)


def run_keyphrases(args: argparse.Namespace) -> int:
    """Print the keyphrases of a file; 2 and one sentence when that cannot be done.

    Parameters
    ----------
    args : argparse.Namespace
        As parsed by what `add_keyphrases` registers.

    Returns
    -------
    int
        0 or 2.
    """
    return answered(args, _keyphrases)


def _keyphrases(args: argparse.Namespace, language: str) -> None:
    from voiceloop.analytics.text.keyphrases import keyphrases

    if args.most < 1:
        raise AnalyticsError("--most takes 1 or more.", "--most 至少为 1。")
    texts = _texts(args.file, args.text)
    others = _texts(args.against, args.text) if args.against else []
    found = keyphrases(texts, against=others, most=args.most)
    if args.json:
        said = [
            {
                **one.to_dict(),
                "comments": [{"row": place + 1, "text": texts[place]} for place in one.comments],
            }
            for one in found
        ]
        sys.stdout.write(json.dumps({"n": len(texts), "keyphrases": said}, ensure_ascii=False) + "\n")
        return
    if not found:
        sys.stdout.write("没有共同的词语。\n" if language == "zh" else "They have no words in common.\n")
    sys.stdout.writelines(f"{one.n:>8,}  {100 * one.share:>5.1f}%  {one.text}\n" for one in found)


def _texts(file: Path, column: str) -> list[str]:
    from voiceloop.analytics.text.table import read

    texts = [text for (text,) in read(file, [column])]
    if not texts:
        raise AnalyticsError(f"{file.name} holds no rows.", f"{file.name} 中没有数据行。")
    return texts
