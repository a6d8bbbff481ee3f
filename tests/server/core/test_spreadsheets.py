"""Rows as a file that spreadsheets open."""

from __future__ import annotations

import csv
import io
from typing import Any, cast

import openpyxl
import pytest
from django.http import Http404, HttpResponse, StreamingHttpResponse

from voiceloop.server.core import spreadsheets

WORDS = ["=1+1", "+86 138", "-", "@you", "\tx", "", "汤洒了", 'a "quoted", one', "two\nlines"]


def text_of(response: StreamingHttpResponse) -> str:
    return b"".join(cast(Any, response.streaming_content)).decode()


class TestLines:
    def test_what_looks_like_a_formula_stays_text(self) -> None:
        [row] = list(
            csv.reader(io.StringIO("".join(spreadsheets.lines([WORDS])).lstrip("\ufeff"), newline=""))
        )
        assert row == ["'=1+1", "'+86 138", "'-", "'@you", "'\tx", *WORDS[5:]]

    def test_numbers_stay_numbers(self) -> None:
        assert "".join(spreadsheets.lines([[-1.5, None, 0, True]])) == "\ufeff-1.5,,0,True\r\n"

    def test_a_spreadsheet_learns_that_it_is_utf8(self) -> None:
        assert next(spreadsheets.lines()) == "\ufeff"

    def test_rows_are_asked_for_one_at_a_time(self) -> None:
        asked: list[int] = []

        def rows() -> Any:
            for n in range(3):
                asked.append(n)
                yield [n]

        lines = spreadsheets.lines(rows())
        next(lines), next(lines)
        assert asked == [0]


class TestAnswer:
    def test_a_csv(self) -> None:
        response = spreadsheets.answer([["n"], [1]], "csv", "things")
        assert text_of(cast(StreamingHttpResponse, response)) == "\ufeffn\r\n1\r\n"
        assert response["Content-Disposition"] == 'attachment; filename="things.csv"'

    def test_a_book(self) -> None:
        response = cast(HttpResponse, spreadsheets.answer([["n"], ["=1+1"], [-2]], "xlsx", "things"))
        sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
        assert [(cell.value, cell.data_type) for cell in sheet["A"]] == [("n", "s"), ("=1+1", "s"), (-2, "n")]

    def test_nothing_else(self) -> None:
        with pytest.raises(Http404):
            spreadsheets.answer([], "exe", "things")

    def test_a_chinese_name_goes_beside_the_plain_one(self) -> None:
        response = spreadsheets.named(HttpResponse(), "voice.csv", "客声 1.csv")
        assert response["Content-Disposition"].endswith("filename*=UTF-8''%E5%AE%A2%E5%A3%B0%201.csv")
