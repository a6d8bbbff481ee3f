"""External figures: read row by row, taken as a whole, compared on one scale only."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.translation import override

from tests.server.feedback import lake_in
from tests.server.measure.facts import answers
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.measure import benchmarks as verbs
from voiceloop.server.measure import benchmarks_rows as rows
from voiceloop.server.measure.benchmarks_models import Benchmark, SeriesPoint, Sheet
from voiceloop.server.measure.benchmarks_reading import compared, series
from voiceloop.server.measure.slices import Slice

SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.requirement(24)]

HEADER = ["指标", "数值", "量表", "日期", "来源", "样本量", "企业"]
GOOD = ["NPS", "35", "nps_0_10", "2025-06", "行业报告", "400", "同行甲"]


@pytest.fixture
def facts(east: Unit, west: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """East: NPS +50 of 40 answers; +100 of 10 of them are students."""
    lake = lake_in(tmp_path, monkeypatch)
    answers(lake, "east", [10] * 20 + [2] * 10)
    answers(lake, "east", [10] * 10, segment="student")


@pytest.fixture
def edith(person: Callable[..., User], east: Unit) -> User:
    return person("Edith", "manager", east)


def sheet(by: User, lines: list[list[str]], kind: str = "benchmarks", columns: list[str] = HEADER) -> Sheet:
    assert by.unit is not None
    return verbs.bring(by=by, unit=by.unit, kind=kind, name="f.csv", columns=columns, lines=lines)


def faults(line: list[str]) -> list[str]:
    with override("en"):
        return rows.read("benchmarks", HEADER, [line], rows.guess("benchmarks", HEADER))[0].faults


class TestRead:
    def test_columns_are_guessed_by_their_names(self) -> None:
        assert rows.guess("benchmarks", HEADER) == {
            "metric": "指标", "value": "数值", "scale": "量表", "as_of": "日期", "source": "来源",
            "n": "样本量", "peer": "企业",
        }  # fmt: skip

    def test_a_good_row_has_no_fault(self) -> None:
        assert faults(GOOD) == []

    @pytest.mark.parametrize(
        ("place", "text", "word"),
        [
            (0, "love", "no metric"), (1, "many", "not a number"), (1, "135", "its scale"),
            (2, "csat_1_5", "one of"), (2, "stars", "no scale"), (3, "yesterday", "not a date"),
            (3, "2025-13-01", "not a date"), (3, "2999-01-01", "future"), (4, "", "missing"),
            (5, "0", "sample size"), (5, "2.5", "sample size"), (1, "nan", "not a number"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said_of_its_row(self, place: int, text: str, word: str) -> None:
        line = [*GOOD[:place], text, *GOOD[place + 1 :]]
        assert [word in fault for fault in faults(line)] == [True]

    def test_a_score_without_a_scale_is_no_benchmark(self) -> None:
        assert "one of" in faults(["CSAT", "4.2", "", *GOOD[3:]])[0] or faults(["csat", "4.2", "", *GOOD[3:]])

    @pytest.mark.parametrize("text", ["2025-06-01", "2025/6/1", "2025年6月", "2025-06", "2025.06"])
    def test_dates_come_in_many_shapes(self, text: str) -> None:
        read = rows.read(
            "benchmarks", HEADER, [[*GOOD[:3], text, *GOOD[4:]]], rows.guess("benchmarks", HEADER)
        )
        assert read[0].values["as_of"] == date(2025, 6, 1)


class TestTake:
    def test_all_or_nothing(self, edith: User) -> None:
        made = sheet(edith, [GOOD, ["love", *GOOD[1:]]])
        with pytest.raises(verbs.Refused):
            verbs.take(made, by=edith)
        assert (Benchmark.objects.count(), Event.objects.count()) == (0, 0)

    def test_faulty_rows_are_left_out_when_a_person_says_so(self, edith: User) -> None:
        made = sheet(edith, [GOOD, ["love", *GOOD[1:]]])
        assert verbs.take(made, by=edith, without_faulty=True) == 1

    def test_twice_is_once(self, edith: User) -> None:
        made = sheet(edith, [GOOD])
        assert [verbs.take(made, by=edith) for _ in range(2)] == [1, 0]
        assert Benchmark.objects.count() == 1

    def test_it_can_be_undone_and_done_again(self, facts: None, edith: User) -> None:
        made = sheet(edith, [GOOD])
        verbs.take(made, by=edith)
        verbs.withdraw(made, by=edith)
        assert compared(edith, Slice.of(edith)) == []
        verbs.restore(made, by=edith)
        assert len(compared(edith, Slice.of(edith))) == 1


class TestCompared:
    def test_the_gap_has_both_uncertainties(self, facts: None, edith: User) -> None:
        verbs.take(sheet(edith, [GOOD]), by=edith)
        (one,) = compared(edith, Slice.of(edith))
        assert (one.own.n, one.gap.difference, one.gap.both, one.gap.verdict) == (40, 15, True, "open")

    def test_a_segment_is_compared_with_the_same_segment(self, facts: None, edith: User) -> None:
        columns, line = [*HEADER, "客群"], [*GOOD, "student"]
        verbs.take(sheet(edith, [line], columns=columns), by=edith)
        (one,) = compared(edith, Slice.of(edith))
        assert (one.own.n, one.own.value) == (10, 100)

    def test_charlie_sees_none_of_it(self, facts: None, edith: User, charlie: User) -> None:
        verbs.take(sheet(edith, [GOOD]), by=edith)
        assert compared(charlie, Slice.of(charlie)) == []


@pytest.mark.requirement(25)
class TestSeries:
    COLUMNS = ("名称", "日期", "数值", "单位", "来源")

    def test_of_one_day_the_last_counts(self, edith: User) -> None:
        lines = [["份额", "2025-01", "12", "%", "a"], ["份额", "2025-01", "13", "%", "b"]]
        verbs.take(sheet(edith, lines, "series", list(self.COLUMNS)), by=edith)
        (one,) = series(edith)
        assert (one.name, [point.value for point in one.points]) == ("份额", [13])
        assert SeriesPoint.objects.count() == 2

    def test_the_page_claims_no_cause(self, facts: None, edith: User, signed_in: SignIn) -> None:
        verbs.take(
            sheet(edith, [["份额", "2025-01", "12", "%", "a"]], "series", list(self.COLUMNS)), by=edith
        )
        page = signed_in(edith).get("/benchmarks/?view=series", headers={"accept-language": "en"})
        assert "show no cause" in page.content.decode()


def upload(browser: Client, content: bytes, name: str = "f.csv") -> str:
    file = SimpleUploadedFile(name, content)
    return str(
        browser.post("/benchmarks/new/", {"kind": "benchmarks", "file": file}).headers.get("Location", "")
    )


class TestPages:
    def test_a_file_is_brought_mapped_taken_and_compared(
        self, facts: None, edith: User, signed_in: SignIn
    ) -> None:
        browser = signed_in(edith)
        text = "\n".join(",".join(line) for line in (["什么", *HEADER[1:]], GOOD))
        path = upload(browser, text.encode())
        assert "disabled" in browser.get(path).content.decode()
        made = Sheet.objects.get()
        browser.post(f"{path}columns/", {**made.mapping, "metric": "什么"})
        browser.post(f"{path}take/")
        assert "同行甲" in browser.get("/benchmarks/").content.decode()
        assert "同行甲" in browser.get("/benchmarks/export/").getvalue().decode()

    def test_excel_is_read_too(self, edith: User, signed_in: SignIn) -> None:
        target = io.BytesIO()
        with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
            page = book.add_worksheet()
            for at, line in enumerate((HEADER, GOOD)):
                page.write_row(at, 0, line)
        upload(signed_in(edith), target.getvalue(), "f.xlsx")
        assert Sheet.objects.get().lines[0][0] == "NPS"

    @pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"a,b\n"])
    def test_what_is_no_table_is_said(self, edith: User, signed_in: SignIn, content: bytes) -> None:
        file = SimpleUploadedFile("f.csv", content)
        answer = signed_in(edith).post("/benchmarks/new/", {"kind": "benchmarks", "file": file})
        assert (answer.status_code, Sheet.objects.count()) == (422, 0)

    def test_charlie_sees_and_changes_nothing(
        self, facts: None, edith: User, charlie: User, signed_in: SignIn
    ) -> None:
        made, browser = sheet(edith, [GOOD]), signed_in(charlie)
        assert browser.get(f"/benchmarks/{made.pk}/").status_code == 404
        assert browser.post(f"/benchmarks/{made.pk}/take/").status_code == 404
        assert browser.get("/api/benchmarks").json() == []

    def test_who_reads_may_not_import(self, carol: User, signed_in: SignIn) -> None:
        assert signed_in(carol).post("/benchmarks/new/", {}).status_code == 403


class TestApi:
    def test_it_takes_what_it_was_brought(self, facts: None, edith: User, signed_in: SignIn) -> None:
        browser = signed_in(edith)
        body = {"kind": "benchmarks", "name": "api", "columns": HEADER, "lines": [GOOD, ["love", *GOOD[1:]]]}
        made = browser.post("/api/benchmark-sheets", json.dumps(body), content_type="application/json").json()
        assert [row["number"] for row in made["faulty"]] == [3]
        path = f"/api/benchmark-sheets/{made['id']}/taken"
        for left_out, status in ((False, 422), (True, 200)):
            answer = browser.put(
                path, json.dumps({"without_faulty": left_out}), content_type="application/json"
            )
            assert answer.status_code == status
        assert [one["verdict"] for one in browser.get("/api/benchmarks").json()] == ["open"]
