"""Reasons by touchpoint: shares of comments, what stands out, and the comments behind a cell."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from django.test import Client

from voiceloop.analytics.voices import Side
from voiceloop.server.core.models import User
from voiceloop.server.understand import voice_heat
from voiceloop.server.understand.voice_asked import Asked
from voiceloop.server.understand.voice_heat import Cell, Heat

SignIn = Callable[[User], Client]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.requirement(47, 67)]


def heat(user: User, side: Side = "negative", across: str = "touchpoint", against: str = "rest") -> Heat:
    return voice_heat.heat(voice_heat.plain(Asked.of(user, QueryDict(""))), side, across, against)


def cell(found: Heat, reason: str, code: str) -> Cell:
    at = [column for column, _name, _n in found.columns].index(code)
    return next(line for line in found.lines if line.code == reason).cells[at]


class TestHeat:
    def test_a_cell_is_the_share_of_the_comments_of_its_column(self, spoken: None, carol: User) -> None:
        waiting = cell(heat(carol), "waiting", "hotline")
        assert waiting.row is not None
        assert (waiting.row.n, waiting.row.value, waiting.n_named) == (40, 100.0, 40)
        nobody = cell(heat(carol), "waiting", "shop")
        assert nobody.row is not None
        assert (nobody.row.n, nobody.row.value) == (50, 0.0)

    def test_what_differs_by_more_than_chance_is_marked(self, spoken: None, carol: User) -> None:
        found = heat(carol)
        assert cell(found, "waiting", "hotline").is_signal
        assert cell(found, "waiting", "hotline").rose
        assert not cell(found, "waiting", "shop").rose

    def test_the_same_against_the_period_before_is_of_those_cells_that_were_there(
        self, spoken: None, carol: User
    ) -> None:
        found = heat(carol, against="before")
        assert cell(found, "waiting", "hotline").look is None

    def test_praise_has_a_table_of_its_own(self, spoken: None, carol: User) -> None:
        found = cell(heat(carol, side="positive"), "attitude", "shop")
        assert found.row is not None
        assert found.row.value == 80.0

    def test_net_takes_complaints_from_praise(self, spoken: None, carol: User) -> None:
        found = cell(heat(carol, side="net"), "waiting", "hotline")
        assert found.row is not None
        assert found.row.value == -100.0

    def test_a_click_leads_to_the_comments_that_were_counted(
        self, spoken: None, carol: User, signed_in: SignIn
    ) -> None:
        href = cell(heat(carol), "waiting", "hotline").href
        said = parse_qs(urlsplit(href).query)
        assert (said["reason"], said["side"], said["touchpoint"]) == (["waiting"], ["negative"], ["hotline"])
        n = signed_in(carol).get(f"/api/voice?{urlsplit(href).query}").json()["n"]
        assert n == 40

    def test_months_go_from_left_to_right(self, spoken: None, carol: User) -> None:
        codes = [code for code, _name, _n in heat(carol, across="month").columns]
        assert codes == sorted(codes)

    def test_a_branch_sees_its_own(self, spoken: None, charlie: User) -> None:
        assert heat(charlie).lines == []


class TestPage:
    @pytest.mark.parametrize("by", ["touchpoint", "channel", "month"])
    def test_it_opens(self, spoken: None, carol: User, signed_in: SignIn, by: str) -> None:
        assert signed_in(carol).get(f"/voice/heat/?by={by}&show=net").status_code == 200

    def test_it_is_of_numbers(self, spoken: None, alice: User, signed_in: SignIn) -> None:
        assert signed_in(alice).get("/voice/heat/").status_code == 403

    def test_the_api_gives_the_same(self, spoken: None, carol: User, signed_in: SignIn) -> None:
        answer = signed_in(carol).get("/api/voice/heat?by=touchpoint").json()
        assert [column["code"] for column in answer["columns"]] == ["shop", "hotline"]
        assert answer["rows"][0]["cells"][1]["difference"]["verdict"] == "signal"
