"""The battery that every file format runs: the same table, read the same way."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils.translation import override
from openpyxl import Workbook

from voiceloop.server.collect.importers import Unreadable, importers, open_file

HEADER = ["score", "comment", "city"]
ROWS = [["9", 'she said "好"', "北京"], ["3", "two\nlines, and a comma", "Zürich"], ["0", "", "上海"]]


def _csv(mark: str = ",") -> str:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if any(c in cell for c in f'"\n{mark}') else cell

    return "".join(mark.join(map(quoted, row)) + "\r\n" for row in [HEADER, *ROWS])


def _xlsx() -> bytes:
    book = Workbook()
    for row in [HEADER, *[[float(row[0]), *row[1:]] for row in ROWS]]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _jsonl() -> bytes:
    objects = [{"score": int(a), "comment": b, "city": c} for a, b, c in ROWS]
    return "\n".join(json.dumps(o, ensure_ascii=False) for o in objects).encode()


FILES: dict[str, Callable[[], bytes]] = {
    "utf8.csv": lambda: _csv().encode(),
    "bom.csv": lambda: _csv().encode("utf-8-sig"),
    "gb18030.csv": lambda: _csv().replace("Zürich", "苏州城").encode("gb18030"),
    "utf16.csv": lambda: _csv().encode("utf-16"),
    "utf16le-without-mark.csv": lambda: _csv().encode("utf-16-le"),
    "semicolons.csv": lambda: _csv(";").encode(),
    "tabs.tsv": lambda: _csv("\t").encode(),
    "bars.txt": lambda: _csv("|").encode(),
    "packed.csv.gz": lambda: gzip.compress(_csv().encode()),
    "wrong-name.pdf": lambda: _csv().encode(),
    "book.xlsx": _xlsx,
    "lines.jsonl": _jsonl,
    "lines.jsonl.gz": lambda: gzip.compress(_jsonl()),
}

WRONG: dict[str, tuple[bytes, str]] = {
    "empty.csv": (b"", "empty"),
    "blank.csv": (b"\n\n  \n", "empty"),
    "report.csv": (b"%PDF-1.7 ...", "PDF"),
    "locked.xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
    "letter.xlsx": (b"PK\x03\x04 not a workbook", "Excel workbook"),
    "photo.csv": (b"\x89PNG\r\n\x1a\n\x00\x00", "picture"),
    "program.csv": (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 4, "not a table"),
    "no-header.csv": (b"1,2,3\n4,5,6\n", "names of the columns"),
    "array.json": (b"{broken\n{also broken\n", "JSON object"),
    "cut.csv.gz": (gzip.compress(_csv().encode() * 50)[:-30], "damaged"),
}


@pytest.mark.requirement(51)
class TestImporters:
    def test_it_finds_every_format_in_the_folder(self) -> None:
        assert {"delimited", "xlsx", "json_lines"} <= set(importers())

    @pytest.mark.parametrize("name", FILES)
    def test_it_reads_the_same_table_from_every_format(self, name: str, tmp_path: Path) -> None:
        path = tmp_path / name
        path.write_bytes(FILES[name]())
        with open_file(path) as reader:
            lines = list(reader.lines())
            assert reader.columns == HEADER
            assert 0 < reader.position() <= reader.size
        cells = [[cell.replace("\r\n", "\n") for cell in line.cells] for line in lines]
        expected = [["苏州城" if name.startswith("gb") and c == "Zürich" else c for c in row] for row in ROWS]
        assert cells == expected
        assert not any(line.fault for line in lines)

    @pytest.mark.parametrize("name", [n for n in FILES if "jsonl" not in n])
    def test_it_counts_rows_as_a_spreadsheet_does(self, name: str, tmp_path: Path) -> None:
        path = tmp_path / name
        path.write_bytes(FILES[name]())
        with open_file(path) as reader:
            assert [line.number for line in reader.lines()] == [2, 3, 4]

    @pytest.mark.parametrize("name", WRONG)
    def test_it_refuses_what_is_no_table_in_one_sentence(self, name: str, tmp_path: Path) -> None:
        path = tmp_path / name
        path.write_bytes(WRONG[name][0])
        with override("en"), pytest.raises(Unreadable, match=WRONG[name][1]), open_file(path) as reader:
            list(reader.lines())

    def test_it_names_columns_that_have_no_name_or_the_same(self, tmp_path: Path) -> None:
        path = tmp_path / "names.csv"
        path.write_text("score,,score\n9,a,3\n")
        with override("en"), open_file(path) as reader:
            assert reader.columns == ["score", "column 2", "score.1"]

    def test_it_reports_uneven_rows_and_goes_on(self, tmp_path: Path) -> None:
        path = tmp_path / "uneven.csv"
        path.write_text("score,comment\n9,good\n3\n4,a,b\n5,fine,\n\n6,last\n")
        with open_file(path) as reader:
            faults = [(line.number, line.fault) for line in reader.lines()]
        assert faults == [(2, ""), (3, "too_few"), (4, "too_many"), (5, ""), (7, "")]

    def test_it_goes_on_behind_a_quote_that_never_closes(self, tmp_path: Path) -> None:
        path = tmp_path / "quote.csv"
        path.write_text('score,comment\n9,good\n3,"open' + "x" * (1 << 20) + "\n4,fine\n")
        with open_file(path) as reader:
            lines = list(reader.lines())
        assert [line.fault for line in lines][:2] == ["", "open_quote"]

    def test_it_keeps_names_that_only_later_lines_have(self, tmp_path: Path) -> None:
        path = tmp_path / "later.jsonl"
        path.write_text('{"score": 9}\n' * 2000 + '{"score": 3, "shelf": "B2"}\nnonsense\n')
        with open_file(path) as reader:
            *_, later, nonsense = reader.lines()
        assert (later.more, nonsense.fault) == ({"shelf": "B2"}, "not_json")
