"""“You said, we did”: who raised it, who of them may be told, and that each is told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from voiceloop.server.act.models import Case, Telling, Told
from voiceloop.server.act.telling import raisers, tasks, tellings
from voiceloop.server.collect.models import Customer, Message, Response
from voiceloop.server.core.models import Unit, User
from voiceloop.server.understand.models import Annotation

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(110)]
Says = Callable[..., Response]


@pytest.fixture
def raised(says: Says, store: Unit) -> Callable[..., Customer]:
    def raise_it(name: str, **more: Any) -> Customer:
        one = Customer.objects.create(unit=store, name=name, **({"phone": "13800000001"} | more))
        words = says(5, customer=one).verbatims.get()
        Annotation.objects.create(verbatim=words, kind="reason", label="waiting", version="t")
        return one

    return raise_it


def telling(by: User, **more: Any) -> Telling:
    days = {"since": localdate() - timedelta(days=30), "until": localdate()}
    said = {"said": "等太久", "said_en": "The wait", "did": "增开窗口", "did_en": "More counters"}
    return tellings.draft(by=by, **({"kind": "reason", "subject": "waiting"} | days | said | more))


class TestSend:
    def test_who_raised_it_is_told_once(self, raised: Callable[..., Customer], bob: User) -> None:
        li = raised("李雷")
        one = tellings.send(telling(bob), by=bob)
        for _ in range(2):
            tasks.tell_customers(one.pk)
        message = Message.objects.get(about=f"telling:{one.pk}")
        assert (message.customer, "增开窗口" in message.body) == (li, True)
        one.refresh_from_db()
        assert one.state == "sent"

    def test_each_reads_their_own_language(self, raised: Callable[..., Customer], bob: User) -> None:
        raised("Jim", language="en")
        one = tellings.send(telling(bob), by=bob)
        tasks.tell_customers(one.pk)
        assert "More counters" in Message.objects.get(about=f"telling:{one.pk}").body

    def test_who_may_not_be_told_is_kept_with_the_reason(
        self, raised: Callable[..., Customer], bob: User
    ) -> None:
        raised("不想", opted_out_at=now())
        raised("无址", phone="")
        first = tellings.send(telling(bob), by=bob)
        raised("刚说")
        tasks.tell_customers(first.pk)
        second = tellings.send(telling(bob), by=bob)
        tasks.tell_customers(second.pk)
        reasons = dict(Told.objects.filter(telling=second).values_list("held_back_by", "customer"))
        assert set(reasons) == {"opted_out", "no_address", "rested"}
        assert not Message.objects.filter(about=f"telling:{second.pk}").exists()

    def test_it_goes_on_where_a_worker_died(self, raised: Callable[..., Customer], bob: User) -> None:
        raised("李雷")
        one = tellings.send(telling(bob), by=bob)
        assert tellings.unfinished() == [one.pk]
        assert tellings.tell_some(one.pk)
        assert tasks.go_on_telling(0) >= 0
        assert Told.objects.filter(telling=one).count() == 1
        assert tellings.unfinished() == []

    def test_a_root_cause_names_those_whose_cases_had_it(self, resolved: Case, bob: User) -> None:
        one = telling(bob, kind="cause", subject="slow_kitchen")
        assert list(raisers.of(one)) == [resolved.customer]

    def test_another_branchs_customers_are_not_told(
        self, raised: Callable[..., Customer], charlie: User
    ) -> None:
        raised("李雷")
        assert raisers.counts(telling(charlie))["n"] == 0


class TestPages:
    def test_it_is_written_looked_at_and_sent(
        self, raised: Callable[..., Customer], bob: User, signed_in: Callable[[User], Client]
    ) -> None:
        raised("李雷")
        browser = signed_in(bob)
        said = {
            "about": "reason:waiting", "since": localdate() - timedelta(days=9), "until": localdate(),
            "rest_days": 30, "said": "等太久", "did": "增开窗口",
        }  # fmt: skip
        page = browser.post(reverse("telling_new"), said, follow=True)
        assert page.context["counts"]["told"] == 1
        assert "增开窗口" in page.text
        browser.post(reverse("telling_send", args=[Telling.objects.get().pk]))
        assert Telling.objects.get().state == "sending"

    def test_an_agent_reads_but_does_not_send(self, alice: User, bob: User, signed_in: Any) -> None:
        one = telling(bob)
        assert signed_in(alice).get(reverse("telling", args=[one.pk])).status_code == 200
        assert signed_in(alice).post(reverse("telling_send", args=[one.pk])).status_code == 403
