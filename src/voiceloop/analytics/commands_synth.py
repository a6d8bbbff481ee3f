"""`voiceloop synth`: any number of synthetic responses straight into a new lake."""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from voiceloop.analytics.commands import reader_language
from voiceloop.analytics.errors import AnalyticsError

if TYPE_CHECKING:
    from voiceloop.analytics.synth.filling import Filled

_EPILOG = "voiceloop synth --responses 100M --lake big && voiceloop measure nps --lake big --by channel"
_TIMES = {"k": 10**3, "M": 10**6, "G": 10**9}
_MOST_MONTHS = 240
_BAR = 30


def add_synth(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command; its function is the default ``run``.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_synth(parser.add_subparsers())
    >>> parser.parse_args(["synth", "--responses", "10M", "--lake", "big"]).responses
    10000000
    """
    parser = subparsers.add_parser(
        "synth", help="write synthetic NPS responses into a new lake", epilog=_EPILOG
    )
    parser.add_argument(
        "--responses", type=_count, metavar="N", required=True, help="how many: 250000, 10M, 1G"
    )
    parser.add_argument("--lake", type=Path, metavar="PATH", required=True, help="folder to be made")
    parser.add_argument("--months", type=_months, default=36, help="calendar months up to now (36)")
    parser.add_argument("--seed", type=_seed, default=7, help="the same seed gives the same responses (7)")
    parser.add_argument("--lang", help="zh or en (default: from LC_ALL or LANG)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=main)


def main(args: argparse.Namespace) -> int:
    """Write the lake and say what it took; on an error say why in one sentence and return 2.

    Parameters
    ----------
    args : argparse.Namespace
        As parsed by what `add_synth` registers.

    Returns
    -------
    int
        0, or 2 when nothing was written.
    """
    # Imported here: `voiceloop --help` need not wait for Arrow.
    from voiceloop.analytics.synth.filling import fill

    language = reader_language(args.lang, os.environ)
    began = time.perf_counter()
    bar = _Bar(args.responses)
    try:
        filled = fill(args.lake, args.responses, months=args.months, seed=args.seed, told=bar.told)
    except AnalyticsError as error:
        bar.end()
        sys.stderr.write(error.say(language) + "\n")
        return 2
    bar.end()
    found = _figures(filled, time.perf_counter() - began)
    sys.stdout.write((json.dumps(found, ensure_ascii=False) if args.json else _said(found, language)) + "\n")
    return 0


class _Bar:
    """Progress on standard error: a line that grows on a terminal, a line per tenth in a log."""

    def __init__(self, total: int) -> None:
        self._total, self._rows, self._shown = total, 0, 0
        self._began, self._lock = time.perf_counter(), Lock()
        self._is_terminal = sys.stderr.isatty()

    def told(self, rows: int) -> None:
        with self._lock:
            self._rows += rows
            step = self._rows * (100 if self._is_terminal else 10) // self._total
            if step > self._shown:
                self._shown = step
                self._show()

    def end(self) -> None:
        if self._is_terminal and self._shown:
            sys.stderr.write("\n")

    def _show(self) -> None:
        share = self._rows / self._total
        left = (time.perf_counter() - self._began) * (1 - share) / share
        line = f"{share:4.0%}  {self._rows:,} / {self._total:,}  {left:,.0f} s"
        full = round(share * _BAR)
        bar = "█" * full + "░" * (_BAR - full)
        sys.stderr.write(f"\r{bar} {line}   " if self._is_terminal else f"{line}\n")
        sys.stderr.flush()


def _figures(filled: Filled, seconds: float) -> dict[str, object]:
    used = resource.getrusage(resource.RUSAGE_SELF)
    kilobytes = used.ru_maxrss / 1024 if sys.platform == "darwin" else used.ru_maxrss
    return {
        "lake": str(filled.path),
        "responses": filled.rows,
        "months": len(filled.months),
        "first_month": filled.months[0],
        "last_month": filled.months[-1],
        "files": filled.files,
        "bytes": filled.bytes,
        "bytes_per_response": round(filled.bytes / filled.rows, 2),
        "seconds": round(seconds, 2),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 2),
        "responses_per_second": round(filled.rows / seconds),
        "peak_megabytes": round(kilobytes / 1024, 1),
    }


def _said(found: dict[str, object], language: str) -> str:
    many, size = f"{found['responses']:,}", f"{found['bytes']:,}"
    first, last, seconds, memory = (
        found[name] for name in ("first_month", "last_month", "seconds", "peak_megabytes")
    )
    if language == "zh":
        return (
            f"{found['lake']}：{many} 条答复，{first} 至 {last}，{size} 字节；"
            f"用时 {seconds} 秒，内存峰值 {memory} MB。"
        )
    return (
        f"{found['lake']}: {many} responses, {first} to {last}, {size} bytes, "
        f"in {seconds} s with at most {memory} MB of memory."
    )


def _count(text: str) -> int:
    digits, times = (text[:-1], _TIMES[text[-1]]) if text[-1:] in _TIMES else (text, 1)
    return _whole(digits, "a number of responses such as 250000 or 10M", 1, 10**12 // times) * times


def _months(text: str) -> int:
    return _whole(text, f"a number of months from 1 to {_MOST_MONTHS}", 1, _MOST_MONTHS)


def _seed(text: str) -> int:
    return _whole(text, "a seed, which is a whole number from 0", 0, 2**63 - 1)


def _whole(text: str, wanted: str, least: int, most: int) -> int:
    try:
        found = int(text.replace(",", ""))
    except ValueError:
        found = least - 1
    if not least <= found <= most:
        raise argparse.ArgumentTypeError(f"{text!r} is not {wanted}")
    return found
