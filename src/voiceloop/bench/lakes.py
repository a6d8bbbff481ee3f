"""Large lakes that are made once and kept between runs."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.lake import Lake
from voiceloop.analytics.synth.filling import fill
from voiceloop.bench.product import say
from voiceloop.speech import Trouble

MONTHS = 36
# Whole months, and the same rows on every machine and on every day.
LAST_DAY = date(2026, 10, 31)


def cache() -> Path:
    """$VOICELOOP_BENCH, or a folder of the user's own."""
    named = os.environ.get("VOICELOOP_BENCH")
    return Path(named) if named else Path.home() / ".cache/voiceloop/bench"


def of_responses(n: int) -> Lake:
    """The lake of `n` synthetic responses; made when it is not there yet."""
    path = cache() / f"responses-{n}"
    if not (path / "answers/_delta_log").is_dir():
        say(f"making a lake of {n:,} responses in {path} …")
        try:
            fill(path, n, months=MONTHS, today=LAST_DAY)
        except AnalyticsError as error:
            raise Trouble(error.zh, error.en) from error
    return Lake(path)


def bytes_of(lake: Lake, table: str = "answers") -> int:
    return sum(Path(uri.removeprefix("file://")).stat().st_size for uri in lake.uris(table))
