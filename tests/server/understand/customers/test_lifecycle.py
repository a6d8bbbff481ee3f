"""Stages of life: judged each night by rules with versions, counted on a page, said when somebody moves."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from voiceloop.analytics import Lake
from voiceloop.analytics.value import customers
from voiceloop.analytics.value.stages import Limits
from voiceloop.server.collect.models import Answer, Customer, CustomerLife, Response, StageRun
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.store import erasure
from voiceloop.server.understand.customers import lifecycle
from voiceloop.server.understand.customers import lifecycle_reading as reading
from voiceloop.server.understand.models import CustomerRisk
from voiceloop.server.understand.risk import nightly

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(97)]
SignIn = Callable[[User], Client]
TODAY = date(2026, 10, 1)
LIMITS = Limits(60, 150)
# Days before today on which each of them bought, by the stage that this makes.
BOUGHT = {
    "new": [10],
    "loyal": [120, 90, 60, 40, 20, 5],
    "at_risk": [100, 70],
    "lapsed": [200],
    "returning": [300, 5],
    "growing": [60, 30],
}


def lake_of(folder: Path, bought: dict[int, list[int]]) -> Lake:
    found = Lake(folder)
    days = [(key, TODAY - timedelta(days=ago)) for key, several in bought.items() for ago in several]
    rows = [
        {"transaction_id": n, "customer_key": key, "day": day, "kind": "a", "amount": 10.0,
         "at": datetime(day.year, day.month, day.day, 4, tzinfo=UTC)}
        for n, (key, day) in enumerate(days, 1)
    ]  # fmt: skip
    found.append("transactions", rows)
    return found


@pytest.fixture
def crowd(east: Unit) -> dict[str, Customer]:
    return {code: Customer.objects.create(unit=east, number=code, name=code) for code in BOUGHT}


@pytest.fixture
def clock(root: Unit) -> Customer:
    """Buys on the last day, so that the data ends there whatever the others do."""
    return Customer.objects.create(unit=root, number="clock")


Night = Callable[..., StageRun]


@pytest.fixture
def night(tmp_path: Path, crowd: dict[str, Customer], clock: Customer) -> Night:
    """One night over what these customers bought, some of it told anew."""

    def judge(**anew: list[int]) -> StageRun:
        bought = {crowd[code].pk: days for code, days in (BOUGHT | anew).items()}
        lake = lake_of(tmp_path / f"lake{StageRun.objects.count()}", bought | {clock.pk: [0]})
        return lifecycle.keep(customers.bought(lake), LIMITS, TODAY)

    return judge


def stage_of(customer: Customer) -> str:
    return str(CustomerLife.objects.get(customer=customer).stage)


class TestKeep:
    def test_each_is_in_the_stage_of_their_purchases(self, night: Night, crowd: dict[str, Customer]) -> None:
        run = night()
        assert {code: stage_of(one) for code, one in crowd.items()} == {code: code for code in BOUGHT}
        assert (run.n, run.at_risk_days, run.lapsed_days) == (7, 60, 150)

    @pytest.mark.requirement(91)
    def test_it_is_recalculated_and_dated(self, night: Night, crowd: dict[str, Customer]) -> None:
        night()
        night(new=[20, 10])
        life = CustomerLife.objects.get(customer=crowd["new"])
        assert (life.stage, life.since, life.as_of) == ("growing", TODAY, TODAY)

    def test_the_course_says_where_they_were(self, night: Night, crowd: dict[str, Customer]) -> None:
        night()
        course = CustomerLife.objects.get(customer=crowd["lapsed"]).course
        at = dict(zip(lifecycle.MARKS, course, strict=True))
        assert (at[0], at[90], at[150], at[240]) == ("4", "3", "0", "-")

    def test_who_moved_is_said_once_and_nobody_on_the_first_night(
        self, night: Night, crowd: dict[str, Customer]
    ) -> None:
        night()
        assert not Event.objects.filter(type="stage.entered").exists()
        for _ in range(2):
            night(new=[200])
        said = Event.objects.get(type="stage.entered")
        assert said.data == {"customer": crowd["new"].pk, "stage": "lapsed", "before": "new"}

    def test_of_one_stage_only_so_many_a_night(
        self, night: Night, crowd: dict[str, Customer], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lifecycle, "MOST_A_NIGHT", 1)
        night()
        for n, code in enumerate(("new", "growing")):
            CustomerRisk.objects.create(
                customer=crowd[code], as_of=TODAY, kind="new", rfm="111", stage=code, expected=n
            )
        night(new=[200], growing=[200])
        assert Event.objects.get(type="stage.entered").data["customer"] == crowd["growing"].pk

    def test_a_change_of_rules_moves_nobody(
        self, night: Night, crowd: dict[str, Customer], dora: User
    ) -> None:
        night()
        lifecycle.save_rules(by=dora, at_risk_days=5, lapsed_days=8, regular_orders=3)
        night(new=[200])
        assert not Event.objects.filter(type="stage.entered").exists()

    def test_it_is_part_of_the_night_and_goes_by_the_rules(
        self, tmp_path: Path, crowd: dict[str, Customer], clock: Customer, dora: User
    ) -> None:
        lifecycle.save_rules(by=dora, at_risk_days=5, lapsed_days=8, regular_orders=2)
        lake = lake_of(tmp_path / "lake", {crowd["new"].pk: [7], clock.pk: [0]})
        nightly.refresh(lake)
        risk = CustomerRisk.objects.get(customer=crowd["new"])
        assert (risk.stage, stage_of(crowd["new"])) == ("at_risk", "at_risk")

    def test_it_goes_with_the_customer(self, night: Night, crowd: dict[str, Customer], dora: User) -> None:
        night()
        erasure.erase(crowd["new"], by=dora)
        night()
        assert not CustomerLife.objects.filter(customer=crowd["new"].pk).exists()


class TestRules:
    @pytest.mark.parametrize(
        ("risk", "lapsed", "regular"), [(10, 10, 4), (30, None, 4), (None, 90, 4), (30, 90, 1)]
    )
    def test_nonsense_is_refused(
        self, dora: User, risk: int | None, lapsed: int | None, regular: int
    ) -> None:
        with pytest.raises(lifecycle.NotPossible):
            lifecycle.save_rules(by=dora, at_risk_days=risk, lapsed_days=lapsed, regular_orders=regular)

    def test_versions_keep_who_and_when(self, signed_in: SignIn, dora: User) -> None:
        browser = signed_in(dora)
        for days in ("30", ""):
            given = {"at_risk_days": days, "lapsed_days": days and "90", "regular_orders": "3", "note": "试"}
            browser.post(reverse("lifecycle_rules"), given)
        found = lifecycle.rules_in_force()
        assert found is not None
        assert (found.is_measured, found.by) == (True, dora)
        page = browser.get(reverse("lifecycle_rules")).text
        assert "90" in page

    def test_only_the_company_changes_them(self, signed_in: SignIn, charlie: User, bob: User) -> None:
        for user in (charlie, bob):
            answer = signed_in(user).post(reverse("lifecycle_rules"), {"regular_orders": "3"})
            assert answer.status_code == 403
        body = {"regular_orders": 3}
        refused = signed_in(bob).put("/api/lifecycle/rules", body, content_type="application/json")
        assert refused.status_code == 403


class TestReport:
    def test_movements_hold_everybody_of_before(self, night: Night, alice: User) -> None:
        night()
        found = reading.report(alice, window=90)
        moved = {line["code"]: [cell["n"] for cell in line["cells"]] for line in found["matrix"]["lines"]}
        assert sum(sum(cells) for cells in moved.values()) == found["n"] == 6
        assert moved["at_risk"][4] == 1
        assert sum(moved[""]) == 2

    def test_the_score_has_n_and_interval_or_is_not_said(
        self, night: Night, crowd: dict[str, Customer], east: Unit, alice: User
    ) -> None:
        night()
        for n in range(6):
            one = Customer.objects.create(unit=east, number=f"x{n}")
            CustomerLife.objects.create(customer=one, as_of=TODAY, stage="new", course="0")
            said = Response.objects.create(
                unit=east, customer=one, idempotency_key=str(n), state="complete", at=now()
            )
            Answer.objects.create(response=said, question="nps", scale="nps_0_10", score=10 if n else 0)
        stages = {one["code"]: one["score"] for one in reading.report(alice)["stages"]}
        assert stages["loyal"] is None
        assert (stages["new"]["n"], round(stages["new"]["value"])) == (6, 67)
        assert -100 <= stages["new"]["low"] < 67 < stages["new"]["high"] <= 100

    def test_charlie_counts_nobody(self, night: Night, charlie: User) -> None:
        night()
        assert reading.report(charlie)["n"] == 0


class TestPage:
    @pytest.mark.parametrize(
        ("language", "words"), [("zh-hans", "阶段迁移"), ("en", "Movement between stages")]
    )
    def test_it_shows_stages_and_movements(
        self, signed_in: SignIn, bob: User, night: Night, language: str, words: str
    ) -> None:
        night()
        page = signed_in(bob).get(reverse("lifecycle"), headers={"accept-language": language}).text
        assert words in page
        assert f"{reverse('risks')}?stage=lapsed" in page

    def test_one_unit_is_looked_at_alone(
        self, signed_in: SignIn, dora: User, night: Night, east: Unit, west: Unit
    ) -> None:
        night()
        browser = signed_in(dora)
        page, unit = reverse("lifecycle"), {"unit": east.code}
        assert [browser.get(page, asked).context["n"] for asked in ({}, unit, {"unit": "?"})] == [7, 6, 7]
        file: Any = browser.get(reverse("lifecycle_export", args=["csv"]), unit)
        rows = list(csv.reader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig"))))
        assert sum(int(row[1]) for row in rows[1:7]) == 6
        nobody = browser.get(page, {"unit": west.code}, headers={"accept-language": "en"}).text
        assert "Nobody of this unit is in a stage" in nobody

    def test_an_empty_company_is_told_what_to_do(self, signed_in: SignIn, bob: User) -> None:
        page = signed_in(bob).get(reverse("lifecycle"), headers={"accept-language": "en"}).text
        assert "Nobody is in a stage yet" in page

    def test_the_file_says_what_the_page_says(self, signed_in: SignIn, bob: User, night: Night) -> None:
        night()
        browser = signed_in(bob)
        answer: Any = browser.get(reverse("lifecycle_export", args=["csv"]))
        rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
        assert [row[:2] for row in rows[1:7]] == [[one["name"], "1"] for one in reading.report(bob)["stages"]]
        assert browser.get(reverse("lifecycle_export", args=["xlsx"])).status_code == 200

    def test_an_agent_may_not(self, signed_in: SignIn, alice: User) -> None:
        assert signed_in(alice).get(reverse("lifecycle")).status_code == 403


class TestApi:
    def test_it_says_what_the_page_says(
        self, signed_in: SignIn, bob: User, night: Night, crowd: dict[str, Customer]
    ) -> None:
        night()
        browser = signed_in(bob)
        found = browser.get("/api/lifecycle?days=365").json()
        assert (found["n"], found["limits"]["lapsed_days"], found["stages"][0]["n"]) == (6, 150, 1)
        life = browser.get(f"/api/customers/{crowd['new'].pk}/life").json()
        assert (life["stage"], life["as_of"]) == ("new", TODAY.isoformat())

    def test_a_unit_narrows_it_and_a_foreign_one_is_refused(
        self, signed_in: SignIn, bob: User, night: Night, east: Unit, west: Unit
    ) -> None:
        night()
        browser = signed_in(bob)
        assert browser.get("/api/lifecycle", {"unit": east.code}).json()["n"] == 6
        assert browser.get("/api/lifecycle", {"unit": west.code}).status_code == 422

    def test_rules_are_saved(self, signed_in: SignIn, dora: User) -> None:
        browser = signed_in(dora)
        assert browser.get("/api/lifecycle/rules").json() is None
        body = {"at_risk_days": 30, "lapsed_days": 90, "regular_orders": 3}
        assert browser.put("/api/lifecycle/rules", body, content_type="application/json").status_code == 200
        wrong = body | {"lapsed_days": 20}
        assert browser.put("/api/lifecycle/rules", wrong, content_type="application/json").status_code == 422
        assert browser.get("/api/lifecycle/rules").json()["by"] == "dora"
