"""`voiceloop text topics` and `voiceloop text search`: themes of a file, and comments by their words."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.commands_learning import add_input, answered

_BLOCKS = "▁▂▃▄▅▆▇█"
_WEEKS = 12


def add_topics(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the two commands.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_topics(parser.add_subparsers())
    >>> parser.parse_args(["search", "a.csv", "--text", "t", "late delivery"]).query
    'late delivery'
    """
    topics = verbs.add_parser("topics", help="themes of the comments, found without labels")
    add_input(topics)
    topics.add_argument("--time", metavar="COLUMN", help="day of each comment: adds trends and what is new")
    topics.add_argument("--themes", metavar="N", type=int, help="how many to look for (default: by size)")
    topics.set_defaults(run=run_topics)
    search = verbs.add_parser("search", help="comments by their words, the best first")
    add_input(search)
    search.add_argument("query", help='words, "exact phrases" and -what must not be there')
    search.add_argument("--limit", metavar="N", type=int, default=10, help="how many (default 10)")
    search.set_defaults(run=run_search)


def run_topics(args: argparse.Namespace) -> int:
    """Print the themes of a file; 2 and one sentence when that cannot be done.

    Parameters
    ----------
    args : argparse.Namespace
        As parsed by what `add_topics` registers.

    Returns
    -------
    int
        0 or 2.
    """
    return answered(args, _topics)


def run_search(args: argparse.Namespace) -> int:
    """Print the comments that a query finds; 2 and one sentence when that cannot be done.

    Parameters
    ----------
    args : argparse.Namespace
        As parsed by what `add_topics` registers.

    Returns
    -------
    int
        0 or 2.
    """
    return answered(args, _search)


def _topics(args: argparse.Namespace, language: str) -> None:
    from voiceloop.analytics.text.topics import topics

    if args.themes is not None and not 1 <= args.themes <= 500:
        raise AnalyticsError("--themes takes 1 to 500.", "--themes 取值 1 到 500。")
    rows = _read(args, [args.text, *([args.time] if args.time else [])])
    texts = [row[0] for row in rows]
    at = [_day(row[1], number) for number, row in enumerate(rows, 1)] if args.time else None
    began = time.perf_counter()
    found = topics(texts, at=at, n_themes=args.themes)
    seconds = round(time.perf_counter() - began, 2)
    if not args.json:
        sys.stdout.writelines(_in_words(found, language))
        return
    answer = found.to_dict()
    for theme in answer["themes"]:
        places = theme.pop("comments")
        theme["comments"] = [{"row": place + 1, "text": texts[place]} for place in places]
    sys.stdout.write(json.dumps({**answer, "seconds": seconds}, ensure_ascii=False) + "\n")


def _search(args: argparse.Namespace, language: str) -> None:
    from voiceloop.analytics.text.search.index import Index
    from voiceloop.analytics.text.search.snippet import snippet

    if args.limit < 1:
        raise AnalyticsError("--limit takes 1 or more.", "--limit 至少为 1。")
    texts = [row[0] for row in _read(args, [args.text])]
    hits = Index.build(range(1, len(texts) + 1), texts).search(args.query, args.limit)
    if args.json:
        found = [
            {"row": hit.id, "score": round(hit.score, 4), "text": hit.text, "spans": hit.spans}
            for hit in hits
        ]
        answer = {"query": args.query, "n": len(texts), "found": found}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return
    if not hits:
        sys.stdout.write("没有找到。\n" if language == "zh" else "Nothing was found.\n")
    for hit in hits:
        piece = snippet(hit.text.replace("\n", " "), hit.spans)
        sys.stdout.write(f"{hit.id:>8}  {_marked(piece.text, piece.spans)}\n")


def _read(args: argparse.Namespace, columns: list[str]) -> list[tuple[str, ...]]:
    from voiceloop.analytics.text.table import read

    rows = list(read(args.file, columns))
    if not rows:
        raise AnalyticsError(f"{args.file.name} holds no rows.", f"{args.file.name} 中没有数据行。")
    return rows


def _day(text: str, row: int) -> date:
    said = text.strip().replace("/", "-")
    try:
        return datetime.fromisoformat(said).date()
    except ValueError:
        pass
    try:
        year, month, day = said.split()[0].split("-")
        return date(int(year), int(month), int(day))
    except (ValueError, IndexError):
        raise AnalyticsError(
            f"Row {row} has no date: {text!r}.", f"第 {row} 行不是日期：{text!r}。"
        ) from None


def _in_words(found: Any, language: str) -> Iterator[str]:
    zh = language == "zh"
    share = f"{100 * found.coverage:.0f}%"
    yield (
        f"共 {found.n:,} 条评论，{len(found.themes)} 个主题，{share} 有主题\n"
        if zh
        else f"{found.n:,} comments, {len(found.themes)} themes, {share} of the comments in one\n"
    )
    for theme in found.themes:
        news = ("新 " if zh else "new ") if theme.is_new else ("升 " if zh else "up ") if theme.rises else ""
        yield f"{theme.n:>8,}  {_spark(theme.trend)}{news}{theme.name}  ({' / '.join(theme.phrases)})\n"
    for one in islice(found.news, 10):
        said = "本周新词" if zh else "new this week"
        yield f"{said}: {one.word}  {one.n_before} → {one.n}, G² {one.g2:.0f}\n"


def _spark(trend: tuple[int, ...]) -> str:
    """The last weeks as blocks.

    Examples
    --------
    >>> _spark((0, 1, 2))
    '▁▅█ '
    """
    if not trend:
        return ""
    most = max(trend[-_WEEKS:]) or 1
    return "".join(_BLOCKS[round(7 * n / most)] for n in trend[-_WEEKS:]) + " "


def _marked(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with its marks as a terminal shows them, or in brackets where it is no terminal."""
    left, right = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("[", "]")
    for start, end in reversed(spans):
        text = f"{text[:start]}{left}{text[start:end]}{right}{text[end:]}"
    return text
