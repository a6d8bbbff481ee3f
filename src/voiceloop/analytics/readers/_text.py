"""The bytes of a file as text: which encoding, which delimiter, which names in its header."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from voiceloop.analytics.errors import AnalyticsError

_CHUNK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# A field may be long, a comment of a novel's length included; what is longer is no table.
csv.field_size_limit(1 << 27)


def is_parquet(path: Path) -> bool:
    """Say whether the file begins as Parquet does."""
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


def is_gzip(path: Path) -> bool:
    """Say whether the file begins as gzip does."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def encoding_of(path: Path) -> str:
    """Return 'utf-8', 'utf-8-sig', 'utf-16' or 'gb18030', after reading the whole file.

    Raises
    ------
    AnalyticsError
        When the file is no text in any of them.
    """
    with readable(path), opened(path) as file:
        head = file.read(_CHUNK)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if b"\x00" not in head:
        for name in ("utf-8", "gb18030"):
            if _decodes(path, name):
                return name
    raise AnalyticsError(
        f"The file {path} is neither UTF-8 nor GB18030 text, and no Parquet file either.",
        f"文件 {path} 既不是 UTF-8 或 GB18030 文本，也不是 Parquet 文件。",
    )


def opened(path: Path) -> BinaryIO:
    """Return the file's bytes, unpacked."""
    return cast(BinaryIO, gzip.open(path, "rb")) if is_gzip(path) else path.open("rb")


def text_of(path: Path, encoding: str) -> io.TextIOWrapper:
    """Return the file as text, its line ends as they are."""
    return io.TextIOWrapper(opened(path), encoding=encoding, newline="")


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn what a broken or forbidden file raises into one sentence."""
    try:
        yield
    except (OSError, EOFError, zlib.error, csv.Error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise AnalyticsError(
            f"The file {path} cannot be read: {why}.", f"无法读取文件 {path}：{why}。"
        ) from error


def header_of(path: Path, encoding: str) -> tuple[tuple[str, ...], str]:
    """Return the names of the columns, and the delimiter; a blank or repeated name gets a number.

    Raises
    ------
    AnalyticsError
        When there is no header.
    """
    with readable(path), text_of(path, encoding) as text:
        delimiter = _delimiter(text.readline())
        text.seek(0)
        names = [name.strip() for name in next(csv.reader(text, delimiter=delimiter), [])]
    if not any(names):
        raise AnalyticsError(f"The file {path} has no header.", f"文件 {path} 没有表头。")
    return _distinct(names), delimiter


def line_of(path: Path, encoding: str, delimiter: str, is_wanted: Callable[[int, bool], bool]) -> int | None:
    """Return the line on which the first wanted record begins.

    ``is_wanted`` is asked with the number of each record, the header's being 1, and whether it is blank.
    """
    with readable(path), text_of(path, encoding) as text:
        rows = csv.reader(text, delimiter=delimiter)
        # In a table of one column a blank line is a row.
        is_one, begins = len(next(rows, [])) == 1, rows.line_num + 1
        for record, row in enumerate(rows, 2):
            if is_wanted(record, not row and not is_one):
                return begins
            begins = rows.line_num + 1
    return None


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with readable(path):
        try:
            with opened(path) as file:
                for chunk in iter(lambda: file.read(_CHUNK), b""):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _delimiter(line: str) -> str:
    return max(",;\t|", key=line.count)


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Number what DuckDB refuses: a name given twice (in any case), and a blank one."""
    seen: set[str] = set()
    found = []
    for i, name in enumerate(names, 1):
        new = name if name and name.lower() not in seen else f"{name or 'column'}_{i}"
        seen.add(new.lower())
        found.append(new)
    return tuple(found)
