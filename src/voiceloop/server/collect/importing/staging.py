"""A file of any format as rows of text in Parquet, where the readers of `voiceloop.analytics` find them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from voiceloop.server.collect.importers import Line
from voiceloop.server.collect.importing.convert import Rejected

LINE = "line_"
# Rows written at once: enough for Parquet to pay, few enough to see the bar move.
CHUNK = 50_000


def distinct(names: Sequence[str]) -> list[str]:
    """The names, different in more than upper and lower case, as SQL wants them."""
    seen: set[str] = {LINE}
    found = []
    for name in names:
        wish, n = name, 2
        while wish.lower() in seen:
            wish, n = f"{name}_{n}", n + 1
        seen.add(wish.lower())
        found.append(wish)
    return found


@dataclass
class Staged:
    """The rows of a file, and the lines of it that are none."""

    path: Path
    names: list[str]
    n: int = 0
    broken: list[Rejected] = field(default_factory=list)

    def fill(self, lines: Iterable[Line]) -> Iterator[int]:
        """Write the lines as rows; yields after each stretch how many there are so far."""
        kind = pa.schema({name: pa.string() for name in self.names} | {LINE: pa.int64()})
        waiting = iter(lines)
        with pq.ParquetWriter(self.path, kind, compression="lz4", use_dictionary=False) as writer:
            while chunk := list(islice(waiting, CHUNK)):
                rows = self._sound(chunk)
                writer.write_table(self._table(rows, kind))
                self.n += len(rows)
                yield self.n

    def _sound(self, lines: list[Line]) -> list[Line]:
        sound = []
        for line in lines:
            if line.fault or not _is_text(line.cells):
                self.broken.append(Rejected(line.number, line.fault or "undecodable", "", "", line.cells))
            else:
                sound.append(line)
        return sound

    def _table(self, rows: list[Line], kind: pa.Schema) -> pa.Table:
        cells = zip(*(line.cells for line in rows), strict=True) if rows else ([] for _ in self.names)
        columns: list[Any] = [_tidied(pa.array(column, pa.string())) for column in cells]
        return pa.table([*columns, pa.array([line.number for line in rows], pa.int64())], schema=kind)

    def numbers(self) -> pa.Array[Any]:
        """The number of each row in the file, as a spreadsheet counts."""
        return pq.read_table(self.path, columns=[LINE])[LINE].combine_chunks()

    def picked(self, rows: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
        """The line and the cells of some rows, which are given in their order."""
        wanted, first = iter(rows), 0
        row = next(wanted, None)
        for batch in pq.ParquetFile(self.path).iter_batches(CHUNK):
            places = []
            while row is not None and row < first + batch.num_rows:
                places.append(row - first)
                row = next(wanted, None)
            for one in batch.take(pa.array(places, pa.int64())).to_pylist():
                yield one[LINE], [one[name] or "" for name in self.names]
            first += batch.num_rows
            if row is None:
                return


def _is_text(cells: list[str]) -> bool:
    joined = "".join(cells)
    if joined.isascii():
        return True
    try:
        joined.encode()
    except UnicodeEncodeError:
        return False
    return True


def _tidied(cells: Any) -> Any:
    """Trimmed, without the zero bytes that PostgreSQL cannot hold; blank as NULL."""
    bare = pc.utf8_trim_whitespace(pc.replace_substring(cells, "\x00", ""))
    return pc.if_else(pc.equal(bare, pa.scalar("")), pa.scalar(None, pa.string()), bare)
