"""CSV and its relatives: comma, semicolon, tab or bar; UTF-8, GB18030 or UTF-16; plain or gzip."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from voiceloop.server.collect.importers._reader import (
    DAMAGE,
    Bytes,
    Importer,
    Line,
    Reader,
    Unreadable,
    damaged,
    named,
)

DELIMITERS = ",;\t|"
# A comment of a megabyte is a quote that was never closed.
LONGEST = 1 << 20

_VALUE = re.compile(r"[-+]?\d+([.,]\d+)?%?|\d{4}[-/]\d{1,2}[-/]\d{1,2}.*")
# The two bytes of a common Chinese character (first level of GB 2312).
_ASCII = re.compile(r"[\x00-\x7f]+")
_COMMON = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")


def encoding_of(head: bytes) -> str:
    """The encoding that explains the bytes best."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return name
    if head[:2000].count(0) > len(head[:2000]) // 8:
        return "utf-16-le" if head[1:2000:2].count(0) >= head[0:2000:2].count(0) else "utf-16-be"
    text = head.decode("utf-8", "replace")[:-4]
    wrong = text.count("\ufffd")
    right = len(_ASCII.sub("", text)) - wrong
    # One broken byte in a file of UTF-8 is that row's fault, not another encoding.
    if wrong == 0 or right > 4 * wrong:
        return "utf-8"
    high = len(head.translate(None, bytes(range(128))))
    return "gb18030" if 2 * len(_COMMON.findall(head)) > high / 2 else "cp1252"


def delimiter_of(text: str) -> str:
    """The delimiter that cuts most rows into the same number of cells."""
    return max(DELIMITERS, key=lambda mark: _evenness(text, mark))


def _evenness(text: str, mark: str) -> tuple[float, int]:
    try:
        widths = [len(row) for row in islice(csv.reader(io.StringIO(text), delimiter=mark), 60) if row][:-1]
    except csv.Error:
        return 0.0, 0
    if not widths:
        widths = [len(row) for row in csv.reader(io.StringIO(text), delimiter=mark) if row] or [0]
    width, times = Counter(widths).most_common(1)[0]
    return (times / len(widths), width) if width > 1 else (0.0, 0)


class DelimitedReader(Reader):
    format = "delimited"

    def __init__(self, path: Path, head: bytes) -> None:
        super().__init__(path)
        self.encoding = encoding_of(head)
        self.delimiter = delimiter_of(head[: 1 << 18].decode(self.encoding, "replace"))
        self._bytes = Bytes(path)
        # Bytes that are no text become lone surrogates, which cannot be encoded again: the row is refused.
        text = io.TextIOWrapper(self._bytes.stream, self.encoding, errors="surrogateescape", newline="")
        # The limit is the whole process's and may have been moved since.
        csv.field_size_limit(LONGEST)
        self._rows = csv.reader(text, delimiter=self.delimiter)
        try:
            self.columns = named(self._header())
        except Unreadable:
            self.close()
            raise

    def _header(self) -> list[str]:
        try:
            header = next((row for row in self._rows if any(row)), [])
        except (*DAMAGE, csv.Error):
            raise damaged() from None
        filled = [cell.strip() for cell in header if cell.strip()]
        if not filled or sum(bool(_VALUE.fullmatch(cell)) for cell in filled) * 2 > len(filled):
            raise Unreadable(
                _("The first row holds values, not names. Add a row with the names of the columns.")
            )
        if any("\ufffd" in cell or "\x00" in cell or len(cell) > 500 for cell in header):
            raise Unreadable(_("This is not a table that can be read. Use CSV, XLSX or JSON Lines."))
        return header

    def lines(self) -> Iterator[Line]:
        number, width = 1, len(self.columns)
        while True:
            number += 1
            try:
                cells = next(self._rows)
            except StopIteration:
                return
            except csv.Error:
                yield Line(number, [], "open_quote")
                continue
            except DAMAGE:
                raise damaged() from None
            if len(cells) == width:
                yield Line(number, cells)
            elif cells and (len(cells) > 1 or cells[0].strip()):
                yield _uneven(number, cells, width)

    def position(self) -> int:
        return self._bytes.position()

    def close(self) -> None:
        self._bytes.close()


def _uneven(number: int, cells: list[str], width: int) -> Line:
    extra = cells[width:]
    if not extra:
        return Line(number, cells, "too_few")
    return Line(number, cells, "too_many") if any(extra) else Line(number, cells[:width])


def _reads(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    start = head[:4000]
    evens, odds = start[0::2].count(0), start[1::2].count(0)
    # Zeros in every second byte are UTF-16; zeros anywhere else are no text at all.
    return evens + odds == 0 or min(evens, odds) * 20 < max(evens, odds)


IMPORTER = Importer(
    name="delimited",
    label=gettext_lazy("CSV or another delimited text"),
    suffixes=(".csv", ".csv.gz", ".tsv", ".txt"),
    reads=_reads,
    open=DelimitedReader,
    rank=90,
)
