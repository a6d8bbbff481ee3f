"""Invitations: nobody too often, nobody who said no, and a reason for each who was not asked."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from voiceloop.server.collect import invitations, messages, responses, starter
from voiceloop.server.collect.events import InvitationSent
from voiceloop.server.collect.models import (
    Customer,
    Invitation,
    Message,
    Programme,
    Survey,
    SurveyVersion,
    Transaction,
)
from voiceloop.server.core.models import Event, Unit, User

Invite = Callable[..., Invitation]


@pytest.fixture
def li(east: Unit) -> Customer:
    return Customer.objects.create(unit=east, number="C-2", name="李雷", segment="office")


@pytest.fixture
def re_survey(programme: Programme) -> Survey:
    return Survey.objects.get(code="recovery")


@pytest.mark.requirement(52, 65)
class TestSend:
    def test_it_asks_under_the_present_version_and_plan(self, invite: Invite, survey: Survey) -> None:
        asked = invite()
        assert (asked.survey_version, asked.plan) == (survey.live, survey.programme.plan)
        assert Event.objects.get(type=InvitationSent.type).data["invitation"] == asked.pk

    def test_it_rests_between_two_invitations(self, invite: Invite) -> None:
        assert [invite().suppressed_by, invite().suppressed_by] == ["", "rested"]

    def test_it_asks_again_after_the_rest(self, invite: Invite) -> None:
        invite()
        Invitation.objects.update(created_at=now() - timedelta(days=31))
        assert invite().suppressed_by == ""

    def test_it_rests_across_all_surveys(self, invite: Invite, re_survey: Survey, survey: Survey) -> None:
        invite(survey=re_survey, about="case:1")
        assert invite().suppressed_by == "rested"

    def test_it_puts_a_re_survey_before_the_rest(self, invite: Invite, re_survey: Survey) -> None:
        invite()
        assert invite(survey=re_survey, about="case:1").suppressed_by == ""

    def test_it_never_asks_who_opted_out(self, invite: Invite, re_survey: Survey, wang: Customer) -> None:
        invitations.opt_out(customer=wang)
        assert invite(survey=re_survey, about="case:1").suppressed_by == "opted_out"

    def test_it_needs_an_address(self, invite: Invite, li: Customer) -> None:
        assert invite(customers=[li], channel="email").suppressed_by == "no_address"

    def test_it_does_not_ask_twice_about_one_case(self, invite: Invite, re_survey: Survey) -> None:
        first = invite(survey=re_survey, about="case:1")
        assert invite(survey=re_survey, about="case:1") == first

    def test_it_asks_again_about_a_case_that_was_answered(self, invite: Invite, re_survey: Survey) -> None:
        first = invite(survey=re_survey, about="case:1")
        responses.complete(invitation=first, answers={"nps": 2})
        assert invite(survey=re_survey, about="case:1") != first

    def test_it_starts_with_the_core_customers(
        self, survey: Survey, wang: Customer, li: Customer, east: Unit, carol: User
    ) -> None:
        Transaction.objects.create(unit=east, number="T1", customer=li, at=now(), kind="dine_in", amount=900)
        rows = invitations.send(survey=survey, customers=[wang, li], channel="link", by=carol, at_most=1)
        assert {(row.customer, row.suppressed_by) for row in rows} == {(li, ""), (wang, "not_sampled")}

    def test_it_draws_the_same_sample_when_asked_again(self, survey: Survey, east: Unit) -> None:
        people = Customer.objects.bulk_create(Customer(unit=east, number=f"N{n}") for n in range(20))
        draws = [
            invitations.choose(
                survey=survey, customers=order, channel="link", at_most=5, order="random"
            ).asked
            for order in (people, people[::-1])
        ]
        assert set(draws[0]) == set(draws[1])

    def test_it_refuses_a_survey_that_was_never_published(self, invite: Invite, survey: Survey) -> None:
        SurveyVersion.objects.update(published_at=None)
        with pytest.raises(invitations.NotPublished):
            invite()

    def test_it_writes_one_message_with_the_personal_link(self, invite: Invite) -> None:
        asked = invite(channel="outbox")
        message = Message.objects.get()
        assert (message.key, message.held_back_by) == (f"invitation:{asked.pk}", "outbox")
        assert "/s/" in message.body

    def test_it_writes_in_the_customers_language(self, invite: Invite, wang: Customer) -> None:
        Customer.objects.update(language="en")
        invite(channel="outbox")
        assert Message.objects.get().subject == "Head office: how was it?"


@pytest.mark.django_db(transaction=True)
class TestSendAtOnce:
    def test_it_asks_a_customer_once(self) -> None:
        root = Unit.objects.create(code="root", name="总部")
        survey = starter.starter(root).surveys.get()
        wang = Customer.objects.create(unit=root, number="C1")

        def send(_: int) -> str:
            try:
                return invitations.send(survey=survey, customers=[wang], channel="link", by=None)[
                    0
                ].suppressed_by
            finally:
                connection.close()

        with ThreadPoolExecutor(8) as pool:
            assert sorted(pool.map(send, range(8))) == ["", *["rested"] * 7]


@pytest.mark.requirement(49)
class TestLeaveOut:
    def test_it_is_written_down_with_the_agent(self, survey: Survey, wang: Customer, alice: User) -> None:
        spared = invitations.leave_out(survey=survey, customer=wang, by=alice)
        assert (spared.suppressed_by, spared.agent) == ("by_agent", "alice")


class TestRemind:
    def test_it_reminds_twice_at_most(self, invite: Invite, carol: User) -> None:
        asked = invite(channel="outbox")
        reminders = [invitations.remind(invitation=asked, by=carol) for _ in range(3)]
        assert [r is None for r in reminders] == [False, False, True]

    def test_it_leaves_those_alone_who_answered(self, invite: Invite, carol: User) -> None:
        asked = invite(channel="outbox")
        responses.complete(invitation=asked, answers={"nps": 9})
        asked.refresh_from_db()
        assert invitations.remind(invitation=asked, by=carol) is None


class TestRevoke:
    def test_it_ends_what_is_not_answered(self, invitation: Invitation, carol: User) -> None:
        assert not invitations.revoke(invitation=invitation, by=carol).is_answerable

    def test_it_leaves_an_answer_alone(self, invitation: Invitation, carol: User) -> None:
        responses.complete(invitation=invitation, answers={"nps": 9})
        assert invitations.revoke(invitation=invitation, by=carol).revoked_at is None


class TestTouchExpired:
    def test_it_lets_the_lake_hear_of_the_end(self, invitation: Invitation) -> None:
        Invitation.objects.update(expires_at=now() - timedelta(minutes=5))
        before = Invitation.objects.get().xid
        with connection.cursor() as cursor:
            cursor.execute("select pg_current_xact_id()")
        assert invitations.touch_expired() == 1
        assert Invitation.objects.get().xid >= before


class TestPages:
    @pytest.fixture
    def doras(self, signed_in: Callable[[User], Client], dora: User) -> Client:
        return signed_in(dora)

    def test_it_shows_whom_it_would_ask_before_it_sends(
        self, doras: Client, survey: Survey, wang: Customer, li: Customer
    ) -> None:
        invitations.opt_out(customer=li)
        choice = doras.get("/invitations/new/", {"survey": survey.pk, "channel": "link"}).context["choice"]
        assert (choice.asked, [n for _, n in choice.reasons]) == ((wang,), [1])
        assert not Invitation.objects.exists()

    def test_it_sends_what_it_showed(
        self, doras: Client, survey: Survey, wang: Customer, li: Customer
    ) -> None:
        doras.post("/invitations/new/", {"survey": survey.pk, "channel": "link", "segment": "family"})
        assert Invitation.objects.get().customer == wang

    def test_it_asks_one_customer_by_phone(self, doras: Client, survey: Survey, wang: Customer) -> None:
        doras.post("/invitations/new/", {"survey": survey.pk, "channel": "link", "number": "138 1234 5678"})
        assert Invitation.objects.get().customer == wang

    def test_it_masks_the_address_in_the_outbox(self, doras: Client, invite: Invite) -> None:
        invite(channel="outbox")
        html = doras.get("/outbox/").text
        assert "138****5678" in html
        assert "13812345678" not in html

    def test_it_counts_a_message_handed_over_as_sent(self, doras: Client, invite: Invite) -> None:
        asked = invite(channel="outbox")
        doras.post(f"/outbox/{Message.objects.get().pk}/handover/")
        asked.refresh_from_db()
        assert asked.sent_at is not None
        assert Event.objects.filter(type=InvitationSent.type).count() == 1

    @pytest.mark.parametrize("page", ["/invitations/{0}/", "/outbox/{1}/"])
    def test_it_shows_nothing_to_another_branch(
        self, signed_in: Callable[[User], Client], charlie: User, invite: Invite, page: str
    ) -> None:
        asked = invite(channel="outbox")
        charlies = signed_in(charlie)
        assert charlies.get(page.format(asked.pk, Message.objects.get().pk)).status_code == 404
        assert "王小明" not in charlies.get("/invitations/").text

    def test_it_hides_what_was_held_back_for_no_reason_known(self, invite: Invite) -> None:
        invite(channel="outbox")
        assert set(Message.objects.values_list("held_back_by", flat=True)) <= set(messages.HELD_BACK)
