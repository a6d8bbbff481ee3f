"""The numbers that people see: right, bounded by rights, down to their rows."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from tests.server.feedback import lake_in, respond
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.models import Target
from voiceloop.server.measure.slices import Slice
from voiceloop.server.store import sync

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company(east: Unit, west: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """East: 6 promoters, 2 passives, 2 detractors by SMS (+40). West: 8 detractors by app."""
    lake_in(tmp_path, monkeypatch)
    for score in [9, 10, 9, 10, 9, 9, 7, 8, 3, 0]:
        respond(east, score, channel="sms", touchpoint="hotline", segment="family", weight=2.0)
    for _ in range(8):
        respond(west, 2, channel="app", touchpoint="chat", segment="student")
    for _ in range(6):
        respond(east, 10, days_ago=120, channel="sms")
    sync.sync()


@pytest.mark.requirement(1)
class TestFigure:
    def test_it_is_promoters_less_detractors(self, company: None, carol: User) -> None:
        figure = numbers.figure("nps", Slice.of(carol))
        assert (figure.row.n, figure.row.value) == (10, 40.0)
        assert figure.row.low is not None
        assert figure.row.low < 40 < (figure.row.high or 0)

    def test_it_says_whether_the_change_is_more_than_chance(self, company: None, carol: User) -> None:
        change = numbers.figure("nps", Slice.of(carol)).change
        assert change is not None
        assert (change.difference, change.verdict) == (-60.0, "noise")

    def test_the_root_sees_both_branches(self, company: None, dora: User) -> None:
        assert numbers.figure("nps", Slice.of(dora)).row.n == 18

    def test_under_five_answers_nothing_is_shown(self, company: None, carol: User, east: Unit) -> None:
        for _ in range(4):
            respond(east, 1, channel="email")
        sync.sync()
        row = numbers.figure("nps", Slice.of(carol, {"channel": "email"})).row
        assert (row.n, row.value, row.low) == (4, None, None)


@pytest.mark.requirement(6)
class TestExplore:
    def test_it_shows_definition_filter_and_rows(self, company: None, carol: User, signed_in: SignIn) -> None:
        page = signed_in(carol).get("/explore/?metric=nps&channel=sms").content.decode()
        assert "+40.0" in page
        assert "channel = &#x27;sms&#x27;" in page
        assert page.count('<span class="sc ') == 10

    def test_charlie_sees_his_own_branch_only(self, company: None, charlie: User, signed_in: SignIn) -> None:
        page = signed_in(charlie).get("/explore/?metric=nps&unit=east").content.decode()
        assert '<span class="sc ' not in page

    @pytest.mark.parametrize("query", ["metric=love", "by=colour", "days=soon"])
    def test_a_question_without_answer_is_said_in_one_sentence(
        self, company: None, carol: User, signed_in: SignIn, query: str
    ) -> None:
        assert signed_in(carol).get(f"/explore/?{query}").status_code == 400

    def test_an_agent_may_not(self, company: None, alice: User, signed_in: SignIn) -> None:
        assert signed_in(alice).get("/explore/").status_code == 403


class TestExport:
    def test_the_file_says_what_the_page_says(self, company: None, carol: User, signed_in: SignIn) -> None:
        answer = signed_in(carol).get("/explore/export.csv?metric=nps&by=channel")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert text.splitlines()[1].split(",")[1:3] == ["10", "40.0"]

    def test_excel_opens_it(self, company: None, carol: User, signed_in: SignIn) -> None:
        answer = signed_in(carol).get("/explore/export.xlsx?metric=nps&by=channel")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert sheet is not None
        assert [cell.value for cell in sheet[4]][1:3] == [10, 40]

    def test_a_name_that_looks_like_a_formula_stays_text(
        self, company: None, carol: User, signed_in: SignIn, east: Unit
    ) -> None:
        for _ in range(5):
            respond(east, 9, channel="=1+1")
        sync.sync()
        answer = signed_in(carol).get("/explore/export.csv?metric=nps&by=channel")
        assert "'=1+1" in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


@pytest.mark.requirement(10)
class TestHome:
    def test_it_shows_the_three_metrics_with_their_uncertainty(
        self, company: None, carol: User, signed_in: SignIn
    ) -> None:
        Target.objects.create(metric="nps", unit=carol.unit, value=45, owner=carol)
        page = signed_in(carol).get("/").content.decode()
        assert "n = 10" in page
        assert "+45" in page
        assert page.count('class="chart"') >= 3

    def test_it_shows_the_weighted_score_only_where_it_differs(
        self, company: None, dora: User, signed_in: SignIn
    ) -> None:
        assert "加权" in signed_in(dora).get("/", headers={"accept-language": "zh-CN"}).content.decode()

    def test_an_empty_company_is_told_what_to_do(
        self, carol: User, signed_in: SignIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        lake_in(tmp_path, monkeypatch)
        assert "/imports/" in signed_in(carol).get("/").content.decode()

    def test_an_agent_goes_to_the_workbench(self, alice: User, signed_in: SignIn) -> None:
        assert signed_in(alice).get("/").headers["Location"] == "/workbench/"


class TestApi:
    def test_it_cannot_say_a_score_without_its_uncertainty(
        self, company: None, carol: User, signed_in: SignIn
    ) -> None:
        answer = json.loads(signed_in(carol).get("/api/metrics/nps").content)
        assert {"method", "as_of", "confidence"} <= set(answer)
        assert {"key", "n", "value", "low", "high"} <= set(answer["rows"][0])
        # Without a period it is all time, and so the older answers are in.
        assert answer["rows"][0]["n"] == 16

    @pytest.mark.parametrize(
        ("path", "status"), [("love", 404), ("nps?by=colour", 422), ("nps?every=hour", 422)]
    )
    def test_it_says_what_is_wrong(
        self, company: None, carol: User, signed_in: SignIn, path: str, status: int
    ) -> None:
        assert signed_in(carol).get(f"/api/metrics/{path}").status_code == status

    def test_an_agent_may_not(self, company: None, alice: User, signed_in: SignIn) -> None:
        assert signed_in(alice).get("/api/metrics/nps").status_code == 403
