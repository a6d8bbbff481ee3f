"""How the first rows of a file are shown before anything is imported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import ngettext

from voiceloop.server.collect.importing.convert import Rejected
from voiceloop.server.collect.importing.faults import sentence


@dataclass(frozen=True)
class Cell:
    """A cell as understood: `kind` says how it is shown."""

    text: str
    kind: str = "text"


@dataclass(frozen=True)
class ShownRow:
    number: int
    cells: list[Cell]
    fault: str


class HasName(Protocol):
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Named:
    name: str


@dataclass(frozen=True)
class Preview:
    columns: Sequence[HasName]
    rows: list[ShownRow]
    warnings: list[str]
    n_good: int
    n_bad: int


def refusals(rejected: Iterable[Rejected]) -> Iterator[str]:
    """The commonest reasons why rows will be refused."""
    for fault, n in Counter((row.fault, row.column, row.value) for row in rejected).most_common(5):
        said = sentence(*fault)
        yield ngettext("%(n)s row will be refused: %(why)s", "%(n)s rows will be refused: %(why)s", n) % {
            "n": n,
            "why": said,
        }
