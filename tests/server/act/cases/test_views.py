"""The pages of cases and callbacks."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case, Remedy, RootCause
from voiceloop.server.collect.models import Response
from voiceloop.server.core.models import User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def browser(signed_in: SignIn, alice: User) -> Client:
    return signed_in(alice)


class TestCase:
    @pytest.mark.parametrize(("language", "word"), [("zh-hans", "联系"), ("en", "Contact")])
    def test_it_shows_the_words_and_what_can_be_done(
        self, browser: Client, case: Case, language: str, word: str
    ) -> None:
        page = browser.get(reverse("case", args=[case.pk]), headers={"accept-language": language})
        assert case.summary in page.text
        assert word in page.text

    def test_it_offers_an_analyst_nothing_to_do(self, signed_in: SignIn, carol: User, case: Case) -> None:
        page = signed_in(carol).get(reverse("case", args=[case.pk])).text
        assert "dialog-contact" not in page

    def test_it_hides_the_phone_number(self, browser: Client, case: Case) -> None:
        page = browser.get(reverse("case", args=[case.pk])).text
        assert "13812345678" not in page
        assert "138****5678" in page

    @pytest.mark.parametrize(
        "name",
        [
            *("case_contact", "case_note", "case_resolve", "case_reopen", "case_assign"),
            *("case_claim", "case_escalate"),
        ],
    )
    def test_it_is_unknown_to_charlie(self, signed_in: SignIn, charlie: User, case: Case, name: str) -> None:
        browser = signed_in(charlie)
        assert browser.get(reverse("case", args=[case.pk])).status_code == 404
        assert browser.post(reverse(name, args=[case.pk]), {"text": "x"}).status_code == 404


class TestEscalate:
    def test_the_dialog_names_who_takes_it_over(self, browser: Client, case: Case, bob: User) -> None:
        page = browser.get(reverse("case", args=[case.pk])).text
        assert f"把工单升级给{bob.name}（班组长）" in page
        browser.post(reverse("case_escalate", args=[case.pk]), {"reason": "要求赔偿"}, headers=HTMX)
        case.refresh_from_db()
        assert case.owner == bob

    def test_with_nobody_above_it_is_not_offered_and_says_why(
        self, browser: Client, case: Case, dora: User
    ) -> None:
        Case.objects.filter(pk=case.pk).update(owner=dora)
        url = reverse("case_escalate", args=[case.pk])
        assert "dialog-escalate" not in browser.get(reverse("case", args=[case.pk])).text
        answer = browser.post(url, {"reason": "x"}, headers=HTMX)
        assert answer.status_code == 422
        assert "没有可升级的人" in answer.text


class TestContact:
    def test_it_answers_with_the_case_as_it_is_now(self, browser: Client, case: Case) -> None:
        url = reverse("case_contact", args=[case.pk])
        answer = browser.post(
            url, {"channel": "phone", "result": "reached", "note": "道歉并重做"}, headers=HTMX
        )
        assert "道歉并重做" in answer.text
        assert "case-changed" in answer.headers["HX-Trigger"]

    def test_it_opens_the_dialog_again_when_something_is_missing(self, browser: Client, case: Case) -> None:
        answer = browser.post(reverse("case_contact", args=[case.pk]), {}, headers=HTMX)
        assert answer.status_code == 422
        assert "data-open" in answer.text

    def test_it_works_without_javascript(self, browser: Client, case: Case) -> None:
        url = reverse("case_contact", args=[case.pk])
        answer = browser.post(url, {"channel": "phone", "result": "reached"})
        assert answer["Location"] == reverse("case", args=[case.pk])


class TestResolve:
    def test_it_asks_for_the_cause(self, browser: Client, case: Case) -> None:
        answer = browser.post(reverse("case_resolve", args=[case.pk]), {"note": "好了"}, headers=HTMX)
        assert answer.status_code == 422
        assert Case.objects.open().count() == 1

    def test_it_can_be_undone(self, browser: Client, case: Case, slow_kitchen: RootCause) -> None:
        answer = browser.post(
            reverse("case_resolve", args=[case.pk]), {"root_cause": slow_kitchen.pk}, headers=HTMX
        )
        assert reverse("case_reopen", args=[case.pk]) in answer.text
        browser.post(reverse("case_reopen", args=[case.pk]), {"reason": ""}, headers=HTMX)
        assert Case.objects.open().count() == 1


class TestAssign:
    def test_a_lead_gives_it_and_can_take_it_back(
        self, signed_in: SignIn, bob: User, case: Case, alice: User
    ) -> None:
        lead = signed_in(bob)
        answer = lead.post(reverse("case_assign", args=[case.pk]), {"to": bob.pk}, headers=HTMX)
        assert Case.objects.get().owner == bob
        back = reverse("deed_undo", args=[answer.context["deed"].pk])
        assert back in answer.text
        lead.post(back, headers=HTMX)
        assert Case.objects.get().owner == alice

    def test_an_agent_may_not(self, browser: Client, case: Case, bob: User) -> None:
        assert browser.post(reverse("case_assign", args=[case.pk]), {"to": bob.pk}).status_code == 403

    def test_it_stays_in_the_branch(self, signed_in: SignIn, bob: User, charlie: User, case: Case) -> None:
        answer = signed_in(bob).post(reverse("case_assign", args=[case.pk]), {"to": charlie.pk}, headers=HTMX)
        assert answer.status_code == 422


@pytest.mark.requirement(107)
class TestStep:
    def test_a_small_remedy_is_given_at_once(self, browser: Client, case: Case) -> None:
        url = reverse("case_step", args=[case.pk, "remedy"])
        browser.post(url, {"kind": "voucher", "amount": "50"}, headers=HTMX)
        assert Remedy.objects.get().approved_at is not None

    def test_a_large_remedy_waits_for_a_lead(
        self, browser: Client, signed_in: SignIn, bob: User, case: Case
    ) -> None:
        url = reverse("case_step", args=[case.pk, "remedy"])
        browser.post(url, {"kind": "refund", "amount": "300"}, headers=HTMX)
        remedy = Remedy.objects.waiting().get()
        signed_in(bob).post(reverse("remedy_decide", args=[remedy.pk]), {"decision": "approve"})
        assert Remedy.objects.get().approved_by == bob

    def test_a_step_of_another_playbook_is_unknown(self, browser: Client, case: Case) -> None:
        assert browser.post(reverse("case_step", args=[case.pk, "thank"])).status_code == 404


class TestCaseList:
    def test_it_shows_only_what_the_filter_asks_for(
        self, browser: Client, case: Case, says: Callable[..., Response]
    ) -> None:
        cases.open_for_response(says(text="没人管的工单"))
        page = browser.get(reverse("cases"), {"owner": "nobody"}).text
        assert "没人管的工单" in page
        assert case.summary not in page

    @pytest.mark.parametrize(
        "state",
        ["open", "overdue", "contacted", "resolved", "verifying", "recovered", "not_recovered", "junk"],
    )
    def test_every_state_can_be_asked_for(self, browser: Client, resolved: Case, state: str) -> None:
        assert browser.get(reverse("cases"), {"state": state}).status_code == 200

    def test_its_queries_do_not_grow_with_its_rows(
        self,
        browser: Client,
        says: Callable[..., Response],
        django_assert_max_num_queries: Callable[..., object],
    ) -> None:
        for _ in range(12):
            cases.open_for_response(says())
        with django_assert_max_num_queries(24):  # type: ignore[attr-defined]
            browser.get(reverse("cases"))

    def test_charlie_sees_none_of_them(self, signed_in: SignIn, charlie: User, case: Case) -> None:
        assert case.summary not in signed_in(charlie).get(reverse("cases")).text

    def test_a_lead_gives_many_at_once(
        self, signed_in: SignIn, bob: User, case: Case, says: Callable[..., Response]
    ) -> None:
        other = cases.open_for_response(says())
        signed_in(bob).post(reverse("cases_assign"), {"to": bob.pk, "case": [case.pk, other.pk]})
        assert Case.objects.owned_by(bob).count() == 2


class TestExportCases:
    def test_csv_keeps_chinese_and_disarms_formulas(
        self, browser: Client, says: Callable[..., Response]
    ) -> None:
        cases.open_for_response(says(text="=1+1 太慢"))
        text = browser.get(reverse("cases_export", args=["csv"])).getvalue().decode("utf-8-sig")
        assert "'=1+1 太慢" in text

    def test_xlsx_has_the_same_rows(self, browser: Client, resolved: Case) -> None:
        data = browser.get(reverse("cases_export", args=["xlsx"])).getvalue()
        rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.values)
        assert rows[1][0] == resolved.pk
        assert "出餐慢" in rows[1]


class TestCallbackList:
    @pytest.mark.parametrize("tab", ["due", "later", "done"])
    def test_it_shows_each_tab(self, browser: Client, resolved: Case, tab: str) -> None:
        assert browser.get(reverse("callbacks"), {"tab": tab}).status_code == 200

    def test_the_promised_calls_wait(self, browser: Client, resolved: Case) -> None:
        assert browser.get(reverse("callbacks"), {"tab": "later"}).text.count('class="call"') == 3

    def test_a_result_is_kept_where_it_stands(self, browser: Client, resolved: Case) -> None:
        first = resolved.callbacks.get(step=1)
        answer = browser.post(
            reverse("callback_record", args=[first.pk]), {"result": "solved", "note": "满意"}, headers=HTMX
        )
        assert "满意" in answer.text

    def test_charlie_cannot_reach_them(self, signed_in: SignIn, charlie: User, resolved: Case) -> None:
        first = resolved.callbacks.get(step=1)
        url = reverse("callback_record", args=[first.pk])
        assert signed_in(charlie).post(url, {"result": "solved"}).status_code == 404
