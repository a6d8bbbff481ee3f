"""A busy queue says so honestly, points to self-service, spares whom it must, and knows who came back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import (
    Case,
    Diversion,
    GreenCase,
    Inlet,
    OverflowRule,
    Post,
    SelfServicePage,
    Thread,
)
from voiceloop.server.act.overflow import diverting, listing, queues, rules
from voiceloop.server.act.overflow.listing import Asked
from voiceloop.server.act.overflow.queues import Wait
from voiceloop.server.act.threads import threads
from voiceloop.server.collect.models import Customer, Message
from voiceloop.server.core.models import ApiKey, Unit, User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(128)]
SignIn = Callable[[User], Client]
HELP = "https://help.example.com/zh"


@pytest.fixture
def page(east: Unit, bob: User) -> SelfServicePage:
    return rules.save_page(
        SelfServicePage(unit=east),
        by=bob,
        title="自助退款",
        title_en="Refund yourself",
        address=HELP,
        address_en="https://help.example.com/en",
    )


@pytest.fixture
def busy(page: SelfServicePage, east: Unit, bob: User, store: Unit) -> SelfServicePage:
    """Two wait, and more than one is too many."""
    rules.save(east, by=bob, channels={"chat": (True, 1), "email": (True, 1)})
    for n in range(2):
        _waits(store, "chat", n)
        _waits(store, "email", n)
    return page


def _waits(unit: Unit, channel: str, n: int, *, since: float = 30, answered: float | None = None) -> Thread:
    """Somebody who wrote so many minutes ago and was answered after so many, or not yet."""
    at = now() - timedelta(minutes=since)
    customer = Customer.objects.create(unit=unit, number=f"{channel}-{n}-{since}")
    case = Case.objects.create(unit=unit, customer=customer, channel=channel, opened_at=at)
    done = None if answered is None else at + timedelta(minutes=answered)
    thread = Thread.objects.create(
        case=case, customer=customer, channel=channel, address=f"{channel}{n}", created_at=at, heard_at=at,
        answered_at=done,
    )  # fmt: skip
    Post.objects.create(thread=thread, direction="in", key=f"{channel}{n}{since}i", text="在吗", at=at)
    if done:
        Post.objects.create(thread=thread, direction="out", key=f"{channel}{n}{since}o", text="在", at=done)
    return thread


def hear(customer: Customer | None, text: str = "我要退款", channel: str = "chat", key: str = "k1") -> Post:
    address = "visitor" if channel == "chat" else "wang@example.com"
    post = threads.hear(None, channel=channel, address=address, text=text, key=key, customer=customer)
    return post


def answer_to(post: Post) -> str:
    return str(post.thread.posts.get(is_automatic=True).text)


class TestAcknowledgment:
    @pytest.mark.parametrize("channel", ["chat", "email"])
    def test_it_says_how_many_wait_and_where_to_help_oneself(
        self, busy: SelfServicePage, wang: Customer, channel: str
    ) -> None:
        said = answer_to(hear(wang, channel=channel))
        assert "还有 2 位客户在等待" in said
        assert f"自助退款 {HELP}" in said

    def test_it_is_said_in_the_customers_language(self, busy: SelfServicePage, wang: Customer) -> None:
        Customer.objects.filter(pk=wang.pk).update(language="en")
        wang.refresh_from_db()
        said = answer_to(hear(wang, text="I want my money back"))
        assert "Refund yourself: https://help.example.com/en" in said

    def test_up_to_the_threshold_nothing_is_said(
        self, busy: SelfServicePage, wang: Customer, east: Unit, bob: User
    ) -> None:
        rules.save(east, by=bob, channels={"chat": (True, 2)})
        assert HELP not in answer_to(hear(wang))
        assert not Diversion.objects.exists()

    @pytest.mark.parametrize("said", [{"chat": (False, 1)}, {"chat": None}])
    def test_a_channel_that_is_off_says_nothing(
        self, busy: SelfServicePage, wang: Customer, east: Unit, bob: User, said: Any
    ) -> None:
        rules.save(east, by=bob, channels=said)
        assert HELP not in answer_to(hear(wang))

    def test_without_a_page_nobody_is_pointed_anywhere(
        self, busy: SelfServicePage, wang: Customer, bob: User
    ) -> None:
        rules.archive_page(busy, by=bob)
        assert "在等待" not in answer_to(hear(wang))

    def test_a_message_that_comes_twice_is_one_diversion(self, busy: SelfServicePage, wang: Customer) -> None:
        hear(wang)
        hear(wang)
        one = Diversion.objects.get()
        assert (one.how, one.n_waiting, one.pages) == ("auto", 2, [busy.pk])

    def test_the_nearest_unit_decides(
        self, busy: SelfServicePage, wang: Customer, store: Unit, bob: User
    ) -> None:
        rules.save(store, by=bob, channels={"chat": (False, 1)})
        assert HELP not in answer_to(hear(wang))


class TestSpared:
    @pytest.mark.parametrize(
        ("more", "why"),
        [
            ({}, ""),
            ({"priority": Case.Priority.URGENT}, "urgent"),
            ({"severity": "catastrophic"}, "urgent"),
            ({"emotion": "angry"}, "angry"),
        ],
    )
    def test_who_is_urgent_or_angry(self, store: Unit, more: dict[str, Any], why: str) -> None:
        assert diverting.spared(Case.objects.create(unit=store, **more)) == why

    def test_who_goes_through_the_green_channel(self, store: Unit) -> None:
        case = Case.objects.create(unit=store)
        GreenCase.objects.create(case=case)
        assert diverting.spared(case) == "green"

    def test_they_are_acknowledged_as_ever(self, busy: SelfServicePage, wang: Customer) -> None:
        said = answer_to(hear(wang, text="吃完上吐下泻，人已经在医院急诊了，食物中毒！"))
        assert HELP not in said
        assert not Diversion.objects.exists()


class TestExpectedWait:
    def test_it_is_what_eight_of_ten_had(self, store: Unit) -> None:
        for n in range(10):
            _waits(store, "chat", n, since=600, answered=n + 1)
        assert queues.expected(store, "chat") == Wait(10, 8)

    def test_who_still_waits_counts_with_the_wait_so_far(self, store: Unit) -> None:
        """Else a queue that nobody answers would look fast."""
        for n in range(5):
            _waits(store, "chat", n, since=600, answered=2)
        for n in range(5, 10):
            _waits(store, "chat", n, since=90)
        found = queues.expected(store, "chat")
        assert found is not None
        assert (found.n, found.is_more) == (10, True)
        assert found.minutes in (90, 91)

    def test_few_waits_say_nothing(self, store: Unit) -> None:
        for n in range(4):
            _waits(store, "chat", n, since=600, answered=2)
        assert queues.expected(store, "chat") is None

    def test_another_channel_and_branch_say_nothing_of_this_one(self, store: Unit, west: Unit) -> None:
        for n in range(6):
            _waits(west, "chat", n, since=600, answered=2)
            _waits(store, "email", n, since=600, answered=2)
        assert queues.expected(store, "chat") is None
        assert (queues.waiting(store, "chat"), queues.waiting(store, "email")) == (0, 0)


class TestOnThePhone:
    def test_an_agent_sends_the_link_once(
        self, signed_in: SignIn, page: SelfServicePage, wang: Customer, alice: User
    ) -> None:
        case = cases.open(wang, by=alice, summary="退款")
        for _ in range(2):
            signed_in(alice).post(reverse("overflow_send"), {"case": f"#{case.pk}"})
        message = Message.objects.get()
        assert HELP in message.body
        one = Diversion.objects.get()
        assert (one.how, one.by, one.channel) == ("agent", alice, "phone")

    def test_it_says_what_is_missing(
        self, signed_in: SignIn, wang: Customer, alice: User, page: SelfServicePage, charlie: User
    ) -> None:
        case = cases.open(wang, by=alice, summary="退款")
        for person, number in ((alice, "x"), (charlie, str(case.pk))):
            answer = signed_in(person).post(reverse("overflow_send"), {"case": number}, follow=True)
            assert "没有此编号的工单" in answer.text
        Case.objects.filter(pk=case.pk).update(emotion="angry")
        answer = signed_in(alice).post(reverse("overflow_send"), {"case": case.pk}, follow=True)
        assert "人工接待" in answer.text
        assert not Message.objects.exists()

    def test_the_sheet_has_a_code_and_the_address(
        self, signed_in: SignIn, alice: User, page: SelfServicePage, charlie: User
    ) -> None:
        sheet = signed_in(alice).get(reverse("self_service_print", args=[page.pk]))
        assert HELP in sheet.text
        code = signed_in(alice).get(reverse("self_service_qr", args=[page.pk]))
        assert code["Content-Type"] == "image/svg+xml"
        assert code.content.startswith(b"<svg")
        assert signed_in(charlie).get(reverse("self_service_print", args=[page.pk])).status_code == 404


class TestGreeting:
    def test_the_chat_says_it_before_anybody_writes(self, busy: SelfServicePage, store: Unit) -> None:
        inlet = Inlet.objects.create(unit=store, channel="chat", name="chat")
        said = Client().get(reverse("chat", args=[inlet.slug])).text
        assert f'href="{HELP}"' in said
        assert "还有 2 位客户在等待" in said
        assert not Diversion.objects.exists()


class TestOutcome:
    def test_who_wrote_again_within_a_day_came_back(
        self, busy: SelfServicePage, wang: Customer, bob: User
    ) -> None:
        post = hear(wang)
        one = Diversion.objects.get()
        self._ago(one, 40)
        assert self._outcome(bob) == "not_back"
        Post.objects.create(
            thread=post.thread, direction="in", key="again", text="还在吗", at=now() - timedelta(hours=30)
        )
        assert self._outcome(bob) == "back"
        Post.objects.filter(key="again").update(at=now() - timedelta(hours=10))
        assert self._outcome(bob) == "not_back"

    def test_a_day_that_is_not_over_is_not_counted(
        self, busy: SelfServicePage, wang: Customer, bob: User
    ) -> None:
        hear(wang)
        assert self._outcome(bob) == "open"
        assert listing.share(listing.rows(bob, Asked())).n == 0

    def _ago(self, one: Diversion, hours: float) -> None:
        Diversion.objects.filter(pk=one.pk).update(at=now() - timedelta(hours=hours))
        Post.objects.filter(thread=one.thread).update(at=now() - timedelta(hours=hours, minutes=1))

    def _outcome(self, user: User) -> str:
        return str(listing.rows(user, Asked()).get().outcome)


class TestPages:
    def test_the_list_and_its_file(
        self, signed_in: SignIn, busy: SelfServicePage, wang: Customer, bob: User, charlie: User
    ) -> None:
        post = hear(wang)
        said = signed_in(bob).get(reverse("overflow")).text
        assert f"#{post.thread.case_id}" in said
        answer = signed_in(bob).get(reverse("overflow_export", args=["csv"]))
        assert str(post.thread.case_id) in b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        assert f"#{post.thread.case_id}" not in signed_in(charlie).get(reverse("overflow")).text

    def test_settings_are_kept(self, signed_in: SignIn, bob: User, east: Unit, alice: User) -> None:
        path = reverse("overflow_settings_of", args=[east.pk])
        said = {"on_chat": "yes", "threshold_chat": "7", "on_email": "no"}
        assert signed_in(bob).post(path, said).status_code == 302
        kept = list(OverflowRule.objects.order_by("channel").values_list("channel", "is_on", "threshold"))
        assert kept == [("chat", True, 7), ("email", False, 10)]
        assert signed_in(bob).post(path, {"on_chat": "yes"}).status_code == 422
        assert signed_in(alice).post(path, said).status_code == 403
        signed_in(bob).post(path, {"on_chat": "", "on_email": ""})
        assert not OverflowRule.objects.exists()

    @pytest.mark.parametrize("address", ["javascript:alert(1)", "help", "ftp://x.example.com/", "http://"])
    def test_an_address_that_is_none_is_refused(
        self, signed_in: SignIn, bob: User, east: Unit, address: str
    ) -> None:
        path = reverse("self_service_new", args=[east.pk])
        assert signed_in(bob).post(path, {"title": "自助", "address": address}).status_code == 422
        assert not SelfServicePage.objects.exists()

    def test_a_page_is_taken_back_and_brought_back(
        self, signed_in: SignIn, bob: User, page: SelfServicePage, store: Unit
    ) -> None:
        path = reverse("self_service_archive", args=[page.pk])
        signed_in(bob).post(path)
        assert rules.pages_for(store) == []
        signed_in(bob).post(path, {"back": "yes"})
        assert rules.pages_for(store) == [page]

    def test_a_page_from_above_is_used_here_and_changed_there(
        self, signed_in: SignIn, bob: User, dora: User, root: Unit, store: Unit
    ) -> None:
        above = rules.save_page(SelfServicePage(unit=root), by=dora, title="总部", address=HELP)
        assert rules.pages_for(store) == [above]
        assert signed_in(bob).get(reverse("self_service_edit", args=[above.pk])).status_code == 404
        assert signed_in(bob).get(reverse("self_service_print", args=[above.pk])).status_code == 200


class TestApi:
    def call(self, user: User, method: str, path: str, **body: Any) -> Any:
        _, secret = ApiKey.issue(user=user, name=f"{method}{path}"[:60])
        asked: dict[str, Any] = {"headers": {"authorization": f"Bearer {secret}"}}
        if method in ("post", "put"):
            asked |= {"data": body, "content_type": "application/json"}
        return getattr(Client(), method)(path, **asked)

    def test_queues_are_read_and_set(self, bob: User, east: Unit, busy: SelfServicePage) -> None:
        path = f"/api/units/{east.pk}/queues"
        chat = self.call(bob, "get", path).json()[0]
        assert (chat["channel"], chat["waiting"], chat["is_busy"]) == ("chat", 2, True)
        answer = self.call(bob, "put", path, chat={"on": False, "threshold": 3}).json()
        assert [(one["is_on"], one["threshold"]) for one in answer] == [
            (False, 3), (False, None), (False, None),
        ]  # fmt: skip

    def test_pages_are_kept(self, bob: User, east: Unit, charlie: User) -> None:
        path = f"/api/units/{east.pk}/self-service-pages"
        made = self.call(bob, "post", path, title="自助", address=HELP)
        assert made.status_code == 201
        one = f"/api/self-service-pages/{made.json()['id']}"
        assert self.call(bob, "put", one, title="自助", address="nowhere").status_code == 422
        assert self.call(bob, "delete", one).json()["archived_at"]
        assert self.call(bob, "post", f"{one}/restore").json()["archived_at"] is None
        assert self.call(charlie, "delete", one).status_code == 404
        assert self.call(charlie, "get", "/api/self-service-pages").json() == []

    def test_a_link_is_sent_and_the_log_read(
        self, bob: User, alice: User, page: SelfServicePage, wang: Customer
    ) -> None:
        case = cases.open(wang, by=alice, summary="退款")
        path = f"/api/cases/{case.pk}/self-service-link"
        assert self.call(alice, "post", path).status_code == 201
        found = self.call(bob, "get", "/api/diversions").json()
        assert [(row["case"], row["outcome"]) for row in found["rows"]] == [(case.pk, "open")]
        rules.archive_page(page, by=bob)
        assert self.call(alice, "post", path).status_code == 409


class TestLinks:
    def test_a_link_in_the_chat_leads_to_the_page_and_nowhere_else(
        self, busy: SelfServicePage, store: Unit
    ) -> None:
        """The title before it is no part of the address."""
        inlet = Inlet.objects.create(unit=store, channel="chat", name="chat")
        browser, path = Client(), reverse("chat", args=[inlet.slug])
        browser.post(path, {"text": "我要退款", "key": "a"})
        assert f'<a href="{HELP}" rel="nofollow">{HELP}</a>' in browser.get(path).text
