"""Tag rules: conditions asked of everybody at once, dry runs that come true, what a run gives and takes."""

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
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from tests.server.feedback import respond
from voiceloop.server.act.cases import cases
from voiceloop.server.collect.models import Customer, Transaction
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.understand.customers import tag_conditions, tag_rules, tag_starter, tag_tasks, tags
from voiceloop.server.understand.customers.tag_fields import FIELDS
from voiceloop.server.understand.models import CustomerRisk, CustomerTag, TagRule, TagRuleRun

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(92)]
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


GOLD = {"field": "tier", "is": "one_of", "value": ["gold"]}


def customer(unit: Unit, number: str, **more: Any) -> Customer:
    made: Customer = Customer.objects.create(unit=unit, number=number, name=number, **more)
    return made


@pytest.fixture
def ann(east: Unit, alice: User) -> Customer:
    """Unhappy, dear, buys often."""
    one = customer(
        east, "ann", tier="gold", joined_on=TODAY - timedelta(days=400), attributes={"size": "L", "n": 3}
    )
    respond(east, 9, days_ago=20, customer=one, channel="sms")
    respond(east, 3, days_ago=5, customer=one, channel="wechat")
    for days in (2, 40):
        at = now() - timedelta(days=days)
        Transaction.objects.create(unit=east, customer=one, number=f"o{days}", at=at, kind="a", amount=50)
    cases.open(by=alice, customer=one, unit=east, kind="recovery", summary="冷")
    CustomerRisk.objects.create(
        customer=one, as_of=TODAY, band="high", kind="k", rfm="555", stage="loyal", historic=100, expected=300
    )
    return one


@pytest.fixture
def ben(west: Unit) -> Customer:
    """Nothing is known of him."""
    return customer(west, "ben")


@pytest.fixture
def rule(db: None) -> TagRule:
    return TagRule.objects.create(name="金牌", key="金牌", conditions=[GOLD], state="active")


def run(rule: TagRule) -> tuple[int, int, int]:
    made = tag_rules.run(rule)
    return made.given, made.taken, made.kept


class TestConditions:
    @pytest.mark.parametrize(
        ("field", "how", "value", "more", "fits"),
        [
            ("responses", "at_least", 2, 30, {"ann"}),
            ("responses", "at_most", 1, 30, {"ben"}),
            ("responses", "equals", 1, 10, {"ann"}),
            ("last_score", "equals", 3, None, {"ann"}),
            ("score_class", "one_of", ["detractor"], None, {"ann"}),
            ("score_class", "one_of", ["promoter", "passive"], None, set()),
            ("score_class", "none_of", ["detractor"], None, {"ben"}),
            ("cases", "at_least", 1, 7, {"ann"}),
            ("cases", "at_most", 0, 7, {"ben"}),
            ("orders", "at_least", 2, 30, set()),
            ("orders", "at_least", 2, 60, {"ann"}),
            ("days_since_order", "at_most", 2, None, {"ann"}),
            ("days_since_order", "at_least", 3, None, set()),
            ("value", "at_least", 100, None, {"ann"}),
            ("expected", "at_most", 299.5, None, set()),
            ("band", "one_of", ["high", "medium"], None, {"ann"}),
            ("stage", "none_of", ["loyal"], None, {"ben"}),
            ("tier", "one_of", ["gold"], None, {"ann"}),
            ("channel", "one_of", ["wechat"], None, {"ann"}),
            ("unit", "below", ["east"], None, {"ann"}),
            ("unit", "below", ["root"], None, {"ann", "ben"}),
            ("unit", "not_below", ["east"], None, {"ben"}),
            ("joined", "before", (TODAY - timedelta(days=399)).isoformat(), None, {"ann"}),
            ("joined", "after", (TODAY - timedelta(days=399)).isoformat(), None, set()),
            ("attribute", "equals", "L", "size", {"ann"}),
            ("attribute", "equals", "3", "n", {"ann"}),
            ("attribute", "differs", "M", "size", {"ann"}),
            ("attribute", "differs", "L", "size", set()),
        ],
    )
    def test_each_is_asked_of_everybody(
        self, ann: Customer, ben: Customer, field: str, how: str, value: Any, more: Any, fits: set[str]
    ) -> None:
        condition = {"field": field, "is": how, "value": value, "more": more}
        assert list(tag_conditions.faults([condition])) == []
        assert {one.number for one in tag_conditions.matching([condition])} == fits

    def test_every_field_is_tried_above(self) -> None:
        tried = {row[0] for row in self.test_each_is_asked_of_everybody.pytestmark[0].args[1]}  # type: ignore[attr-defined]
        assert tried == set(FIELDS)

    def test_all_of_them_must_hold(self, ann: Customer, ben: Customer) -> None:
        other = {"field": "unit", "is": "below", "value": ["west"]}
        assert not tag_conditions.matching([GOLD, other]).exists()

    @pytest.mark.parametrize(
        "condition",
        [
            {"field": "nothing", "is": "equals", "value": 1},
            {"field": "last_score", "is": "one_of", "value": 1},
            {"field": "last_score", "is": "equals", "value": "many"},
            {"field": "responses", "is": "at_least", "value": 1, "more": 0},
            {"field": "tier", "is": "one_of", "value": []},
            {"field": "joined", "is": "before", "value": "2026-02-31"},
            {"field": "attribute", "is": "equals", "value": "x", "more": ""},
            "tier",
        ],
    )
    def test_what_cannot_be_used_is_said(self, condition: Any) -> None:
        assert len(list(tag_conditions.faults([condition]))) == 1

    def test_they_are_one_sentence(self, ann: Customer) -> None:
        more = {"field": "responses", "is": "at_least", "value": 2, "more": 30}
        said = tag_conditions.in_words([GOLD, more])
        assert said == "Tier is one of gold; Answers in the last days (30 days) is at least 2"


class TestRun:
    def test_it_gives_keeps_and_takes(self, ann: Customer, ben: Customer, rule: TagRule) -> None:
        assert [run(rule), run(rule)] == [(1, 0, 0), (0, 0, 1)]
        Customer.objects.filter(pk=ann.pk).update(tier="")
        Customer.objects.filter(pk=ben.pk).update(tier="gold")
        assert run(rule) == (1, 1, 0)
        assert [one.customer for one in CustomerTag.objects.live()] == [ben]
        assert Event.objects.filter(type="tag_rule.ran").count() == 2

    def test_it_stays_as_many_days_as_the_rule_says(self, ann: Customer, rule: TagRule) -> None:
        TagRule.objects.filter(pk=rule.pk).update(keep_days=30)
        run(rule)
        assert CustomerTag.objects.get().expires_on == TODAY + timedelta(days=30)
        Customer.objects.filter(pk=ann.pk).update(tier="")
        assert run(rule) == (0, 0, 1)
        CustomerTag.objects.update(expires_on=TODAY - timedelta(days=1))
        assert run(rule) == (0, 1, 0)

    def test_holding_again_gives_it_a_new_last_day(self, ann: Customer, rule: TagRule) -> None:
        TagRule.objects.filter(pk=rule.pk).update(keep_days=30)
        run(rule)
        CustomerTag.objects.update(expires_on=TODAY)
        assert run(rule) == (0, 0, 1)
        assert CustomerTag.objects.get().expires_on == TODAY + timedelta(days=30)

    def test_a_persons_tag_is_not_its_to_take(self, ann: Customer, alice: User, rule: TagRule) -> None:
        tags.tag(ann, by=alice, name="金牌")
        assert run(rule) == (0, 0, 0)
        Customer.objects.filter(pk=ann.pk).update(tier="")
        assert run(rule) == (0, 0, 0)
        assert len(tags.of(ann)) == 1

    def test_what_a_person_took_away_it_does_not_give_again(
        self, ann: Customer, alice: User, rule: TagRule
    ) -> None:
        run(rule)
        tags.untag(CustomerTag.objects.get(), by=alice)
        assert run(rule) == (0, 0, 0)

    def test_only_rules_in_force_run(self, ann: Customer, dora: User, rule: TagRule) -> None:
        tag_rules.pause(rule, by=dora)
        assert (tag_rules.run_all(), TagRuleRun.objects.count()) == (0, 0)

    def test_it_asks_as_often_for_many_as_for_few(
        self, east: Unit, rule: TagRule, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        Customer.objects.bulk_create(Customer(unit=east, number=f"m{n}", tier="gold") for n in range(300))
        with django_assert_max_num_queries(16):
            assert run(rule) == (300, 0, 0)

    def test_an_archived_rule_takes_its_tags_with_it(self, ann: Customer, dora: User, rule: TagRule) -> None:
        run(rule)
        tag_rules.archive(rule, by=dora)
        assert tags.of(ann) == []
        tag_rules.restore(rule, by=dora)
        assert (TagRule.objects.get().state, tags.of(ann)) == ("paused", [])


class TestDryRun:
    def test_it_changes_nobody_and_names_examples_that_one_may_see(
        self, ann: Customer, ben: Customer, rule: TagRule, charlie: User, dora: User
    ) -> None:
        tag_rules.dry_run(rule)
        assert {**rule.tried, "digest": "", "at": ""} == {
            "digest": "", "at": "", "n": 1, "of": 2, "given": 1, "taken": 0, "kept": 0,
            "samples": {"given": [ann.pk], "taken": []},
        }  # fmt: skip
        assert not CustomerTag.objects.exists()
        assert tag_rules.samples(rule, dora)["given"] == [ann]
        assert tag_rules.samples(rule, charlie)["given"] == []

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.booleans(),
                st.sampled_from(["none", "ours", "ours lapsed", "by hand", "by hand lapsed", "declined"]),
            ),
            max_size=12,
        ),
        st.sampled_from([0, 30]),
    )
    def test_a_run_does_what_it_said(
        self, east: Unit, alice: User, people: list[tuple[bool, str]], keep_days: int
    ) -> None:
        Customer.objects.all().delete()
        TagRule.objects.all().delete()
        rule = TagRule.objects.create(name="金牌", key="金牌", conditions=[GOLD], keep_days=keep_days)
        for n, (fits, state) in enumerate(people):
            one = customer(east, f"p{n}", tier="gold" if fits else "")
            _give(one, state, rule, alice)
        tried = dict(tag_rules.dry_run(rule).tried)
        had = {one.customer_id for one in CustomerTag.objects.live()}
        made = tag_rules.run(rule)
        assert {name: getattr(made, name) for name in ("n", "given", "taken", "kept")} == {
            name: tried[name] for name in ("n", "given", "taken", "kept")
        }
        has = {one.customer_id for one in CustomerTag.objects.live()}
        assert set(tried["samples"]["given"]) <= has
        assert has - had <= set(tried["samples"]["given"]) | set(
            Customer.objects.filter(tier="gold").values_list("pk", flat=True)
        )
        assert not has & set(tried["samples"]["taken"])

    def test_a_rule_is_put_in_force_only_as_it_was_tried(
        self, ann: Customer, dora: User, rule: TagRule
    ) -> None:
        rule = tag_rules.save(None, by=dora, name="VIP", conditions_=[GOLD])
        with pytest.raises(tags.Refused, match="dry run"):
            tag_rules.activate(rule, by=dora)
        tag_rules.activate(tag_rules.dry_run(rule), by=dora)
        changed = tag_rules.save(rule, by=dora, name="VIP", conditions_=[{**GOLD, "value": ["black"]}])
        assert changed.state == "paused"


def _give(one: Customer, state: str, rule: TagRule, alice: User) -> None:
    if state == "none":
        return
    last = TODAY - timedelta(days=1) if "lapsed" in state else None
    made = CustomerTag.objects.create(customer=one, name="金牌", key="金牌", expires_on=last)
    if "by hand" not in state:
        CustomerTag.objects.filter(pk=made.pk).update(rule=rule)
    if state == "declined":
        tags.untag(made, by=alice)


class TestJobs:
    def test_the_night_runs_the_rules_and_cleans_up(self, ann: Customer, alice: User, rule: TagRule) -> None:
        over = tags.tag(ann, by=alice, name="会员日")
        CustomerTag.objects.filter(pk=over.pk).update(expires_on=TODAY - timedelta(days=1))
        assert tag_tasks.run_tag_rules_nightly(0) == 2
        assert [(one.name, one.ended_because) for one in CustomerTag.objects.order_by("pk")] == [
            ("会员日", "expired"),
            ("金牌", ""),
        ]
        assert tag_tasks.run_tag_rules() == 0


class TestStarter:
    def test_it_makes_three_once(self, ann: Customer) -> None:
        assert [len(tag_starter.rules(active=True)) for _ in range(2)] == [3, 0]
        assert tag_rules.run_all() > 0
        assert "近期不满" in [one.name for one in tags.of(ann)]


class TestPages:
    def test_a_rule_is_made_row_by_row_without_script(
        self, ann: Customer, dora: User, signed_in: SignIn
    ) -> None:
        browser, new = signed_in(dora), reverse("tag_rule_new")
        page = browser.post(new, {"name": "金牌", "do": "add", "new": "tier"})
        assert [row["field"].code for row in page.context["rows"]] == ["tier"]
        told = {"name": "金牌", "keep_days": "30", "field-0": "tier", "is-0": "one_of", "value-0": "gold"}
        page = browser.post(new, {**told, "do": "add", "new": "responses"})
        assert [row["field"].code for row in page.context["rows"]] == ["tier", "responses"]
        two = {**told, "field-1": "responses", "is-1": "at_least", "value-1": "x", "more-1": "30"}
        refused = browser.post(new, {**two, "do": "save"})
        assert (refused.status_code, "Enter a number." in refused.content.decode()) == (422, True)
        assert len(browser.post(new, {**two, "do": "drop-1"}).context["rows"]) == 1
        page = browser.post(new, {**told, "do": "save"}, follow=True)
        rule = TagRule.objects.get()
        assert (rule.conditions, rule.keep_days, rule.tried["given"]) == ([GOLD], 30, 1)
        assert "ann" in page.content.decode()

    def test_it_is_put_in_force_paused_and_archived(
        self, ann: Customer, dora: User, signed_in: SignIn, rule: TagRule
    ) -> None:
        browser, seen = signed_in(dora), []
        browser.post(reverse("tag_rule_try", args=[rule.pk]))
        for do in ("pause", "activate", "archive", "restore"):
            browser.post(reverse("tag_rule_switch", args=[rule.pk]), {"do": do})
            rule.refresh_from_db()
            seen.append((rule.state, rule.archived_at is None))
        assert seen == [("paused", True), ("active", True), ("paused", False), ("paused", True)]

    def test_the_log_says_what_runs_did(
        self, ann: Customer, alice: User, signed_in: SignIn, rule: TagRule
    ) -> None:
        run(rule)
        page = signed_in(alice).get(reverse("tags"))
        assert [one.given for one in page.context["runs"]] == [1]
        assert [one["name"] for one in page.context["names"]] == ["金牌"]

    @pytest.mark.parametrize("name", ["tag_rule_edit", "tag_rule_try", "tag_rule_switch"])
    def test_only_an_admin_of_the_company_changes_rules(
        self, person: Any, east: Unit, bob: User, signed_in: SignIn, rule: TagRule, name: str
    ) -> None:
        eva = person("Eva", "admin", east)
        for user in (bob, eva):
            told = {"do": "archive", "name": "x"}
            assert signed_in(user).post(reverse(name, args=[rule.pk]), told).status_code == 403
