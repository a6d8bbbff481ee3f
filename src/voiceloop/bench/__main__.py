"""`bin/bench [--only survey,import,home,case] [--scale 0.1]`: one JSON object on standard output."""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from voiceloop import __version__
from voiceloop.bench import case, home, importing, machine, product, survey
from voiceloop.speech import Trouble

# In this order: the home page wants a quiet lake, an import leaves comments to be read behind it.
PARTS = {"home": home, "case": case, "survey": survey, "import": importing}


def main() -> int:
    chosen = _parser().parse_args()
    parts = chosen.only or list(PARTS)
    found: dict[str, Any] = {"voiceloop": __version__, "machine": machine.facts(), "scale": chosen.scale}
    try:
        with product.running() as running:
            for name in (name for name in PARTS if name in parts):
                found[name] = PARTS[name].measure(running, chosen.scale)
    except Trouble as trouble:
        print(f"voiceloop: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    found["machine"]["load_average_at_end"] = round(os.getloadavg()[0], 2)
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bin/bench", description=__doc__)
    parser.add_argument("--only", type=_parts, help=f"some of: {','.join(PARTS)}")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the full amount of work, e.g. 0.1")
    return parser


def _parts(text: str) -> list[str]:
    names = text.split(",")
    unknown = set(names) - set(PARTS)
    if unknown:
        raise argparse.ArgumentTypeError(f"not a part: {', '.join(sorted(unknown))}")
    return names


if __name__ == "__main__":
    sys.exit(main())
