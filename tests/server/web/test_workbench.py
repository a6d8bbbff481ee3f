"""The workbench."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from voiceloop.server.act.cases import cases, remedies
from voiceloop.server.act.models import Callback, RootCause, Thread
from voiceloop.server.act.notices import notices
from voiceloop.server.collect.models import Answer, Customer, Response, Verbatim
from voiceloop.server.core.models import Event, Unit, User
from voiceloop.server.web.desk import Desk, Wait

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(111)]
SignIn = Callable[[User], Client]


@pytest.fixture
def complain(east: Unit, alice: User) -> Callable[[str], object]:
    def say(words: str, score: int = 2) -> object:
        wang, _ = Customer.objects.get_or_create(number="C-1", defaults={"unit": east, "name": "王小明"})
        response = Response.objects.create(unit=east, idempotency_key=words, customer=wang)
        Answer.objects.create(response=response, question="nps", scale="nps_0_10", score=score)
        Verbatim.objects.create(response=response, text=words)
        return cases.route(cases.open_for_response(response))

    return say


@pytest.fixture
def slow(db: None) -> RootCause:
    return RootCause.objects.create(code="slow", group="process", name="出餐慢")


def address_of_queue(page: str) -> str:
    found = re.search(r'id="queue"[^>]*data-live-from="([^"]+)"', page)
    assert found
    return found[1].replace("&amp;", "&")


class TestWorkbench:
    @pytest.mark.parametrize(("language", "word"), [("zh-hans", "工作台"), ("en", "Workbench")])
    def test_it_opens_with_the_most_urgent_case(
        self, signed_in: SignIn, alice: User, complain: Callable[[str], object], language: str, word: str
    ) -> None:
        complain("第一位的话")
        complain("第二位的话")
        page = signed_in(alice).get(reverse("workbench"), headers={"accept-language": language}).text
        assert word in page
        assert page.count("第一位的话") > page.count("第二位的话") > 0

    def test_it_says_so_when_all_is_answered(self, signed_in: SignIn, alice: User) -> None:
        assert "empty" in signed_in(alice).get(reverse("workbench")).text

    @pytest.mark.parametrize(
        "tab", ["mine", "unassigned", "team", "replies", "calls", "approvals", "mentions", "steps", "junk"]
    )
    def test_every_queue_opens(
        self, signed_in: SignIn, bob: User, complain: Callable[[str], object], tab: str
    ) -> None:
        complain("等太久")
        assert signed_in(bob).get(reverse("workbench"), {"tab": tab}).status_code == 200

    def test_it_is_not_for_analysts(self, signed_in: SignIn, carol: User) -> None:
        assert signed_in(carol).get(reverse("workbench")).status_code == 403

    def test_charlie_sees_none_of_it(
        self, signed_in: SignIn, charlie: User, complain: Callable[[str], object]
    ) -> None:
        case = complain("东区的话")
        for query in ({"tab": "team"}, {"case": str(case.pk)}):  # type: ignore[attr-defined]
            assert "东区的话" not in signed_in(charlie).get(reverse("workbench"), query).text


class TestWorkbenchQueue:
    def test_it_brings_a_new_case(
        self, signed_in: SignIn, alice: User, complain: Callable[[str], object]
    ) -> None:
        browser = signed_in(alice)
        queue = address_of_queue(browser.get(reverse("workbench")).text)
        complain("刚来的话")
        page = browser.get(queue).text
        assert "刚来的话" in page
        assert "<html" not in page

    def test_it_asks_no_more_of_the_database_for_more_cases(
        self, signed_in: SignIn, alice: User, complain: Callable[[str], object]
    ) -> None:
        browser = signed_in(alice)
        complain("第一件")
        queue = address_of_queue(browser.get(reverse("workbench")).text)
        with CaptureQueriesContext(connection) as before:
            browser.get(queue)
        for i in range(5):
            complain(f"第{i}件事")
        with CaptureQueriesContext(connection) as after:
            browser.get(queue)
        assert len(after) == len(before)


class TestWaits:
    def test_a_lead_sees_what_waits_for_a_decision(
        self, signed_in: SignIn, alice: User, bob: User, complain: Callable[[str], object]
    ) -> None:
        case: Any = complain("要退钱")
        remedies.give(case, by=alice, kind="refund", amount=Decimal(500))
        assert [(one.name, one.n) for one in Desk(bob).waits] == [("approvals", 1)]
        assert [one.name for one in Desk(alice).waits] == []
        assert "要退钱" in signed_in(bob).get(reverse("workbench"), {"tab": "approvals"}).text

    def test_a_callback_that_is_due_waits_for_the_owner(
        self, alice: User, complain: Callable[[str], object], slow: RootCause
    ) -> None:
        case: Any = complain("汤洒了")
        cases.resolve(case, by=alice, root_cause=slow)
        Callback.objects.update(due_at=now())
        desk = Desk(alice, tab="calls")
        assert [(one.name, one.n) for one in desk.waits] == [("calls", 1)]
        assert desk.rows[0].callback is not None

    def test_whose_call_is_due_longest_comes_first_and_each_once(
        self, alice: User, bob: User, complain: Callable[[str], object], slow: RootCause
    ) -> None:
        owed: list[Any] = [complain(words) for words in ("汤洒了", "菜凉了", "等太久")]
        for hours, case in zip((2, 5, 3), owed, strict=True):
            cases.resolve(case, by=alice, root_cause=slow)
            case.callbacks.filter(step__lt=72).update(due_at=now() - timedelta(hours=hours))
        for person in (alice, bob):
            rows = Desk(person, tab="calls").rows
            assert [row.case for row in rows] == [owed[1], owed[2], owed[0]]
            assert all(row.callback and row.callback.step == 1 for row in rows)

    def test_of_very_many_it_says_that_they_are_many(self) -> None:
        assert [Wait("calls", "", "", n).shown for n in (1, 99, 100)] == ["1", "99", "99+"]

    def test_who_is_mentioned_finds_the_case_until_they_have_read_it(
        self, alice: User, bob: User, complain: Callable[[str], object]
    ) -> None:
        case: Any = complain("来看看")
        cases.note(case, by=bob, text="@Alice")
        notices.tell(Event.objects.latest("pk"), to=[alice], kind="mention")
        assert [row.case for row in Desk(alice, tab="mentions").rows] == [case]
        notices.see_all(alice)
        assert Desk(alice, tab="mentions").rows == []

    def test_a_customer_who_wrote_last_waits_for_a_reply(
        self, alice: User, complain: Callable[[str], object]
    ) -> None:
        case: Any = complain("没人理")
        thread = Thread.objects.create(case=case, channel="email", heard_at=now())
        assert [(one.name, one.n) for one in Desk(alice).waits] == [("replies", 1)]
        Thread.objects.filter(pk=thread.pk).update(answered_at=now())
        assert Desk(alice).waits == []
