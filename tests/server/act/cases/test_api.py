"""Cases for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from voiceloop.server.act.models import Case, Post, RootCause
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import ApiKey, User

pytestmark = pytest.mark.django_db
Call = Callable[..., Any]


@pytest.fixture
def call() -> Call:
    """Call the API in a person's name."""

    def send(user: User, method: str, path: str, body: Any = None) -> Any:
        _, key = ApiKey.issue(user=user, name="test")
        options = {"content_type": "application/json", "headers": {"authorization": f"Bearer {key}"}}
        return getattr(Client(), method)(f"/api{path}", body, **options)

    return send


class TestCases:
    def test_it_lists_those_of_the_branch(self, call: Call, alice: User, case: Case) -> None:
        (found,) = call(alice, "get", "/cases").json()["items"]
        assert (found["id"], found["state"], found["owner"]) == (case.pk, "open", "alice")

    def test_charlie_gets_nothing(self, call: Call, charlie: User, case: Case) -> None:
        assert call(charlie, "get", "/cases").json()["items"] == []
        assert call(charlie, "get", f"/cases/{case.pk}").status_code == 404
        assert call(charlie, "post", f"/cases/{case.pk}/notes", {"text": "x"}).status_code == 404

    def test_a_case_can_be_answered_from_end_to_end(
        self, call: Call, alice: User, case: Case, slow_kitchen: RootCause
    ) -> None:
        at = f"/cases/{case.pk}"
        assert call(alice, "post", f"{at}/contacts", {"result": "reached"}).json()["state"] == "contacted"
        done = call(alice, "put", f"{at}/resolution", {"root_cause": "slow_kitchen"}).json()
        assert (done["state"], done["root_cause"]) == ("resolved", "slow_kitchen")
        first = call(alice, "get", "/callbacks?tab=later").json()["items"][0]
        said = call(alice, "put", f"/callbacks/{first['id']}/result", {"result": "not_solved"})
        assert said.json()["result"] == "not_solved"
        assert call(alice, "get", at).json()["state"] == "contacted"

    def test_what_was_said_in_a_call_stands_in_the_conversation(
        self, call: Call, alice: User, case: Case
    ) -> None:
        call(alice, "post", f"/cases/{case.pk}/contacts", {"result": "reached", "note": "已致歉"})
        assert [post.text for post in Post.objects.filter(thread__case=case)] == ["已致歉"]

    def test_an_unknown_cause_is_refused(self, call: Call, alice: User, case: Case) -> None:
        answer = call(alice, "put", f"/cases/{case.pk}/resolution", {"root_cause": "moon"})
        assert answer.status_code == 422

    def test_an_agent_may_not_assign(self, call: Call, alice: User, bob: User, case: Case) -> None:
        assert call(alice, "post", f"/cases/{case.pk}/assignments", {"to": "bob"}).status_code == 403

    def test_a_lead_assigns(self, call: Call, bob: User, case: Case) -> None:
        answer = call(bob, "post", f"/cases/{case.pk}/assignments", {"to": "bob"})
        assert answer.json()["owner"] == "bob"

    def test_a_step_takes_its_parameters(self, call: Call, alice: User, case: Case) -> None:
        body = {"params": {"kind": "voucher", "amount": 30}}
        done = call(alice, "post", f"/cases/{case.pk}/steps/remedy", body)
        assert done.status_code == 200, done.text
        steps = call(alice, "get", f"/cases/{case.pk}/steps").json()
        assert [s["step"] for s in steps if s["done_at"]] == ["remedy"]

    def test_it_is_opened_by_hand(self, call: Call, alice: User, wang: Customer) -> None:
        answer = call(alice, "post", "/cases", {"customer": wang.pk, "summary": "想换包间"})
        assert answer.json()["owner"] == "alice"

    def test_its_events_are_sentences(self, call: Call, alice: User, case: Case) -> None:
        assert all(e["sentence"] for e in call(alice, "get", f"/cases/{case.pk}/events").json())


class TestCustomers:
    def test_the_phone_is_masked_until_asked_for(self, call: Call, alice: User, wang: Customer) -> None:
        (found,) = call(alice, "get", "/customers?q=13812345678").json()["items"]
        assert found["phone"] == "138****5678"
        assert call(alice, "post", f"/customers/{wang.pk}/contact").json()["phone"] == "13812345678"

    def test_charlie_finds_nobody(self, call: Call, charlie: User, wang: Customer) -> None:
        assert call(charlie, "get", "/customers?q=13812345678").json()["items"] == []
