"""The chat page as a customer's phone sees it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now

from voiceloop.server.act.models import Attachment, Case, Inlet, Post, Thread
from voiceloop.server.act.threads import threads
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import User

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    cache.clear()


def say(phone: Client, text: str = "外卖还没到", **more: object) -> int:
    return phone.post("/chat/site/", {"text": text, **more}).status_code


def seen(phone: Client) -> str:
    return phone.get("/chat/site/", headers={"Accept-Language": "zh-CN"}).content.decode()


def shown(post: Post) -> None:
    """The time in which it could be taken back is over."""
    Post.objects.filter(pk=post.pk).update(at=now() - timedelta(seconds=11))


class TestChat:
    @pytest.mark.requirement(115)
    def test_a_visitor_opens_a_case_and_sees_when_an_answer_comes(self, chat: Inlet) -> None:
        phone = Client()
        assert say(phone) == 303
        page = seen(phone)
        assert "外卖还没到" in page
        assert f"编号 {Case.objects.get().pk}" in page
        assert "最晚" in page

    def test_an_answer_is_seen_once_it_cannot_be_taken_back(self, chat: Inlet, alice: User) -> None:
        phone = Client()
        say(phone)
        post = threads.reply(Thread.objects.get(), by=alice, text="马上为您查询")
        assert "马上为您查询" not in seen(phone)
        shown(post)
        assert "马上为您查询" in seen(phone)

    def test_what_was_taken_back_is_never_seen(self, chat: Inlet, alice: User) -> None:
        phone = Client()
        say(phone)
        post = threads.reply(Thread.objects.get(), by=alice, text="写错了")
        assert threads.withdraw(post, by=alice)
        shown(post)
        assert "写错了" not in seen(phone)

    def test_another_visitor_sees_nothing_of_it(self, chat: Inlet) -> None:
        say(Client())
        assert "外卖还没到" not in seen(Client())

    def test_a_changed_cookie_is_a_new_visitor(self, chat: Inlet) -> None:
        phone = Client()
        say(phone)
        phone.cookies["voiceloop_chat"] = phone.cookies["voiceloop_chat"].value + "x"
        assert "外卖还没到" not in seen(phone)

    def test_notes_and_talks_are_never_seen(self, chat: Inlet, alice: User) -> None:
        phone = Client()
        say(phone)
        threads.talk(Case.objects.get(), by=alice, result="reached", note="客人很生气")
        shown(Post.objects.get(direction="talk"))
        assert "客人很生气" not in seen(phone)

    def test_the_visitor_reads_their_own_numbers(self, chat: Inlet) -> None:
        phone = Client()
        say(phone, "请打 13912345678")
        assert "13912345678" in seen(phone)
        assert "13912345678" not in Post.objects.get(direction="in").text

    def test_looking_writes_nothing(self, chat: Inlet) -> None:
        seen(Client())
        assert not Thread.objects.exists()

    def test_a_form_sent_twice_is_heard_once(self, chat: Inlet) -> None:
        phone = Client()
        say(phone, key="k1")
        say(phone, key="k1")
        assert Post.objects.filter(direction="in").count() == 1

    def test_a_name_and_a_number_make_it_that_customers_case(self, chat: Inlet, wang: Customer) -> None:
        say(Client(), name="王", contact="138 1234 5678")
        assert Case.objects.get().customer == wang

    def test_a_file_is_shown_to_its_sender_only(self, chat: Inlet) -> None:
        phone = Client()
        say(phone, files=SimpleUploadedFile("坏.png", PNG))
        path = f"/chat/site/files/{Attachment.objects.get().pk}/"
        answer = phone.get(path)
        assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined]  # a file is streamed
        assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "image/png")
        assert Client().get(path).status_code == 404

    def test_a_program_is_refused_and_the_words_stay(self, chat: Inlet) -> None:
        answer = Client().post(
            "/chat/site/", {"text": "看附件", "files": SimpleUploadedFile("a.png", b"MZ\x90\x00")}
        )
        assert answer.status_code == 422
        assert "看附件" in answer.content.decode()
        assert not Post.objects.exists()

    def test_a_program_that_fills_in_everything_is_not_heard(self, chat: Inlet) -> None:
        say(Client(), website="http://spam.example")
        assert not Post.objects.exists()

    def test_a_flood_is_slowed_down(self, chat: Inlet) -> None:
        phone = Client()
        codes = [say(phone, f"消息 {n}", key=str(n)) for n in range(17)]
        assert (codes[0], codes[-1]) == (303, 422)
        assert Post.objects.filter(direction="in").count() == 15

    def test_a_closed_chat_takes_nothing(self, chat: Inlet) -> None:
        Inlet.objects.update(is_open=False)
        assert say(Client()) == 404
        assert "此聊天已关闭" in seen(Client())

    def test_words_are_shown_as_words(self, chat: Inlet) -> None:
        phone = Client()
        say(phone, "<script>alert(1)</script>")
        assert "<script>alert(1)" not in seen(phone)

    def test_it_speaks_the_readers_language(self, chat: Inlet) -> None:
        page = Client().get("/chat/site/?lang=en").content.decode()
        assert "Write a message" in page


class TestMessages:
    def test_nothing_new_leaves_the_page_as_it_is(self, chat: Inlet, alice: User) -> None:
        phone = Client()
        say(phone)
        stamp = phone.get("/chat/site/messages/").context["stamp"]
        assert phone.get(f"/chat/site/messages/?seen={stamp}").status_code == 204
        shown(threads.reply(Thread.objects.get(), by=alice, text="查到了"))
        assert "查到了" in phone.get(f"/chat/site/messages/?seen={stamp}").content.decode()
