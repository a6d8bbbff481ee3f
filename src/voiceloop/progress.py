"""Progress on a terminal: a bar for what takes longer than two seconds, one line for what is done."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

QUIET = 2.0  # seconds before a bar appears
WIDTH = 24


class Steps:
    """Steps of a start-up, one line each."""

    def say(self, sentence: str) -> None:
        print(f"  {sentence}", file=sys.stderr, flush=True)

    @contextmanager
    def step(self, label: str, *, expected: float) -> Iterator[None]:
        """A bar that fills towards the seconds expected while the body runs."""
        started, done = time.monotonic(), threading.Event()
        drawer = threading.Thread(target=_draw, args=(label, expected, started, done), daemon=True)
        drawer.start()
        try:
            yield
        finally:
            done.set()
            drawer.join()
        self.say(f"{label}  {time.monotonic() - started:.1f} s")


class Bar:
    """A bar over a known amount of work, with the time left."""

    def __init__(self, label: str, total: int) -> None:
        self.label, self.total = label, total
        self._started = self._drawn = time.monotonic()

    def update(self, n_done: int) -> None:
        now = time.monotonic()
        if not sys.stderr.isatty() or now - self._started < QUIET or now - self._drawn < 0.1:
            return
        self._drawn = now
        share = min(n_done / self.total, 1) if self.total else 0
        left = (now - self._started) * (1 - share) / share if share else 0
        _print_bar(self.label, share, f"{n_done:,} / {self.total:,}  −{left:.0f} s")

    def close(self) -> None:
        _clear()


def _draw(label: str, expected: float, started: float, done: threading.Event) -> None:
    if not sys.stderr.isatty() or done.wait(QUIET):
        return
    while not done.wait(0.1):
        elapsed = time.monotonic() - started
        _print_bar(label, min(elapsed / expected, 0.97), f"{elapsed:.0f} s")
    _clear()


def _print_bar(label: str, share: float, note: str) -> None:
    filled = round(share * WIDTH)
    sys.stderr.write(f"\r\033[K  [{'#' * filled}{'.' * (WIDTH - filled)}] {label}  {note}")
    sys.stderr.flush()


def _clear() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K")
        sys.stderr.flush()
