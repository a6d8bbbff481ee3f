"""The workbench."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from voiceloop.server.act.cases import cases
from voiceloop.server.collect.models import Answer, Customer, Response, Verbatim
from voiceloop.server.core.models import Unit, User

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


def address_of_poll(page: str) -> str:
    found = re.search(r'id="queue"[^>]*hx-get="([^"]+)"', page)
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

    @pytest.mark.parametrize("tab", ["mine", "unassigned", "team", "calls", "junk"])
    def test_it_has_four_queues(
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
    def test_it_has_nothing_to_say_while_nothing_changes(
        self, signed_in: SignIn, alice: User, complain: Callable[[str], object]
    ) -> None:
        complain("等太久")
        browser = signed_in(alice)
        poll = address_of_poll(browser.get(reverse("workbench")).text)
        assert browser.get(poll).status_code == 204

    def test_it_brings_a_new_case(
        self, signed_in: SignIn, alice: User, complain: Callable[[str], object]
    ) -> None:
        browser = signed_in(alice)
        poll = address_of_poll(browser.get(reverse("workbench")).text)
        complain("刚来的话")
        assert "刚来的话" in browser.get(poll).text
