"""`bin/bench [measure truth spark sync home …] [--scale 0.1]`: one JSON object on standard output."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from voiceloop import __version__
from voiceloop.bench import machine
from voiceloop.speech import Trouble


@dataclass(frozen=True)
class Part:
    """A module with a function `measure`, and what that wants to be given before the scale."""

    module: str
    given: Literal["product", "lake", "responses", "data", "nothing"] = "product"


# The product's parts in this order: the home page wants a quiet lake, an import leaves comments to be read.
_EVERY = {
    "truth": Part("truth", "nothing"),
    "measure": Part("measuring", "responses"),
    "spark": Part("spark", "lake"),
    "home": Part("home"),
    "case": Part("case"),
    "live": Part("live"),
    "workbench": Part("workbench"),
    "survey": Part("survey"),
    "sync": Part("sync"),
    "import": Part("importing"),
    "labelling": Part("labelling"),
    "recovery": Part("recovery", "nothing"),
    "route": Part("route", "nothing"),
    "spikes": Part("spikes", "nothing"),
    "text": Part("text", "data"),
    "drivers": Part("drivers", "data"),
    "value": Part("value", "data"),
}
PARTS = {name: part for name, part in _EVERY.items() if find_spec(f"voiceloop.bench.{part.module}")}


def main() -> int:
    words = chosen()
    found: dict[str, Any] = {"voiceloop": __version__, "machine": machine.facts(), "scale": words.scale}
    try:
        with product_of(words.parts) as running:
            for name in words.parts:
                found[name] = _measured(PARTS[name], running, words)
    except Trouble as trouble:
        print(f"voiceloop: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    found["machine"]["load_average_at_end"] = round(os.getloadavg()[0], 2)
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


@contextmanager
def product_of(parts: list[str]) -> Iterator[Any]:
    """The running product, when some part asks for it."""
    if not any(PARTS[name].given == "product" for name in parts):
        yield None
        return
    from voiceloop.bench import product

    with product.running() as running:
        yield running


def _measured(part: Part, running: Any, words: argparse.Namespace) -> Any:
    measure = importlib.import_module(f"voiceloop.bench.{part.module}").measure
    if part.given == "nothing":
        return measure(words.scale)
    if part.given == "data":
        return measure(words.data, words.scale)
    if part.given == "lake":
        return measure(None, words.scale)
    return measure(running if part.given == "product" else words.responses, words.scale)


def chosen(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    known = ", ".join(PARTS)
    parser.add_argument("parts", nargs="*", type=_part, metavar="PART", help=f"some of: {known}; or all")
    parser.add_argument("--only", type=_parts, default=[], metavar="PART,…", help="the same with commas")
    parser.add_argument(
        "--scale", type=_positive(float), default=1.0, help="share of the full work, e.g. 0.1"
    )
    parser.add_argument(
        "--responses", type=_positive(int), help="size of the lake that is measured (100,000,000 × scale)"
    )
    parser.add_argument(
        "--data", type=Path, default=Path("../shared/data"), help="folder of public data sets (%(default)s)"
    )
    words = parser.parse_args(arguments)
    named = {*words.parts, *words.only} or set(PARTS)
    words.parts = [name for name in PARTS if name in named]
    return words


def _positive(kind: type[int] | type[float]) -> Any:
    def number(text: str) -> float:
        found = kind(text.replace(",", "").replace("_", ""))
        if not found > 0:
            raise argparse.ArgumentTypeError(f"{text!r} is not above zero")
        return found

    number.__name__ = "number"
    return number


def _parts(text: str) -> list[str]:
    return [_part(name) for name in text.split(",")]


def _part(name: str) -> str:
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"not a part: {name}; there are {', '.join(PARTS)}")
    return name


if __name__ == "__main__":
    sys.exit(main())
