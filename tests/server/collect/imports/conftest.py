"""Files as people have them, and a way to bring them in."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from voiceloop.server.collect import imports
from voiceloop.server.collect.importing.preview import Sample, first_mapping
from voiceloop.server.collect.importing.run import run
from voiceloop.server.collect.importing.spoken import applied
from voiceloop.server.collect.models import Import
from voiceloop.server.core.models import User

HEADER = ["时间", "推荐意愿", "评论", "会员号", "手机号", "渠道"]
ROWS = [
    ["2025-03-01 12:00", "9", "很好吃，下次还来", "C1", "13800138001", "app"],
    ["2025-03-01 12:30", "3", "送餐太慢，请致电 13912345678", "C2", "13800138002", "app"],
    ["2025-03-02 18:00", "10", "", "C1", "13800138001", "短信"],
]

WriteFile = Callable[..., Path]
Bring = Callable[..., Import]


@pytest.fixture
def table(tmp_path: Path) -> WriteFile:
    """Write a CSV of some rows, by default those of three guests."""

    def write(
        rows: Sequence[Sequence[str]] = ROWS, header: Sequence[str] = HEADER, name: str = "guests.csv"
    ) -> Path:
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    return write


@pytest.fixture
def bring(carol: User) -> Bring:
    """Import a file to its end, in this process."""

    def bring(path: Path, *words: str, by: User = carol, recent_days: int = 0) -> Import:
        import_ = waiting(path, *words, by=by, recent_days=recent_days)
        return run(import_)

    return bring


def waiting(path: Path, *words: str, by: User, recent_days: int = 0) -> Import:
    """An import that is confirmed and not yet run."""
    assert by.unit
    import_ = imports.receive(name=path.name, path=path, unit=by.unit, by=by, new_programme="guests")
    sample = Sample.of(import_)
    mapping = applied(words, first_mapping(import_, sample), sample.whole)
    return imports.start(import_=import_, mapping=replace(mapping, recent_days=recent_days), by=by)
