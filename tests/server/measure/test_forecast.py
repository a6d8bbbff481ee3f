"""What comes next, judged by what it would have said of the past."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils.timezone import localdate

from tests.server.feedback import lake_in
from tests.server.measure.facts import answers
from voiceloop.server.core.models import Unit, User

SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.django_db, pytest.mark.requirement(81)]


@pytest.fixture
def weeks(east: Unit, west: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> date:
    """Twenty whole weeks and one that is not over: in the east NPS 0, in the west −100. Its Monday."""
    lake = lake_in(tmp_path, monkeypatch)
    monday = localdate() - timedelta(days=localdate().weekday())
    for week in range(22):
        day = monday - timedelta(weeks=week)
        if day <= localdate():
            answers(lake, "east", [10, 10, 8, 2, 2], day=day)
            answers(lake, "west", [2] * 6, day=day)
    return monday


class TestPage:
    def test_it_goes_on_as_things_went_on(self, weeks: date, signed_in: SignIn, carol: User) -> None:
        page = signed_in(carol).get("/forecast/?metric=nps&every=week&ahead=3&unit=east")
        points = page.context["found"].points
        assert [point.start for point in points] == [weeks + timedelta(weeks=k) for k in range(3)]
        assert [point.value for point in points] == pytest.approx([0, 0, 0])
        assert "forecast" in page.content.decode()

    def test_the_week_that_is_not_over_teaches_nothing(
        self, weeks: date, signed_in: SignIn, carol: User
    ) -> None:
        page = signed_in(carol).get("/forecast/?metric=nps&every=week&unit=east")
        assert page.context["found"].history[-1].start == weeks - timedelta(weeks=1)

    def test_the_volume_is_forecast_as_well(self, weeks: date, signed_in: SignIn, carol: User) -> None:
        page = signed_in(carol).get("/forecast/?metric=nps&of=volume&every=week&unit=east")
        assert page.context["found"].points[0].value == pytest.approx(5)

    def test_charlie_forecasts_his_own_branch_only(
        self, weeks: date, signed_in: SignIn, charlie: User
    ) -> None:
        page = signed_in(charlie).get("/forecast/?metric=nps&every=week")
        assert {point.value for point in page.context["found"].points} == {-100.0}

    @pytest.mark.parametrize(
        ("language", "words"), [("zh-hans", "预测至少需要 8 个"), ("en", "8 are needed")]
    )
    def test_too_short_a_past_says_so(
        self, weeks: date, signed_in: SignIn, carol: User, language: str, words: str
    ) -> None:
        client = signed_in(carol)
        client.cookies["django_language"] = language
        assert words in client.get("/forecast/?metric=nps&every=quarter").content.decode()

    @pytest.mark.parametrize("query", ["ahead=0", "ahead=25", "ahead=x", "every=year", "metric=none"])
    def test_what_cannot_be_asked_is_said(
        self, weeks: date, signed_in: SignIn, carol: User, query: str
    ) -> None:
        assert signed_in(carol).get(f"/forecast/?{query}").status_code == 400


class TestFile:
    def test_it_holds_the_past_and_the_future(self, weeks: date, signed_in: SignIn, carol: User) -> None:
        answer = signed_in(carol).get("/forecast/export.csv?metric=nps&every=week&unit=east&ahead=2")
        rows = list(csv.DictReader(answer.getvalue().decode("utf-8-sig").splitlines()))
        assert [row["kind"] for row in rows[-3:]] == ["past", "forecast", "forecast"]


class TestEndpoint:
    def test_it_says_the_same(self, weeks: date, signed_in: SignIn, carol: User) -> None:
        client = signed_in(carol)
        said = client.get("/api/metrics/nps/forecast?every=week&unit=east&ahead=2").json()
        page = client.get("/forecast/?metric=nps&every=week&unit=east&ahead=2")
        assert [one["value"] for one in said["points"]] == [one.value for one in page.context["found"].points]

    def test_too_short_a_past_is_a_problem(self, weeks: date, signed_in: SignIn, carol: User) -> None:
        assert signed_in(carol).get("/api/metrics/nps/forecast?every=quarter").status_code == 422
