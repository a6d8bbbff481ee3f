"""The pages and the API: who may what, and that each says what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from tests.server.act.anticipation.conftest import HOUR, MakeRule, Order
from voiceloop.server.act.anticipation import trials
from voiceloop.server.act.models import AnticipationRule, AnticipationTrial, Case, OutreachProposal
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import ApiKey, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(83)]
SignIn = Callable[[User], Client]
People = Callable[..., list[Customer]]


@pytest.fixture
def signed_in(signed_in: SignIn) -> SignIn:
    """Readers of English."""

    def sign_in(user: User) -> Client:
        client = signed_in(user)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        return client

    return sign_in


def page(client: Client, name: str, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


class TestList:
    def test_it_shows_why_and_nothing_of_another_branch(
        self, signed_in: SignIn, proposal: OutreachProposal, alice: User, charlie: User
    ) -> None:
        assert "45 more than the 30 promised" in page(signed_in(alice), "anticipation")
        elsewhere = page(signed_in(charlie), "anticipation")
        assert "promised." not in elsewhere
        assert "王小明" not in elsewhere

    def test_it_is_filtered(
        self, signed_in: SignIn, proposal: OutreachProposal, make_rule: MakeRule, alice: User
    ) -> None:
        other = make_rule("unheard")
        assert "王小明" in page(signed_in(alice), "anticipation", rule=proposal.rule_id)
        assert "No proposal matches" in page(signed_in(alice), "anticipation", rule=other.pk)
        assert "No proposal matches" in page(signed_in(alice), "anticipation", state="accepted")

    def test_an_empty_one_says_what_to_do(
        self, signed_in: SignIn, alice: User, dora: User, make_rule: MakeRule
    ) -> None:
        assert "Try one on your own history" in page(signed_in(dora), "anticipation")
        assert "An admin of the company tries the rules" in page(signed_in(alice), "anticipation")
        make_rule("late_order")
        assert "Nobody to speak with now" in page(signed_in(alice), "anticipation")

    def test_many_are_accepted_at_once(
        self, signed_in: SignIn, proposal: OutreachProposal, people: People, order: Order, alice: User
    ) -> None:
        other = people(1)[0]
        moments = {"happened_at": now() - HOUR, "expires_at": now() + HOUR}
        second = OutreachProposal.objects.create(
            rule=proposal.rule, customer=other, unit=other.unit, happening="order:8", **moments
        )
        client = signed_in(alice)
        answer = client.post(reverse("anticipation_accept"), {"proposal": [proposal.pk, second.pk]})
        assert answer.url == reverse("anticipation")
        assert Case.objects.filter(channel="anticipation").count() == 2
        assert "王小明" in page(client, "anticipation", state="accepted")

    def test_one_leads_to_its_case(self, signed_in: SignIn, proposal: OutreachProposal, alice: User) -> None:
        answer = signed_in(alice).post(reverse("anticipation_accept"), {"proposal": proposal.pk})
        assert answer.url == reverse("case", args=[Case.objects.get().pk])

    def test_none_chosen_is_said(self, signed_in: SignIn, proposal: OutreachProposal, alice: User) -> None:
        client = signed_in(alice)
        client.post(reverse("anticipation_accept"), {"proposal": ["x", "²"]})
        assert "Choose at least one proposal." in page(client, "anticipation")

    def test_a_dismissal_is_undone_at_once(
        self, signed_in: SignIn, proposal: OutreachProposal, alice: User
    ) -> None:
        client, dismiss = signed_in(alice), reverse("anticipation_dismiss", args=[proposal.pk])
        answer = client.post(dismiss, {"reason": "no_time"})
        undo = reverse("anticipation_restore", args=[proposal.pk])
        assert undo in client.get(answer.url).content.decode()
        assert undo in page(client, "anticipation", state="dismissed")
        client.post(undo)
        assert OutreachProposal.objects.open().get() == proposal

    def test_a_dismissal_without_its_words_is_refused(
        self, signed_in: SignIn, proposal: OutreachProposal, alice: User
    ) -> None:
        client = signed_in(alice)
        client.post(reverse("anticipation_dismiss", args=[proposal.pk]), {"reason": "other"})
        assert "Say in a few words" in page(client, "anticipation")
        assert OutreachProposal.objects.open().exists()

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_it_is_a_file(
        self, signed_in: SignIn, proposal: OutreachProposal, bob: User, alice: User, form: str
    ) -> None:
        at = reverse("anticipation_export", args=[form])
        answer = signed_in(bob).get(at)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert "王小明".encode() in content if form == "csv" else content.startswith(b"PK")
        assert signed_in(alice).get(at).status_code == 403

    def test_an_analyst_decides_nothing(
        self, signed_in: SignIn, proposal: OutreachProposal, carol: User
    ) -> None:
        answer = signed_in(carol).post(reverse("anticipation_accept"), {"proposal": proposal.pk})
        assert answer.status_code == 403


class TestRulePages:
    def test_a_rule_goes_from_shipped_to_on(
        self, signed_in: SignIn, dora: User, wang: Customer, order: Order
    ) -> None:
        client = signed_in(dora)
        client.post(reverse("anticipation_rules_start"))
        rule = AnticipationRule.objects.get(kind="late_order")
        assert "not tried" in page(client, "anticipation_rules")
        switch = reverse("anticipation_rule_switch", args=[rule.pk])
        client.post(switch, {"do": "on"})
        assert "Make a dry run of these numbers first" in page(client, "anticipation_rule", rule.pk)
        client.post(reverse("anticipation_rule_try", args=[rule.pk]), {"days": "90"})
        assert "Waiting to start" in page(client, "anticipation_rule", rule.pk)
        trials.count(AnticipationTrial.objects.select_related("rule__unit").get())
        assert "Too few customers to say anything" in page(client, "anticipation_rule", rule.pk)
        client.post(switch, {"do": "on"})
        rule.refresh_from_db()
        assert rule.is_on

    def test_the_result_is_said_with_its_interval(
        self, signed_in: SignIn, dora: User, late_rule: AnticipationRule
    ) -> None:
        side = {"n": 10, "value": 80.0, "low": 49.0, "high": 94.0}
        result = {
            "n_named": 10, "n_happened": 12, "n_occasions": 50, "spared": {"written": 2}, "named": side,
            "others": side | {"value": 10.0, "low": 4.0, "high": 23.0}, "n_came": 8, "ways": {"answer": 3},
            "difference": {"value": 70.0, "low": 38.0, "high": 86.0, "verdict": "signal"},
            "until": now().isoformat(),
        }  # fmt: skip
        AnticipationTrial.objects.update(result=result, ended_at=now())
        shown = page(signed_in(dora), "anticipation_rule", late_rule.pk)
        for words in ("It foretells contacts", "80.0%", "49.0% – 94.0%", "+70.0 pp", "3 were heard"):
            assert words in shown
        assert "+70.0 pp" in page(signed_in(dora), "anticipation_rules")

    def test_its_numbers_are_checked(self, signed_in: SignIn, dora: User) -> None:
        client, new = signed_in(dora), reverse("anticipation_rule_new", args=["late_order"])
        given = {"name": "超时", "unit": dora.unit_id, "keep_days": 3, "most_a_day": 20, "minutes": 0}
        assert client.post(new, given).status_code == 422
        assert client.post(new, given | {"minutes": 25}).status_code == 302
        rule = AnticipationRule.objects.get()
        assert (rule.parameters, rule.is_on) == ({"minutes": 25}, False)
        edit = reverse("anticipation_rule_edit", args=[rule.pk])
        client.post(edit, given | {"minutes": 40})
        rule.refresh_from_db()
        assert rule.parameters == {"minutes": 40}

    def test_only_the_company_changes_them(
        self, signed_in: SignIn, bob: User, charlie: User, late_rule: AnticipationRule
    ) -> None:
        assert signed_in(bob).get(reverse("anticipation_rules")).status_code == 200
        for name in ("try", "switch", "edit"):
            at = reverse(f"anticipation_rule_{name}", args=[late_rule.pk])
            assert signed_in(bob).post(at).status_code == 403
            assert signed_in(charlie).post(at).status_code == 403

    def test_an_unknown_kind_is_no_page(self, signed_in: SignIn, dora: User) -> None:
        assert signed_in(dora).get(reverse("anticipation_rule_new", args=["x"])).status_code == 404


class TestResultsPage:
    def test_it_claims_no_effect(self, signed_in: SignIn, proposal: OutreachProposal, alice: User) -> None:
        shown = page(signed_in(alice), "anticipation_results", days=30)
        assert "the difference is not the effect of the call" in shown

    def test_without_proposals_it_says_when_there_will_be_some(self, signed_in: SignIn, alice: User) -> None:
        assert "Results come a week after" in page(signed_in(alice), "anticipation_results")


class TestApi:
    @pytest.fixture
    def call(self) -> Callable[..., Any]:
        def send(user: User, method: str, path: str, body: Any = None) -> Any:
            _, key = ApiKey.issue(user=user, name="test")
            headers = {"authorization": f"Bearer {key}", "accept-language": "en"}
            options = {"content_type": "application/json", "headers": headers}
            return getattr(Client(), method)(f"/api/anticipation{path}", body, **options)

        return send

    def test_a_proposal_is_dismissed_restored_and_accepted(
        self, call: Callable[..., Any], proposal: OutreachProposal, alice: User, charlie: User
    ) -> None:
        (one,) = call(alice, "get", "/proposals").json()
        assert (one["customer"], one["kind"]) == (proposal.customer_id, "late_order")
        at = f"/proposals/{proposal.pk}/dismissal"
        assert call(charlie, "post", at, {"reason": "no_time"}).status_code == 404
        assert call(alice, "post", at, {"reason": "other"}).status_code == 422
        assert call(alice, "post", at, {"reason": "no_time"}).json()["state"] == "dismissed"
        assert call(alice, "delete", at).json()["state"] == "open"
        accept = {"proposals": [proposal.pk]}
        assert call(charlie, "post", "/proposals/acceptance", accept).json() == {"cases": [], "n_late": 0}
        (case,) = call(alice, "post", "/proposals/acceptance", accept).json()["cases"]
        assert Case.objects.get(pk=case).customer_id == proposal.customer_id
        assert call(alice, "get", "/results").json()["states"]["accepted"] == 1

    def test_a_rule_is_written_tried_and_switched(
        self, call: Callable[..., Any], dora: User, alice: User
    ) -> None:
        given = {"kind": "unheard", "name": "无人回应", "unit": "root", "parameters": {"hours": 12}}
        assert call(alice, "post", "/rules", given).status_code == 403
        assert call(dora, "post", "/rules", given | {"parameters": {"hours": 0}}).status_code == 422
        made = call(dora, "post", "/rules", given).json()
        at = f"/rules/{made['id']}"
        assert call(dora, "put", f"{at}/switch", {"on": True}).status_code == 422
        assert call(dora, "post", f"{at}/trials", {"days": 30}).status_code == 202
        trials.count(AnticipationTrial.objects.select_related("rule__unit").get())
        assert call(alice, "get", f"{at}/trials").json()[0]["verdict"] == "few"
        assert call(dora, "put", f"{at}/switch", {"on": True}).json()["is_on"]
        changed = call(dora, "put", at, given | {"parameters": {"hours": 13}}).json()
        assert (changed["parameters"], changed["is_on"]) == ({"hours": 13}, False)
        assert call(dora, "delete", at).json()["archived_at"]
        assert len(call(dora, "post", "/rules/shipped").json()) == 5
