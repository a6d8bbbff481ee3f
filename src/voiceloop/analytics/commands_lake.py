"""`voiceloop lake`: the condition of a lake, and its upkeep where no server does it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from voiceloop.analytics.commands import reader_language
from voiceloop.analytics.errors import AnalyticsError

if TYPE_CHECKING:
    from voiceloop.analytics.lake import Lake


def add_lake(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command; its function is the default ``run``.

    Examples
    --------
    >>> parser = argparse.ArgumentParser()
    >>> add_lake(parser.add_subparsers())
    >>> parser.parse_args(["lake", "--lake", "there", "--cubes"]).cubes
    True
    """
    parser = subparsers.add_parser("lake", help="the condition of a lake, and its upkeep")
    parser.add_argument("--lake", metavar="PATH", help="folder of the lake (default: $VOICELOOP_LAKE)")
    parser.add_argument("--cubes", action="store_true", help="make the cubes of months that have changed")
    parser.add_argument("--compact", action="store_true", help="merge small files")
    parser.add_argument("--vacuum", action="store_true", help="remove files that no reader needs")
    parser.add_argument("--lang", help="zh or en (default: from LC_ALL or LANG)")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.set_defaults(run=main)


def main(args: argparse.Namespace) -> int:
    """Do what was asked, then print the lake's condition; on an error say why and return 2."""
    language = reader_language(args.lang, os.environ)
    try:
        found = _kept(args)
    except AnalyticsError as error:
        sys.stderr.write(error.say(language) + "\n")
        return 2
    sys.stdout.write(json.dumps(found, ensure_ascii=False) if args.json else _as_text(found, language))
    sys.stdout.write("\n" if args.json else "")
    return 0


def _kept(args: argparse.Namespace) -> dict[str, Any]:
    from voiceloop.analytics.cubes import Cubes
    from voiceloop.analytics.lake import Lake
    from voiceloop.analytics.schema import TABLES

    path = args.lake or os.environ.get("VOICELOOP_LAKE")
    if not path:
        raise AnalyticsError("Name the lake with --lake PATH.", "请用 --lake 指明数据湖的位置。")
    lake = Lake(path)
    written = [table for table in TABLES if lake.version(table) >= 0]
    if not written:
        raise AnalyticsError(f"There is no lake at {path}.", f"{path} 处没有数据湖。")
    for table in written:
        if args.compact:
            lake.compact(table)
        if args.vacuum:
            lake.vacuum(table)
    made = Cubes(lake).rebuild() if args.cubes else 0
    return {
        "tables": {table: _condition(lake, table) for table in written},
        "cubes": Cubes(lake).status() | {"months_made": made},
    }


def _condition(lake: Lake, table: str) -> dict[str, Any]:
    from voiceloop.analytics.lake_upkeep import condition

    found, as_of = condition(lake, table), lake.as_of(table)
    return {
        "version": found.version,
        "months": len(lake.months(table)),
        "files": found.files,
        "bytes": found.bytes,
        "as_of": as_of.isoformat() if as_of else None,
    }


def _as_text(found: dict[str, Any], language: str) -> str:
    heads = (
        ("表", "版本", "月份", "文件", "MB")
        if language == "zh"
        else ("table", "version", "months", "files", "MB")
    )
    lines = [heads]
    for table, is_so in found["tables"].items():
        size = f"{is_so['bytes'] / 1e6:,.1f}"
        lines.append((table, str(is_so["version"]), str(is_so["months"]), str(is_so["files"]), size))
    text = "".join(f"{line[0]:<16}" + "".join(f"{cell:>10}" for cell in line[1:]) + "\n" for line in lines)
    cubes = found["cubes"]
    size, stale = f"{cubes['n_bytes'] / 1e6:,.1f} MB", len(cubes["stale"])
    said = (
        f"立方体：{size}，{stale} 个月待重建"
        if language == "zh"
        else f"cubes: {size}, {stale} months to be made anew"
    )
    return f"{text}{said}\n"
