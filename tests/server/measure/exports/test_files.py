"""Files say what the screen says: read back with other programs than those that wrote them."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import translation
from pptx import Presentation

from tests.server.measure.conftest import Explore
from voiceloop.analytics import measure
from voiceloop.server.core.models import User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.exports import excel, paper, plain, slides
from voiceloop.server.measure.exports.rows import as_csv

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)
CUTS = ("by=touchpoint", "by=&every=week", "by=touchpoint&by=segment", "by=touchpoint&every=week")


def whole(pdf: bytes) -> bytes:
    """A PDF with its compressed parts laid open."""
    found = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            found.append(zlib.decompressobj().decompress(stream))
    return b"\n".join(found)


def charts_of(deck: bytes) -> list[Any]:
    return [s.chart for slide in Presentation(io.BytesIO(deck)).slides for s in slide.shapes if s.has_chart]


class TestSlides:
    def test_the_chart_holds_the_numbers_that_were_measured(self, explore: Explore, carol: User) -> None:
        answer = explore(carol, "by=touchpoint")
        (chart,) = charts_of(slides.deck(answer))
        known = {row.key["touchpoint"]: row.value for row in _measured(answer.part)}
        drawn = dict(zip(chart.plots[0].categories, chart.plots[0].series[0].values, strict=True))
        assert drawn == pytest.approx(known)

    def test_its_whiskers_are_the_intervals(self, explore: Explore, carol: User) -> None:
        answer = explore(carol, "by=touchpoint")
        (chart,) = charts_of(slides.deck(answer))
        bars = chart.plots[0].series[0]._element.xpath("c:errBars/c:plus//c:v")
        reach = [row.row.high - row.row.value for row in answer.groups]  # type: ignore[operator]  # all have enough answers
        assert [float(bar.text) for bar in bars] == pytest.approx(reach)

    def test_it_says_finding_verdict_and_origin(self, explore: Explore, carol: User) -> None:
        with translation.override("en"):
            deck = Presentation(io.BytesIO(slides.deck(explore(carol, "by=touchpoint&touchpoint=hotline"))))
        text = " ".join(shape.text_frame.text for shape in deck.slides[0].shapes if shape.has_text_frame)
        assert "+80.0 (95% interval" in text
        assert "n = 40" in text
        assert "signal" in text or "noise" in text
        assert "nps@1" in text

    def test_the_second_slide_is_the_table(self, explore: Explore, carol: User) -> None:
        deck = Presentation(io.BytesIO(slides.deck(explore(carol, "by=touchpoint"))))
        (table,) = [shape.table for shape in deck.slides[1].shapes if shape.has_table]
        assert [cell.text for cell in table.rows[1].cells][1] == "40"

    @pytest.mark.parametrize("cut", CUTS)
    def test_every_cut_has_its_chart(self, explore: Explore, carol: User, cut: str) -> None:
        assert len(charts_of(slides.deck(explore(carol, cut)))) == 1

    def test_chinese_is_set_in_a_chinese_font(self, explore: Explore, carol: User) -> None:
        book = zipfile.ZipFile(io.BytesIO(slides.deck(explore(carol, "by=touchpoint"))))
        assert 'a:ea typeface="Microsoft YaHei"' in book.read("ppt/slides/slide1.xml").decode()


class TestExcel:
    @pytest.mark.parametrize("cut", CUTS)
    def test_it_has_a_chart_of_excels_own(self, explore: Explore, carol: User, cut: str) -> None:
        names = zipfile.ZipFile(io.BytesIO(excel.book(explore(carol, cut)))).namelist()
        assert "xl/charts/chart1.xml" in names

    def test_the_chart_draws_cells_that_hold_the_numbers(self, explore: Explore, carol: User) -> None:
        answer = explore(carol, "by=touchpoint")
        book = openpyxl.load_workbook(io.BytesIO(excel.book(answer)))
        cells = [row[1] for row in book.worksheets[1].iter_rows(min_row=2, values_only=True)]
        assert cells == pytest.approx([group.row.value for group in answer.groups])

    def test_it_says_where_the_numbers_come_from(self, explore: Explore, carol: User) -> None:
        book = openpyxl.load_workbook(io.BytesIO(excel.book(explore(carol, "by=touchpoint"))))
        text = str([list(row) for row in book.worksheets[-1].iter_rows(values_only=True)])
        assert "nps@1" in text


class TestPdf:
    def test_its_fonts_are_our_own_and_in_the_file(self, explore: Explore, carol: User) -> None:
        inside = whole(paper.pdf(explore(carol, "by=touchpoint")))
        fonts = re.findall(rb"/BaseFont\s*/(\S+)", inside)
        assert fonts
        assert all(b"NotoSansSC" in font for font in fonts)
        assert inside.count(b"/FontFile") >= 2

    def test_chinese_letters_arrive(self, explore: Explore, carol: User) -> None:
        with translation.override("zh-hans"):
            inside = whole(paper.pdf(explore(carol, "by=unit"))).upper()
        # What the letters of the file mean is written down for those who search in it.
        assert all(f"<{ord(letter):04X}>".encode() in inside for letter in "净推荐值华东店")

    @pytest.mark.parametrize("cut", CUTS)
    def test_every_cut_is_set(self, explore: Explore, carol: User, cut: str) -> None:
        assert paper.pdf(explore(carol, cut)).startswith(b"%PDF")

    def test_the_chart_alone_is_a_picture(self, explore: Explore, carol: User) -> None:
        assert (paper.png(explore(carol, "by=touchpoint")) or b"").startswith(b"\x89PNG")


class TestJson:
    def test_it_keeps_the_contract_of_a_result(self, explore: Explore, carol: User) -> None:
        found = json.loads(json.dumps(plain.document(explore(carol, "by=touchpoint")), default=str))
        assert {"method", "as_of", "rows", "confidence", "source"} <= set(found)
        assert found["compared_with"]["n"] == 40


class TestRows:
    def test_they_are_all_there_without_whose_they_are(self, explore: Explore, carol: User) -> None:
        lines = b"".join(as_csv(explore(carol, "days=all&touchpoint=shop").asked)).decode().splitlines()  # type: ignore[arg-type]  # bytes, as nothing here is asynchronous
        assert len(lines) == 41
        assert "customer_key" not in lines[0]

    def test_an_agent_may_not_take_them_away(self, feedback: None, alice: User, signed_in: SignIn) -> None:
        assert signed_in(alice).get("/explore/rows.csv?metric=nps").status_code == 403


def _measured(part: Any) -> Any:
    return measure(numbers.lake(), "nps", by=("touchpoint",), min_n=5, **part.arguments()).rows
