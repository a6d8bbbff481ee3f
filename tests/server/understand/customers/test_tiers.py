"""Tiers: who stands where, dry runs, applying, undoing and holding; what a tier brings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from voiceloop.server.act.cases import cases, clocks
from voiceloop.server.act.models import BusinessCalendar, ServicePromise
from voiceloop.server.collect.models import Customer, Transaction
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.measure.labels import label
from voiceloop.server.understand.customers import tag_starter, tag_tasks, tiers
from voiceloop.server.understand.customers.tags import Refused
from voiceloop.server.understand.models import CustomerRisk, TierApplication, TierHold, TierScheme

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(94)]
SignIn = Callable[[User], Client]
TODAY = localdate()


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Names are read anew, in English."""
    cache.clear()
    with override("en"):
        yield


@pytest.fixture
def signed_in(signed_in: SignIn) -> SignIn:
    def sign_in(user: User) -> Client:
        browser = signed_in(user)
        browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        return browser

    return sign_in


def step(code: str, by: str, at: float, benefits: str = "") -> dict[str, Any]:
    return {
        "code": code,
        "name": f"{code}卡",
        "name_en": code.title(),
        "by": by,
        "at": at,
        "benefits": benefits,
    }


STEPS = [step("gold", "amount", 1000, "生日礼"), step("silver", "amount", 100)]


@pytest.fixture
def people(east: Unit) -> dict[str, Customer]:
    """What each spent in the last year: 1500, 300, nothing lately, nothing at all."""
    made = {
        name: Customer.objects.create(unit=east, number=name, name=name)
        for name in ("ann", "ben", "cat", "dan")
    }
    for name, days, amount in (("ann", 9, 1500), ("ben", 300, 300), ("cat", 400, 9000)):
        at = now() - timedelta(days=days)
        Transaction.objects.create(
            unit=east, customer=made[name], number=name, at=at, kind="a", amount=amount
        )
    Customer.objects.filter(number="cat").update(tier="gold")
    return made


@pytest.fixture
def scheme(db: None) -> TierScheme:
    return TierScheme.objects.create(measure="year", steps=STEPS)


def now_in() -> dict[str, str]:
    return dict(Customer.objects.order_by("number").values_list("number", "tier"))


class TestPlace:
    def test_the_first_tier_that_is_reached_counts(self) -> None:
        assert tiers.place({1: 1000, 2: 999, 3: 0}, STEPS) == {1: "gold", 2: "silver", 3: ""}

    def test_a_share_is_one_of_those_above_nothing(self) -> None:
        measures = {n: float(n) for n in range(10)} | {99: 0.0}
        placed = tiers.place(measures, [step("top", "top", 30)])
        assert {pk for pk, code in placed.items() if code == "top"} == {7, 8, 9}

    @given(
        st.dictionaries(st.integers(), st.floats(0, 1e6), max_size=40),
        st.floats(0.1, 100),
        st.floats(0.1, 100),
    )
    def test_who_comes_to_more_never_stands_lower(
        self, measures: dict[int, float], one: float, other: float
    ) -> None:
        steps = [step("a", "top", min(one, other)), step("b", "top", max(one, other))]
        rank = {"a": 2, "b": 1, "": 0}
        placed = tiers.place(measures, steps)
        ordered = sorted(measures, key=lambda pk: measures[pk])
        stands = [rank[placed[pk]] for pk in ordered]
        assert stands == sorted(stands)


class TestMeasured:
    def test_it_knows_four_measures(self, people: dict[str, Customer]) -> None:
        CustomerRisk.objects.create(
            customer=people["ann"], as_of=TODAY, kind="k", rfm="555", stage="s", historic=7, expected=5
        )
        found = {one: tiers.measured(one) for one in TierScheme.Measure.values}
        ann = people["ann"].pk
        assert {one: values[ann] for one, values in found.items()} == {
            "year": 1500, "historic": 7, "expected": 5, "orders": 1,
        }  # fmt: skip
        assert {values[people["dan"].pk] for values in found.values()} == {0}


class TestApply:
    def test_it_does_what_the_dry_run_said_and_tells_it_on_the_timeline(
        self, people: dict[str, Customer], scheme: TierScheme
    ) -> None:
        plan = tiers.plan(scheme)
        assert plan.counts == {"up": 2, "down": 1, "same": 1, "held": 0}
        assert now_in()["cat"] == "gold"
        made = tiers.apply()
        assert made is not None
        assert (made.up, made.down, made.same) == (2, 1, 1)
        assert now_in() == {"ann": "gold", "ben": "silver", "cat": "", "dan": ""}
        told = Event.objects.about("customer", people["ann"].pk).get()
        assert (told.type, told.sentence) == ("customer.tier_changed", "Tier — → Gold")

    def test_twice_changes_nothing_more(self, people: dict[str, Customer], scheme: TierScheme) -> None:
        tiers.apply()
        assert tiers.apply() is None
        assert TierApplication.objects.count() == 1

    def test_the_night_leaves_imported_tiers_alone_until_it_is_switched_on(
        self, people: dict[str, Customer], dora: User, scheme: TierScheme
    ) -> None:
        assert (tiers.nightly(), now_in()["cat"]) == (0, "gold")
        tiers.switch(by=dora, is_active=True)
        assert (tag_tasks.apply_tiers_nightly(0), now_in()["cat"]) == (3, "")
        assert tag_tasks.apply_tiers() == 0

    def test_it_asks_as_often_for_many_as_for_few(
        self, east: Unit, scheme: TierScheme, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        Customer.objects.bulk_create(Customer(unit=east, number=f"m{n}", tier="old") for n in range(300))
        with django_assert_max_num_queries(16):
            assert tiers.apply() is not None

    def test_a_case_takes_the_promise_of_the_tier(
        self, people: dict[str, Customer], alice: User, scheme: TierScheme
    ) -> None:
        tiers.apply()
        hours = BusinessCalendar.objects.create(name="always")
        for tier, minutes in (("gold", 30), ("", 120)):
            ServicePromise.objects.create(
                name=f"{tier} {minutes}", clock="first_contact", minutes=minutes, calendar=hours, tier=tier
            )
        opened = {
            name: cases.open(
                by=alice,
                customer=Customer.objects.get(number=name),
                unit=alice.unit,
                kind="recovery",
                summary="冷",
            )
            for name in ("ann", "dan")
        }
        due = {name: clocks.promises_for(case)["first_contact"].minutes for name, case in opened.items()}
        assert due == {"ann": 30, "dan": 120}


class TestUndo:
    def test_it_gives_back_what_nobody_has_changed_since(
        self, people: dict[str, Customer], dora: User, scheme: TierScheme
    ) -> None:
        tiers.switch(by=dora, is_active=True)
        made = tiers.apply()
        assert made is not None
        Customer.objects.filter(number="ben").update(tier="gold")
        assert tiers.undo(made, by=dora) == 2
        assert now_in() == {"ann": "", "ben": "gold", "cat": "gold", "dan": ""}
        assert not tiers.scheme().is_active

    def test_it_goes_once_and_only_for_the_last(
        self, people: dict[str, Customer], dora: User, scheme: TierScheme
    ) -> None:
        first = tiers.apply()
        Customer.objects.filter(number="dan").update(tier="gold")
        last = tiers.apply()
        assert first is not None
        assert last is not None
        with pytest.raises(Refused):
            tiers.undo(first, by=dora)
        tiers.undo(last, by=dora)
        with pytest.raises(Refused):
            tiers.undo(last, by=dora)


class TestHold:
    def test_it_keeps_a_tier_until_its_day_is_over(
        self, people: dict[str, Customer], bob: User, scheme: TierScheme
    ) -> None:
        tiers.hold(people["dan"], by=bob, tier="gold", until=TODAY, why="老板的朋友")
        tiers.apply()
        assert now_in()["dan"] == "gold"
        told = Event.objects.get(type="customer.tier_held")
        assert (told.note, told.by) == ("老板的朋友", bob)
        TierHold.objects.update(until=TODAY - timedelta(days=1))
        tiers.apply()
        assert now_in()["dan"] == ""

    @pytest.mark.parametrize(
        "wrong", [{"tier": "none"}, {"until": TODAY - timedelta(days=1)}, {"why": " "}], ids=str
    )
    def test_it_wants_a_tier_a_day_and_a_reason(
        self, people: dict[str, Customer], bob: User, scheme: TierScheme, wrong: dict[str, Any]
    ) -> None:
        told = {"tier": "gold", "until": TODAY, "why": "x", **wrong}
        with pytest.raises(Refused):
            tiers.hold(people["dan"], by=bob, **told)

    def test_released_the_scheme_decides_again(
        self, people: dict[str, Customer], bob: User, scheme: TierScheme
    ) -> None:
        tiers.release(tiers.hold(people["dan"], by=bob, tier="gold", until=TODAY, why="x"), by=bob)
        tiers.apply()
        assert now_in()["dan"] == ""


class TestSave:
    @pytest.mark.parametrize(
        "steps",
        [
            [],
            [step("a", "amount", 1), step("a", "amount", 0)],
            [step("a b", "amount", 1)],
            [step("a", "share", 1)],
            [step("a", "top", 101)],
            [step("a", "amount", 1), step("b", "amount", 2)],
            [step("a", "top", 50), step("b", "top", 10)],
            [{**step("a", "amount", 1), "at": "many"}],
            [{**step("a", "amount", 1), "name": ""}],
        ],
        ids=str,
    )
    def test_what_cannot_be_used_is_said(self, dora: User, steps: list[dict[str, Any]]) -> None:
        with pytest.raises(Refused):
            tiers.save(by=dora, measure="year", steps=steps)
        assert not TierScheme.objects.exists()

    def test_other_bounds_wait_for_another_dry_run_and_other_words_do_not(
        self, dora: User, scheme: TierScheme
    ) -> None:
        tiers.switch(by=dora, is_active=True)
        words = [{**STEPS[0], "benefits": "泊车"}, STEPS[1]]
        assert tiers.save(by=dora, measure="year", steps=words).is_active
        assert not tiers.save(by=dora, measure="orders", steps=words).is_active

    def test_the_tier_is_called_by_its_name_everywhere(self, scheme: TierScheme) -> None:
        assert label("tier", "gold") == "Gold"

    def test_the_shipped_scheme_is_sound_and_off(self, people: dict[str, Customer]) -> None:
        assert list(tiers.faults("year", [*tag_starter.STEPS])) == []
        assert [tag_starter.scheme().is_active, tag_starter.scheme().pk] == [False, tag_starter.scheme().pk]
        assert now_in()["cat"] == "gold"


class TestPages:
    def test_the_list_says_from_when_how_many_and_what_it_brings(
        self, people: dict[str, Customer], alice: User, signed_in: SignIn, scheme: TierScheme
    ) -> None:
        hours = BusinessCalendar.objects.create(name="always")
        ServicePromise.objects.create(
            name="x", clock="first_contact", minutes=30, calendar=hours, tier="gold"
        )
        page = signed_in(alice).get(reverse("tiers"))
        gold, silver = page.context["steps"]
        assert (gold["n"], [one["within"] for one in gold["promises"]]) == (1, ["30 minutes"])
        assert silver["promises"] == []
        words = page.content.decode()
        assert [word in words for word in ("生日礼", "as everybody", reverse("promises"))] == [True] * 3

    def test_an_agent_reads_the_benefits_with_customer_and_case(
        self, people: dict[str, Customer], alice: User, signed_in: SignIn, scheme: TierScheme
    ) -> None:
        case = cases.open(
            by=alice,
            customer=Customer.objects.get(number="cat"),
            unit=alice.unit,
            kind="recovery",
            summary="冷",
        )
        browser = signed_in(alice)
        for page in (reverse("customer", args=[people["cat"].pk]), reverse("case", args=[case.pk])):
            assert "生日礼" in browser.get(page).content.decode()

    def test_an_admin_looks_applies_and_undoes(
        self, people: dict[str, Customer], dora: User, signed_in: SignIn, scheme: TierScheme
    ) -> None:
        browser = signed_in(dora)
        page = browser.get(reverse("tier_dry"))
        assert page.context["matrix"] == {
            "head": ["Gold", "Silver", ""],
            "rows": [
                {"name": "Gold", "cells": [
                    {"n": 0, "same": True}, {"n": 0, "same": False}, {"n": 1, "same": False}]},
                {"name": "", "cells": [
                    {"n": 1, "same": False}, {"n": 1, "same": False}, {"n": 1, "same": True}]},
            ],
        }  # fmt: skip
        assert browser.post(reverse("tier_apply")).status_code == 302
        tiers.apply()
        browser.post(reverse("tier_undo"))
        assert now_in()["cat"] == "gold"
        browser.post(reverse("tier_switch"), {"is_active": "1"})
        assert tiers.scheme().is_active

    def test_tiers_are_written_row_by_row(self, dora: User, signed_in: SignIn, scheme: TierScheme) -> None:
        browser, way = signed_in(dora), reverse("tier_edit")
        one = {
            "code-0": "vip",
            "name-0": "贵宾",
            "name_en-0": "",
            "by-0": "top",
            "at-0": "5%",
            "benefits-0": "x",
        }
        page = browser.post(way, {**one, "measure": "orders", "do": "add"})
        assert len(page.context["rows"]) == 2
        assert browser.post(way, {**one, "measure": "orders", "do": "drop-0"}).context["rows"] == []
        assert browser.post(way, {**one, "at-0": "?", "measure": "orders", "do": "save"}).status_code == 422
        browser.post(way, {**one, "measure": "orders", "do": "save"})
        saved = tiers.scheme()
        assert (saved.measure, saved.steps[0]["at"], saved.steps[0]["name"]) == ("orders", 5, "贵宾")

    def test_a_lead_keeps_a_tier_and_lets_it_go(
        self, people: dict[str, Customer], bob: User, signed_in: SignIn, scheme: TierScheme
    ) -> None:
        browser, told = signed_in(bob), {"tier": "gold", "until": TODAY.isoformat(), "why": "x"}
        browser.post(reverse("tier_hold", args=[people["dan"].pk]), told)
        assert TierHold.objects.get().by == bob
        browser.post(reverse("tier_release", args=[people["dan"].pk]))
        assert not TierHold.objects.exists()


class TestScope:
    def test_charlie_sees_none_of_the_easts_and_changes_nothing(
        self, people: dict[str, Customer], bob: User, charlie: User, signed_in: SignIn, scheme: TierScheme
    ) -> None:
        tiers.hold(people["dan"], by=bob, tier="gold", until=TODAY, why="zqeast")
        browser = signed_in(charlie)
        page = browser.get(reverse("tiers"))
        assert "zqeast" not in page.content.decode()
        assert [one["n"] for one in page.context["steps"]] == [0, 0]
        for name in ("tier_hold", "tier_release"):
            assert browser.post(reverse(name, args=[people["dan"].pk])).status_code == 404
        for name in ("tier_apply", "tier_undo", "tier_switch", "tier_edit"):
            assert browser.post(reverse(name)).status_code == 403
        assert browser.get(reverse("tier_dry")).status_code == 403
