"""What is said with customers, whatever it runs over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils.timezone import now

from voiceloop.server.act.cases import cases
from voiceloop.server.act.models import Case, Contact, Post, RootCause, Thread
from voiceloop.server.act.threads import outgoing, threads
from voiceloop.server.act.threads.files import Upload, path_of
from voiceloop.server.collect.models import Conversation, Customer, Message
from voiceloop.server.core.models import Unit, User

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40
Heard = Callable[..., Post]


class TestHear:
    @pytest.mark.requirement(112)
    def test_it_opens_one_case_of_the_customer_and_keeps_to_it(self, heard: Heard, wang: Customer) -> None:
        first, second = heard(), heard("还是没到", "m2")
        assert first.thread == second.thread
        assert Case.objects.get().customer == wang
        assert first.thread.case.channel == "email"

    def test_it_hears_a_message_once(self, heard: Heard) -> None:
        assert heard() == heard()
        assert Post.objects.filter(direction="in").count() == 1

    def test_it_joins_the_case_at_which_somebody_is_at_work(self, heard: Heard, case: Case) -> None:
        assert heard().thread.case == case

    def test_another_channel_is_another_thread_of_the_same_case(self, heard: Heard) -> None:
        mail = heard()
        call = heard("我是刚才写信的", "w1", channel="phone", address="13812345678")
        assert (call.thread != mail.thread, call.thread.case) == (True, mail.thread.case)

    def test_it_opens_another_case_after_a_solution(
        self, heard: Heard, alice: User, slow_kitchen: RootCause
    ) -> None:
        old = heard().thread.case
        cases.resolve(old, by=alice, root_cause=slow_kitchen)
        assert heard("又坏了", "m2").thread.case != old

    def test_thanks_after_a_solution_open_nothing(
        self, heard: Heard, alice: User, slow_kitchen: RootCause
    ) -> None:
        old = heard().thread.case
        cases.resolve(old, by=alice, root_cause=slow_kitchen)
        assert heard("好的，谢谢！", "m2").thread.case == old
        assert Case.objects.count() == 1

    def test_it_goes_on_with_a_case_that_waited_for_the_customer(self, heard: Heard, alice: User) -> None:
        case = heard().thread.case
        cases.pause(case, by=alice)
        heard("这是订单号", "m2")
        assert not case.pauses.filter(ended_at=None).exists()

    def test_numbers_are_masked_and_kept_sealed(self, heard: Heard) -> None:
        post = heard("请打 13912345678")
        assert "13912345678" not in post.text
        assert Post.objects.get(pk=post.pk).as_typed == "请打 13912345678"

    def test_a_machine_that_answers_changes_nothing(self, heard: Heard) -> None:
        heard()
        heard("我不在办公室", "auto", is_automatic=True)
        assert Post.objects.filter(direction="out").count() == 1
        assert Thread.objects.get().posts.get(key="auto").is_automatic

    def test_an_unknown_sender_becomes_a_customer(self, heard: Heard, root: Unit) -> None:
        post = heard(address="li@example.com", name="李雷")
        assert post.thread.customer is not None
        assert (post.thread.customer.name, post.thread.customer.email) == ("李雷", "li@example.com")
        assert post.thread.case.unit == root

    def test_words_of_harm_make_a_serious_complaint(self, heard: Heard) -> None:
        case = heard("吃了以后食物中毒住院").thread.case
        assert (case.kind, case.severity) == ("complaint", "catastrophic")

    def test_a_file_is_kept_and_a_program_refused(self, heard: Heard) -> None:
        post = heard(attachments=[Upload("../图.png", PNG), Upload("x.png", b"MZ\x90\x00")])
        kept = post.attachments.get()
        assert (kept.name, kept.kind, path_of(kept.digest).read_bytes()) == ("图.png", "image/png", PNG)
        assert [one["fault"] for one in post.refused] == ["kind"]

    def test_it_is_one_conversation_of_its_channel(self, heard: Heard) -> None:
        heard()
        heard("还在吗", "m2")
        row = Conversation.objects.get()
        assert (row.kind, row.channel, row.first_response_seconds) == ("mail", "email", None)


class TestAcknowledge:
    @pytest.mark.requirement(127)
    def test_it_says_by_when_once(self, heard: Heard) -> None:
        heard()
        heard("在吗", "m2")
        said = Post.objects.get(direction="out")
        assert said.is_automatic
        assert f"编号 {said.thread.case_id}" in said.text or str(said.thread.case_id) in said.text
        assert Message.objects.get(about=f"post:{said.pk}").to == "wang@example.com"

    def test_it_speaks_the_customers_language(self, heard: Heard, wang: Customer) -> None:
        heard("My order never arrived, where is it?")
        assert Post.objects.get(direction="out").text.startswith("We have your message")

    def test_it_does_not_count_as_an_answer(self, heard: Heard) -> None:
        case = heard().thread.case
        assert case.first_contact_at is None
        assert not Contact.objects.exists()


class TestReply:
    def test_it_goes_out_over_the_thread_and_is_the_first_contact(self, heard: Heard, alice: User) -> None:
        thread = heard().thread
        post = threads.reply(thread, by=alice, text="马上为您查询")
        thread.case.refresh_from_db()
        assert thread.case.first_contact_at == post.at
        assert thread.case.owner == alice
        assert post.message is not None
        assert post.message.to == "wang@example.com"
        assert post.message.subject == f"Re: 订单 [#{thread.case_id}]"

    def test_it_is_measured_as_the_first_response(self, heard: Heard, alice: User) -> None:
        thread = heard(at=now() - timedelta(minutes=10)).thread
        threads.reply(thread, by=alice, text="马上为您查询")
        assert Conversation.objects.get().first_response_seconds == pytest.approx(600, abs=30)

    def test_it_is_sent_once_per_key(self, heard: Heard, alice: User) -> None:
        thread = heard().thread
        assert threads.reply(thread, by=alice, text="好", key="k") == threads.reply(
            thread, by=alice, text="好", key="k"
        )

    def test_with_a_file_that_is_refused_nothing_is_written(self, heard: Heard, alice: User) -> None:
        thread = heard().thread
        with pytest.raises(threads.Refused, match=r"x\.exe"):
            threads.reply(thread, by=alice, text="好", attachments=[Upload("x.exe", b"MZ\x00")])
        assert not thread.posts.filter(is_automatic=False, direction="out").exists()

    def test_without_a_mail_server_a_person_hands_it_over(self, heard: Heard, alice: User) -> None:
        post = threads.reply(heard().thread, by=alice, text="好")
        assert (outgoing.state(post).code, post.message.channel) == ("held_back", "outbox")  # type: ignore[union-attr]


class TestWithdraw:
    def test_it_never_leaves_and_the_customer_still_waits(self, heard: Heard, alice: User) -> None:
        thread = heard().thread
        post = threads.reply(thread, by=alice, text="写错了")
        Message.objects.filter(pk=post.message_id).update(held_back_by="")
        assert threads.withdraw(post, by=alice)
        thread.case.refresh_from_db()
        assert thread.case.first_contact_at is None
        assert Message.objects.get(pk=post.message_id).held_back_by == "withdrawn"

    def test_what_has_left_stays_said(self, heard: Heard, alice: User) -> None:
        post = threads.reply(heard().thread, by=alice, text="好")
        Message.objects.filter(pk=post.message_id).update(sent_at=now(), n_tries=1)
        assert not threads.withdraw(post, by=alice)


class TestTalk:
    @pytest.mark.requirement(112)
    def test_a_phone_note_is_part_of_the_conversation(self, case: Case, alice: User) -> None:
        threads.talk(case, by=alice, result="reached", note="已道歉")
        post = Post.objects.get()
        case.refresh_from_db()
        assert (post.thread.channel, post.text, post.contact.note) == ("phone", "已道歉", "已道歉")  # type: ignore[union-attr]
        assert case.first_contact_at is not None
