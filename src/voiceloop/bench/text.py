"""How well comments are understood, and how fast: against other libraries and on published sets."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from voiceloop.analytics.text import sentiment
from voiceloop.bench import text_data, text_fits, text_reasons, text_rivals
from voiceloop.bench.figures import beside
from voiceloop.bench.product import say
from voiceloop.speech import Trouble

LOADS = 5
# Most of the import is numpy's own: it is told apart from what the model takes.
_LOAD = """
import time
began = time.perf_counter()
from voiceloop.analytics.text import sentiment
from voiceloop.analytics.text.batch import lay_out
imported = time.perf_counter()
sentiment.score(lay_out(["好"]))
print(imported - began, time.perf_counter() - imported)
"""


def measure(data: Path, scale: float) -> dict[str, Any]:
    """Measure the shipped model, fits of labelled sets, and the others, on a share ``scale`` of the rows."""
    if not text_data.is_there(data):
        raise Trouble(
            f"{data} 中没有公开数据：请用 --data 指定文件夹（其中应有 zh_hotel 等）。",
            f"There is no public data in {data}: name its folder with --data; it holds zh_hotel and others.",
        )
    sets = text_data.Sets(data, scale)
    began = time.perf_counter()
    found: dict[str, Any] = {"shipped": _shipped()}
    say("text: speed, against the others …")
    found["speed"] = text_rivals.speed(sets)
    say("text: the shipped model on sets it never saw, beside the others …")
    found["never_fitted"] = text_rivals.accuracy(sets)
    found["fitted"] = {}
    for name in text_fits.SETS:
        say(f"text: fit {name} …")
        found["fitted"][name] = text_fits.fitted(sets, name)
    say("text: domains never seen …")
    found["never_seen_domain"] = text_fits.never_seen(sets)
    say("text: learning from the company's own scores …")
    found["learning_curve"] = {name: text_fits.curve(sets, name) for name in text_fits.CURVES}
    if scale >= 1:
        say("text: reasons …")
        found["reasons"] = text_reasons.reasons(data)
    found["seconds"] = round(time.perf_counter() - began, 1)
    return found


def _shipped() -> dict[str, Any]:
    """Bytes of weights and lexicon, and what the first comment waits for in a fresh process."""
    folder = Path(sentiment.__file__).parent
    size = sum(path.stat().st_size for path in [*folder.glob("models/*"), *folder.glob("lexicon/*")])
    imports, loads = zip(*(_load() for _ in range(LOADS)), strict=True)
    return {
        "version": sentiment.base_model().version,
        "megabytes": beside(round(size / 1e6, 3), below=10),
        "load_seconds": beside(round(min(loads), 3), below=0.2),
        "import_seconds": round(min(imports), 3),
    }


def _load() -> tuple[float, float]:
    """Seconds that a fresh process takes to import, and then until its first comment is scored."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    said = subprocess.run(
        [sys.executable, "-c", _LOAD], capture_output=True, text=True, check=True, env=environment
    )
    imported, loaded = said.stdout.split()
    return float(imported), float(loaded)
