"""Drivers, deeds, delights and misfits on the pages and for programs, within their reader's rights."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.test import Client
from django.utils.timezone import now

from tests.server.feedback import lake_in
from voiceloop.analytics.engines import engine
from voiceloop.analytics.lake import Lake
from voiceloop.server.core.models import Unit, User
from voiceloop.server.store import sync
from voiceloop.server.understand.drivers import page

SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db
N = 400


def fill(lake: Lake, unit: str, wait: float, seed: int) -> None:
    """Every customer bought an hour before and minds the wait; promoters praise the taste."""
    rng = np.random.default_rng(seed)
    tables: dict[str, list[dict[str, object]]] = {"answers": [], "annotations": [], "transactions": []}
    for n in range(N):
        key, at = seed * 10_000 + n, now() - timedelta(days=n % 80, hours=2)
        minutes = float(rng.uniform(5, 30) + wait)
        score = float(np.clip(round(12 - minutes / 5 + rng.normal(0, 1)), 0, 10))
        place = {"day": at.date(), "at": at, "customer_key": key, "unit": unit, "touchpoint": "dine_in",
                 "segment": ("family", "office")[n % 2], "tier": "gold"}  # fmt: skip
        answer = {
            "answer_id": key,
            "response_id": key,
            "question": "nps",
            "scale": "nps_0_10",
            "score": score,
        }
        tables["answers"].append(place | answer | {"score": score})
        earlier = at - timedelta(hours=1)
        bought = {"transaction_id": key, "kind": "dine_in", "amount": 50.0, "wait_minutes": minutes}
        tables["transactions"].append(place | bought | {"promised_minutes": 25.0, "at": earlier})
        if n % 4:
            label, side = ("food_quality", 1) if score > 8 else ("waiting", -1)
            note = {"verbatim_id": key, "response_id": key, "version": "1", "polarity": side}
            for which, (kind, named) in enumerate((("sentiment", "x"), ("reason", label))):
                about = {"annotation_id": 2 * key + which, "kind": kind, "label": named}
                tables["annotations"].append(place | note | about)
    for name, rows in tables.items():
        lake.append(name, rows)


@pytest.fixture
def facts(east: Unit, west: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = lake_in(tmp_path, monkeypatch)
    fill(lake, "east", 0.0, 1)
    fill(lake, "west", 8.0, 2)


@pytest.mark.requirement(74)
class TestDrivers:
    def test_the_wait_is_found_and_less_is_better(self, facts: None, dora: User, signed_in: SignIn) -> None:
        found = signed_in(dora).get("/api/drivers").json()
        wait = next(one for one in found["drivers"] if one["driver"] == "fact:wait_minutes")
        assert (found["n"], wait["direction"], wait["verdict"]) == (2 * N, -1, "signal")
        assert wait["share"]["low"] < wait["share"]["value"] < wait["share"]["high"]

    def test_one_sees_only_ones_own_branch(self, facts: None, bob: User, signed_in: SignIn) -> None:
        assert signed_in(bob).get("/api/drivers").json()["n"] == N

    def test_the_page_shows_levers_and_how(self, facts: None, dora: User, signed_in: SignIn) -> None:
        shown = signed_in(dora).get("/drivers/").content.decode()
        for part in ("importance-option", 'id="levers"', "LMG", "/initiatives/new/?title="):
            assert part in shown

    def test_twice_the_effort_halves_the_gain(self, facts: None, dora: User, signed_in: SignIn) -> None:
        def gain(query: str) -> float:
            levers = signed_in(dora).get(f"/api/drivers{query}").json()["levers"]
            return next(
                float(one["per_effort"]["value"])
                for one in levers
                if (one["driver"], one["kind"]) == ("fact:wait_minutes", "fewer_detractors")
            )

        assert gain("?effort.fewer_detractors.fact:wait_minutes=2") == pytest.approx(gain("") / 2)

    def test_a_lever_of_great_effort_does_not_leave_the_page(
        self, facts: None, dora: User, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What was typed is what the reader looks for, even where six better offers come before it."""
        monkeypatch.setattr(page, "MOST_LEVERS", 0)
        field = "effort.fewer_detractors.fact:wait_minutes"
        shown = signed_in(dora).get(f"/drivers/?focus=west&{field}=900.5").content.decode()
        typed = re.findall(r'<input class="form-control"[^>]+name="([^"]+)" value="([^"]+)"', shown)
        assert typed == [(field, "900.5")]
        # A change of the filter, and of the unit compared, keeps it.
        assert shown.count(f'type="hidden" name="{field}" value="900.5"') == 2
        assert "恢复相同投入" in shown

    def test_a_slow_unit_is_told_why(self, facts: None, dora: User, signed_in: SignIn) -> None:
        found = signed_in(dora).get("/api/drivers/focus?focus=west").json()
        assert found["gap"]["high"] < 0
        assert found["areas"][0]["driver"] in ("fact:wait_minutes", "fact:minutes_late", "reason:waiting")

    def test_too_few_answers_draw_nothing(self, facts: None, dora: User, signed_in: SignIn) -> None:
        page = signed_in(dora).get("/drivers/?touchpoint=hotline")
        assert page.status_code == 200
        assert "importance-option" not in page.content.decode()

    @pytest.mark.parametrize("kind", ["csv", "xlsx", "json"])
    def test_it_is_exported(self, facts: None, dora: User, signed_in: SignIn, kind: str) -> None:
        answer = signed_in(dora).get(f"/drivers/export.{kind}")
        assert answer.status_code == 200
        assert kind in answer["Content-Disposition"]

    def test_an_agent_may_not(self, facts: None, alice: User, signed_in: SignIn) -> None:
        assert signed_in(alice).get("/drivers/").status_code == 403
        assert signed_in(alice).get("/api/drivers").status_code == 403

    def test_an_initiative_begins_with_its_driver(self, dora: User, signed_in: SignIn) -> None:
        page = signed_in(dora).get("/initiatives/new/?title=Shorter waits&metric=csat").content.decode()
        assert 'value="Shorter waits"' in page
        assert '<option value="csat" selected' in page


@pytest.mark.requirement(40)
class TestCost:
    @pytest.fixture
    def followed(self, facts: None) -> None:
        """Detractors write again; everybody buys again, a detractor only every second time."""
        lake, kept = sync.lake(), now() - timedelta(days=1)
        tables: dict[str, list[dict[str, object]]] = {"transactions": [], "conversations": []}
        said = engine().columns(
            'SELECT customer_key, score, unit, "at" FROM facts', lake.scan("answers", None, None)
        )
        for number, (key, score, unit, at) in enumerate(zip(*said.values(), strict=True)):
            after = min(at + timedelta(days=5), kept)
            place = {"day": after.date(), "at": after, "customer_key": key, "unit": unit}
            unhappy = score <= 6
            if unhappy:
                talk = {"conversation_id": key, "kind": "chat", "cost": 8.0 if number % 2 else None}
                tables["conversations"].append(place | talk)
            if not unhappy or number % 2:
                tables["transactions"].append(
                    place | {"transaction_id": 10**6 + key, "kind": "dine_in", "amount": 50.0}
                )
        for name, rows in tables.items():
            lake.append(name, rows)

    def test_what_follows_a_bad_answer_is_counted(
        self, followed: None, dora: User, signed_in: SignIn
    ) -> None:
        found = signed_in(dora).get("/api/drivers/cost?window=30").json()
        parts = {one["part"]: one for one in found["parts"]}
        assert parts["contacts"]["attached"]["value"] == pytest.approx(1.0)
        assert parts["handling"]["attached"]["value"] == pytest.approx(8.0)
        assert parts["lost"]["attached"]["low"] > 10
        assert parts["money"]["verdict"] == "signal"
        assert found["n_too_recent"] > 0

    def test_the_reader_says_what_a_contact_costs(
        self, followed: None, dora: User, signed_in: SignIn
    ) -> None:
        found = signed_in(dora).get("/api/drivers/cost?window=30&contact=20").json()
        parts = {one["part"]: one for one in found["parts"]}
        assert found["cost_of_a_contact"] == 20
        assert 8 < parts["handling"]["attached"]["value"] < 20

    def test_the_page_shows_it_and_what_it_rests_on(
        self, followed: None, dora: User, signed_in: SignIn
    ) -> None:
        page = signed_in(dora).get("/drivers/cost/?window=30&contact=no").content.decode()
        for part in ("cost-option", 'value="30" selected', "/drivers/cost/export.csv"):
            assert part in page

    def test_nobody_long_ago_says_so(self, facts: None, dora: User, signed_in: SignIn) -> None:
        answer = signed_in(dora).get("/api/drivers/cost?window=180")
        assert answer.status_code == 422
        assert "180" in answer.json()["detail"]
        assert signed_in(dora).get("/drivers/cost/?window=180").status_code == 200
        assert signed_in(dora).get("/drivers/cost/export.csv?window=180").status_code == 422

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_it_is_exported(self, followed: None, dora: User, signed_in: SignIn, kind: str) -> None:
        answer = signed_in(dora).get(f"/drivers/cost/export.{kind}?window=30")
        assert answer.status_code == 200
        assert kind in answer["Content-Disposition"]

    def test_an_agent_may_not(self, facts: None, alice: User, signed_in: SignIn) -> None:
        assert signed_in(alice).get("/drivers/cost/").status_code == 403
        assert signed_in(alice).get("/api/drivers/cost").status_code == 403


class TestClaims:
    @pytest.fixture
    def told(self, facts: None) -> None:
        """Detractors told three people each; answers of satisfaction follow waits that do not matter."""
        rng, rows, talks = np.random.default_rng(3), [], []
        lake, at = sync.lake(), now() - timedelta(days=3)
        for n in range(300):
            place = {
                "day": at.date(),
                "at": at,
                "unit": "east",
                "customer_key": 900_000 + n,
                "response_id": n + 10**7,
            }
            said = {"nps": (2.0, "nps_0_10"), "told_bad": (3.0, "people_0_10"),
                    "csat": (float(rng.integers(3, 6)), "csat_1_5")}  # fmt: skip
            rows += [
                place | {"answer_id": 10**8 + 3 * n + i, "question": q, "scale": scale, "score": score}
                for i, (q, (score, scale)) in enumerate(said.items())
            ]
            talk = {"conversation_id": n, "kind": "call", "wait_seconds": float(rng.uniform(20, 300))}
            talks.append(place | {"at": at - timedelta(hours=1)} | talk)
        for row in talks:
            del row["response_id"]
        lake.append("answers", rows)
        lake.append("conversations", talks)

    def test_a_claim_is_less_here_and_another_is_not_seen(
        self, told: None, dora: User, signed_in: SignIn
    ) -> None:
        found = {one["claim"]: one for one in signed_in(dora).get("/api/drivers/claims").json()}
        assert (found["told_bad"]["found"]["value"], found["told_bad"]["verdict"]) == (3.0, "smaller")
        assert found["faster_reply"]["verdict"] == "nothing"
        assert (found["faster_reply"]["n"], found["told_bad"]["n"]) == (300, 300)

    def test_what_no_record_tells_says_what_it_needs(self, told: None, dora: User, signed_in: SignIn) -> None:
        found = {one["claim"]: one for one in signed_in(dora).get("/api/drivers/claims").json()}
        assert found["training"]["found"] is None
        assert found["training"]["needs"]
        assert found["told_good"]["fault"], "no promoter was asked"

    def test_the_page_draws_it_and_it_is_exported(self, told: None, dora: User, signed_in: SignIn) -> None:
        browser = signed_in(dora)
        page = browser.get("/drivers/claims/").content.decode()
        assert "claims-option" in page
        assert "/initiatives/new/?title=" in page
        for kind in ("csv", "xlsx"):
            assert browser.get(f"/drivers/claims/export.{kind}").status_code == 200

    def test_without_answers_it_says_so(self, facts: None, dora: User, signed_in: SignIn) -> None:
        page = signed_in(dora).get("/drivers/claims/?touchpoint=hotline")
        assert page.status_code == 200
        assert "claims-option" not in page.content.decode()

    def test_an_agent_may_not(self, facts: None, alice: User, signed_in: SignIn) -> None:
        assert signed_in(alice).get("/drivers/claims/").status_code == 403
        assert signed_in(alice).get("/api/drivers/claims").status_code == 403


@pytest.mark.requirement(84)
class TestDelights:
    def test_praise_is_listed_by_segment(self, facts: None, dora: User, signed_in: SignIn) -> None:
        found = signed_in(dora).get("/api/drivers/delights").json()
        assert {(one["segment"], one["reason"]) for one in found} == {
            ("family", "food_quality"),
            ("office", "food_quality"),
        }
        assert signed_in(dora).get("/drivers/delights/").status_code == 200


@pytest.mark.requirement(86)
class TestDeeds:
    def test_nothing_is_said_before_its_time(self, facts: None, dora: User, signed_in: SignIn) -> None:
        assert signed_in(dora).get("/api/drivers/deeds").json() == []
        assert signed_in(dora).get("/drivers/deeds/").status_code == 200


@pytest.mark.requirement(85)
class TestMisfits:
    def test_no_segment_is_blamed_for_bad_service(self, facts: None, dora: User, signed_in: SignIn) -> None:
        found = signed_in(dora).get("/api/drivers/misfits").json()
        assert found["misfits"] == []
        assert found["looked_at"] > 0
        assert signed_in(dora).get("/drivers/misfits/").status_code == 200
