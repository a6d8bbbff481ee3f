"""Excel workbooks: the first sheet that holds rows, read without loading the others."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from voiceloop.server.collect.importers._reader import Importer, Line, Reader, Unreadable, named


def text_of(value: Any) -> str:
    """A cell as the text that the same table would hold as CSV."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


class WorkbookReader(Reader):
    format = "xlsx"

    def __init__(self, path: Path, head: bytes) -> None:
        super().__init__(path)
        self._book = self._load(path)
        self._row, self._rows = 0, 1
        try:
            self.columns = self._find_header()
        except Unreadable:
            self.close()
            raise

    def _find_header(self) -> list[str]:
        for sheet in self._book.worksheets:
            self._lines = sheet.iter_rows(values_only=True)
            header = next((row for row in self._counted() if any(c is not None for c in row)), None)
            if header:
                self._rows = sheet.max_row or 1
                return self._named(header)
            self._row = 0
        raise Unreadable(_("The workbook holds no rows."))

    def _load(self, path: Path) -> Any:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions it does not need
                return load_workbook(path, read_only=True, data_only=True)
        except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
            raise Unreadable(_("This is not a readable Excel workbook. Save it again as XLSX.")) from None

    def _counted(self) -> Iterator[tuple[Any, ...]]:
        for row in self._lines:
            self._row += 1
            yield row

    def _named(self, header: tuple[Any, ...]) -> list[str]:
        cells = [text_of(cell) for cell in header]
        while cells and not cells[-1].strip():
            cells.pop()
        words = [c for c in header if isinstance(c, str) and c.strip()]
        if len(words) * 2 < len(cells):
            raise Unreadable(
                _("The first row holds values, not names. Add a row with the names of the columns.")
            )
        return named(cells)

    def lines(self) -> Iterator[Line]:
        width = len(self.columns)
        for row in self._counted():
            cells = [text_of(value) for value in row]
            if not any(cells):
                continue
            if any(cells[width:]):
                yield Line(self._row, cells, "too_many")
            else:
                yield Line(self._row, cells[:width] + [""] * (width - len(cells)))

    def position(self) -> int:
        return min(self.size, self.size * self._row // max(self._rows, 1))

    def close(self) -> None:
        self._book.close()


IMPORTER = Importer(
    name="xlsx",
    label=gettext_lazy("Excel workbook"),
    suffixes=(".xlsx", ".xlsm"),
    reads=lambda head: head.startswith(b"PK\x03\x04"),
    open=WorkbookReader,
)
