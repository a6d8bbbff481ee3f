"""What every format gives: columns, then lines of text cells, one after the other."""

from __future__ import annotations

import gzip
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _

HEAD = 1 << 20


class Unreadable(ValueError):
    """A file that cannot be imported, said in one sentence for the person who chose it."""


class Line(NamedTuple):
    """One row. `number` counts as a spreadsheet does: the header is row 1."""

    number: int
    cells: list[str]
    fault: str = ""
    # Values that no column announced, by name (JSON Lines only).
    more: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Importer:
    """A format: what it is called, whether the first bytes look like it, how to open it.

    The one of the lowest `rank` that recognises the bytes reads them.
    """

    name: str
    label: str | Promise
    suffixes: tuple[str, ...]
    reads: Callable[[bytes], bool]
    open: Callable[[Path, bytes], Reader]
    rank: int = 10


class Reader(ABC):
    """An open file, read once from its beginning in constant memory."""

    format: str
    columns: list[str]

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = path.stat().st_size

    @abstractmethod
    def lines(self) -> Iterator[Line]:
        """All rows below the header; blank ones are left out."""

    @abstractmethod
    def position(self) -> int:
        """How many bytes of the file have been read."""

    @abstractmethod
    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Bytes:
    """A file's bytes, unpacked when they are gzip, with the position in the packed file."""

    def __init__(self, path: Path) -> None:
        self._raw = path.open("rb")
        packed = self._raw.read(2) == b"\x1f\x8b"
        self._raw.seek(0)
        self.stream: IO[bytes] = gzip.GzipFile(fileobj=self._raw) if packed else self._raw  # type: ignore[assignment]

    def position(self) -> int:
        return self._raw.tell()

    def close(self) -> None:
        self.stream.close()
        self._raw.close()


DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile)


def damaged() -> Unreadable:
    return Unreadable(_("The file is damaged: it ends in the middle. Rows before that place were read."))


def head_of(path: Path) -> bytes:
    """The first bytes of the content, unpacked."""
    content = Bytes(path)
    try:
        return content.stream.read(HEAD)
    except DAMAGE:
        raise damaged() from None
    finally:
        content.close()


def named(header: list[str]) -> list[str]:
    """Column names, each present and different, whatever the file says."""
    seen: dict[str, int] = {}
    names = []
    for place, cell in enumerate(header, start=1):
        name = cell.strip().lstrip("\ufeff")[:200] or _("column %(number)s") % {"number": place}
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}.{seen[name] - 1}")
    return names
