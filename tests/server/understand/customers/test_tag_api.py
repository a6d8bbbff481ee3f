"""Tags, rules and tiers by API: the same verbs, the same rights, one sentence for what cannot be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import localdate

from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Unit, User
from voiceloop.server.understand.customers import tag_rules, tag_starter, tags, tiers
from voiceloop.server.understand.models import CustomerTag, TagRule, TierHold, TierScheme

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(92)]
Call = Callable[..., Any]
TODAY = localdate()
GOLD = {"field": "tier", "is": "one_of", "value": ["gold"]}
STEP = {"code": "gold", "name": "金卡", "name_en": "Gold", "by": "amount", "at": 0, "benefits": "生日礼"}


@pytest.fixture(autouse=True)
def _names_are_read_anew() -> None:
    cache.clear()


@pytest.fixture
def call(signed_in: Callable[[User], Client]) -> Call:
    """Ask the API as somebody; the status and what it says."""

    def ask(user: User, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        more = {} if body is None else {"data": body}
        answer = getattr(signed_in(user), method)(
            f"/api{path}", content_type="application/json", headers={"accept-language": "en"}, **more
        )
        return answer.status_code, answer.json() if answer.content else None

    return ask


@pytest.fixture
def wang(east: Unit) -> Customer:
    made: Customer = Customer.objects.create(unit=east, number="C-1", name="王小明", tier="gold")
    return made


class TestTags:
    def test_they_are_given_listed_taken_and_given_back(
        self, wang: Customer, alice: User, call: Call
    ) -> None:
        way, last = f"/customers/{wang.pk}/tags", (TODAY + timedelta(days=9)).isoformat()
        status, made = call(alice, "post", way, {"name": " 老客户 ", "expires_on": last, "why": "十年"})
        assert (status, made["name"], made["expires_on"], made["why"]) == (200, "老客户", last, "十年")
        assert call(alice, "get", way) == (200, [made])
        assert call(alice, "get", "/tags") == (200, [{"name": "老客户", "n": 1}])
        status, ended = call(alice, "delete", f"/customer-tags/{made['id']}")
        assert (status, ended["ended_because"], call(alice, "get", way)[1]) == (200, "by_hand", [])
        call(alice, "post", f"/customer-tags/{made['id']}/restore")
        assert call(alice, "get", way)[1] == [made]

    def test_several_get_one_at_once(self, wang: Customer, alice: User, call: Call) -> None:
        told = {"customers": [wang.pk, 999_999], "name": "会员日"}
        assert call(alice, "post", "/customers/tags", told) == (200, {"n": 1})

    @pytest.mark.parametrize(
        ("told", "said"),
        [
            ({"name": " "}, "Enter the name of the tag."),
            ({"name": "x" * 41}, "A tag has at most 40 characters."),
            ({"name": "\0"}, "Enter the name of the tag."),
            ({"name": "x", "expires_on": "2020-01-01"}, "The last day is over already."),
        ],
    )
    def test_what_cannot_be_is_said_in_one_sentence(
        self, wang: Customer, alice: User, call: Call, told: dict[str, Any], said: str
    ) -> None:
        assert call(alice, "post", f"/customers/{wang.pk}/tags", told) == (422, {"detail": said})
        assert not CustomerTag.objects.exists()

    def test_one_that_is_there_again_cannot_be_given_back(
        self, wang: Customer, alice: User, call: Call
    ) -> None:
        made = tags.untag(tags.tag(wang, by=alice, name="x"), by=alice)
        tags.tag(wang, by=alice, name="x")
        status, told = call(alice, "post", f"/customer-tags/{made.pk}/restore")
        assert (status, told["detail"]) == (422, "The customer has this tag again already.")

    def test_charlie_finds_none_of_the_east(
        self, wang: Customer, alice: User, charlie: User, call: Call
    ) -> None:
        made = tags.tag(wang, by=alice, name="x")
        assert [
            call(charlie, "get", f"/customers/{wang.pk}/tags")[0],
            call(charlie, "post", f"/customers/{wang.pk}/tags", {"name": "y"})[0],
            call(charlie, "delete", f"/customer-tags/{made.pk}")[0],
            call(charlie, "get", "/tags")[1],
            call(charlie, "post", "/customers/tags", {"customers": [wang.pk], "name": "y"})[1],
        ] == [404, 404, 404, [], {"n": 0}]

    def test_an_analyst_reads_and_does_not_tag(self, wang: Customer, carol: User, call: Call) -> None:
        way = f"/customers/{wang.pk}/tags"
        assert [call(carol, "get", way)[0], call(carol, "post", way, {"name": "y"})[0]] == [200, 403]


class TestRules:
    def test_one_is_written_tried_put_in_force_paused_and_archived(
        self, wang: Customer, dora: User, call: Call
    ) -> None:
        status, made = call(
            dora, "post", "/tag-rules", {"name": "金牌", "conditions": [GOLD], "keep_days": 30}
        )
        assert (status, made["state"], made["is_tried"]) == (200, "draft", False)
        way = f"/tag-rules/{made['id']}"
        assert call(dora, "post", f"{way}/activate")[0] == 422
        _status, tried = call(dora, "post", f"{way}/dry-run")
        assert (tried["given"], tried["of"], tried["would_get"], tried["would_lose"]) == (1, 1, [wang.pk], [])
        assert call(dora, "post", f"{way}/activate")[1]["state"] == "active"
        assert call(dora, "post", "/tag-rules/run") == (202, {"is_new": True})
        assert call(dora, "post", "/tag-rules/run") == (202, {"is_new": False})
        tag_rules.run_all()
        assert [one["given"] for one in call(dora, "get", f"{way}/runs")[1]] == [1]
        assert call(dora, "post", f"{way}/pause")[1]["state"] == "paused"
        assert call(dora, "delete", way)[1]["archived_at"]
        assert call(dora, "get", "/tag-rules") == (200, [])
        assert call(dora, "post", f"{way}/restore")[1]["archived_at"] is None

    def test_one_is_changed(self, dora: User, call: Call) -> None:
        made = call(dora, "post", "/tag-rules", {"name": "金牌", "conditions": [GOLD]})[1]
        other = {"name": "金牌", "conditions": [{**GOLD, "value": ["black"]}], "keep_days": 3}
        status, changed = call(dora, "put", f"/tag-rules/{made['id']}", other)
        assert (status, changed["conditions"][0]["value"], changed["keep_days"]) == (200, ["black"], 3)

    @pytest.mark.parametrize(
        ("told", "said"),
        [
            ({"name": "x", "conditions": []}, "Add at least one condition."),
            ({"name": "x", "conditions": [{"field": "no", "is": "equals"}]}, "Choose what is looked at."),
            ({"name": "x", "conditions": [{**GOLD, "value": ["\0"]}]}, "Tier: Choose at least one value."),
            ({"name": "x", "conditions": [{**GOLD, "value": "gold"}]}, "Tier: Choose at least one value."),
        ],
    )
    def test_what_cannot_be_used_is_said(self, dora: User, call: Call, told: Any, said: str) -> None:
        assert call(dora, "post", "/tag-rules", told) == (422, {"detail": said})
        assert not TagRule.objects.exists()

    def test_two_rules_cannot_give_one_tag(self, dora: User, call: Call) -> None:
        told = {"name": "金牌", "conditions": [GOLD]}
        assert [call(dora, "post", "/tag-rules", told)[0] for _ in range(2)] == [200, 422]

    def test_a_program_can_ask_what_rules_look_at(self, wang: Customer, dora: User, call: Call) -> None:
        fields = {one["code"]: one for one in call(dora, "get", "/tag-fields")[1]}
        assert fields["tier"]["values"] == ["gold"]
        assert fields["cases"]["more"] == "days"

    def test_the_values_of_all_branches_are_not_for_one(
        self, wang: Customer, alice: User, call: Call
    ) -> None:
        assert call(alice, "get", "/tag-fields")[0] == 403

    def test_the_three_that_ship_come_as_drafts(self, dora: User, call: Call) -> None:
        made = call(dora, "post", "/tag-rules/start")[1]
        assert [one["state"] for one in made] == ["draft"] * len(tag_starter.RULES)

    def test_a_lead_reads_and_does_not_change_them(self, bob: User, call: Call) -> None:
        told = {"name": "x", "conditions": [GOLD]}
        assert [call(bob, "get", "/tag-rules")[0], call(bob, "post", "/tag-rules", told)[0]] == [200, 403]

    def test_an_admin_of_one_branch_does_not_change_them(self, person: Any, east: Unit, call: Call) -> None:
        eva = person("Eva", "admin", east)
        assert call(eva, "post", "/tag-rules", {"name": "x", "conditions": [GOLD]})[0] == 403


@pytest.mark.requirement(94)
class TestTiers:
    def test_they_are_written_tried_applied_and_undone(
        self, wang: Customer, east: Unit, dora: User, call: Call
    ) -> None:
        Customer.objects.create(unit=east, number="C-2")
        status, made = call(dora, "put", "/tiers", {"measure": "orders", "steps": [STEP]})
        assert (status, made["is_active"], made["steps"][0]["n"], made["steps"][0]["promises"]) == (
            200, False, 1, [],
        )  # fmt: skip
        _status, tried = call(dora, "get", "/tiers/dry-run")
        assert tried == {
            "up": 1, "down": 0, "same": 1, "held": 0,
            "moves": [{"before": "", "after": "gold", "n": 1}, {"before": "gold", "after": "gold", "n": 1}],
        }  # fmt: skip
        assert call(dora, "post", "/tiers/apply") == (202, {"is_new": True})
        tiers.apply()
        assert call(dora, "get", "/tiers/applications")[1][0]["up"] == 1
        assert call(dora, "put", "/tiers/active", {"is_active": True})[1]["is_active"]
        assert call(dora, "post", "/tiers/undo") == (200, {"n": 1})
        assert call(dora, "post", "/tiers/undo")[0] == 422
        assert not TierScheme.objects.get().is_active

    @pytest.mark.parametrize(
        ("steps", "said"),
        [
            ([], "Enter from 1 to 9 tiers."),
            ([STEP, STEP], "Two tiers have the same code. The tiers stand highest first: each one must be"
                           " easier to reach than the one above it."),
            ([{**STEP, "by": "top"}], "Tier 1: a share is above 0 and at most 100 %."),
        ],
    )  # fmt: skip
    def test_what_cannot_be_used_is_said(self, dora: User, call: Call, steps: Any, said: str) -> None:
        told = {"measure": "year", "steps": steps}
        assert call(dora, "put", "/tiers", told) == (422, {"detail": said})

    def test_a_lead_keeps_a_tier_and_lets_it_go(
        self, wang: Customer, bob: User, dora: User, call: Call
    ) -> None:
        call(dora, "put", "/tiers", {"measure": "orders", "steps": [STEP]})
        way, told = (
            f"/customers/{wang.pk}/tier/hold",
            {"tier": "gold", "until": TODAY.isoformat(), "why": "x"},
        )
        assert call(bob, "put", way, told)[0] == 200
        assert call(bob, "put", way, {**told, "tier": "none"}) == (422, {"detail": "There is no such tier."})
        assert call(bob, "delete", way) == (204, None)
        assert not TierHold.objects.exists()

    def test_charlie_and_an_agent_hold_and_change_nothing(
        self, wang: Customer, alice: User, charlie: User, call: Call
    ) -> None:
        way, told = f"/customers/{wang.pk}/tier/hold", {"tier": "", "until": TODAY.isoformat(), "why": "x"}
        scheme = {"measure": "orders", "steps": [STEP]}
        assert [
            call(charlie, "put", way, told)[0],
            call(alice, "put", way, told)[0],
            call(charlie, "put", "/tiers", scheme)[0],
            call(alice, "get", "/tiers/dry-run")[0],
            call(alice, "post", "/tiers/apply")[0],
        ] == [404, 403, 403, 403, 403]
