"""Raw mails, as mailboxes hold them."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from django.conf import LazySettings

from voiceloop.server.act.models import Case, Post, Thread
from voiceloop.server.act.threads import addresses, mail, outgoing, threads
from voiceloop.server.act.threads.receiving import receive
from voiceloop.server.collect.channels import email
from voiceloop.server.collect.models import Customer, Message
from voiceloop.server.core.models import Unit, User

Writes = Callable[..., bytes]


@pytest.fixture(autouse=True)
def _mailbox(settings: LazySettings, root: Unit) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    settings.MAILBOX_URL = "imap://127.0.0.1:1"
    settings.MAILBOX_ADDRESS = "care@shop.example"
    settings.DEFAULT_FROM_EMAIL = "Shop <care@shop.example>"


def written(text: str = "我的外卖一直没到", **heads: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    known = {
        "From": "王小明 <wang@example.com>",
        "To": "care@shop.example",
        "Subject": "外卖",
        "Message-ID": "<1@x>",
    }
    for name, value in {**known, **{name.replace("_", "-"): value for name, value in heads.items()}}.items():
        if value:
            message[name] = value
    message.set_content(text)
    return message.as_bytes()


def heard(raw: bytes) -> Post:
    post = receive(raw)
    assert post is not None
    return post


class TestReceive:
    @pytest.mark.requirement(112)
    def test_a_mail_opens_a_case_of_its_sender(self, wang: Customer) -> None:
        post = heard(written())
        assert (post.text, post.thread.subject, post.thread.customer) == ("我的外卖一直没到", "外卖", wang)

    def test_a_mail_is_taken_once(self, wang: Customer) -> None:
        assert heard(written()) == heard(written())

    def test_an_answer_to_our_mail_joins_its_thread(self, wang: Customer, alice: User) -> None:
        thread = heard(written()).thread
        ours = threads.reply(thread, by=alice, text="查到了")
        answer = heard(written("好的", Message_ID="<2@x>", In_Reply_To=f"<post.{ours.pk}@shop.example>"))
        assert answer.thread == thread

    def test_the_signed_address_knows_its_thread_whoever_answers(self, wang: Customer, alice: User) -> None:
        thread = heard(written()).thread
        to = addresses.reply_address(thread)
        answer = heard(written("我是他太太", From="li@example.com", To=to, Message_ID="<3@x>"))
        assert answer.thread == thread

    def test_a_forged_token_or_reference_opens_a_case_of_its_own(self, wang: Customer, alice: User) -> None:
        thread = heard(written()).thread
        ours = threads.reply(thread, by=alice, text="查到了")
        forged = f"care+t{'A' * 16}1@shop.example"
        reference = f"<post.{ours.pk}@shop.example>"
        answer = heard(written("给我看看", From="eve@example.com", To=forged, In_Reply_To=reference))
        assert answer.thread.case != thread.case

    @pytest.mark.parametrize(
        "heads",
        [
            {"Auto_Submitted": "auto-replied"},
            {"Precedence": "bulk"},
            {"List_Id": "<news.example.com>"},
            {"From": "MAILER-DAEMON@example.com"},
            {"From": "no-reply@example.com"},
            {"Subject": "自动回复：外卖"},
            {"From": "care@shop.example"},
            {"From": "care+tsomething@shop.example"},
        ],
    )
    def test_machines_and_ourselves_open_no_case(self, heads: dict[str, str]) -> None:
        assert receive(written(**heads)) is None
        assert not Case.objects.exists()

    def test_an_absence_note_is_kept_and_not_answered(self, wang: Customer, alice: User) -> None:
        thread = heard(written()).thread
        n = Message.objects.count()
        note = heard(
            written(
                "我在休假",
                Message_ID="<9@x>",
                To=addresses.reply_address(thread),
                Auto_Submitted="auto-replied",
            )
        )
        assert (note.is_automatic, note.thread, Message.objects.count()) == (True, thread, n)

    def test_a_mail_that_came_back_is_said_at_the_answer(self, wang: Customer, alice: User) -> None:
        thread = heard(written()).thread
        ours = threads.reply(thread, by=alice, text="查到了")
        assert receive(bounce(ours.pk, "wang@example.com")) is None
        state = outgoing.state(Post.objects.get(pk=ours.pk))
        assert (state.code, state.detail) == ("failed", "smtp; 550 no such user")
        assert Case.objects.count() == 1

    def test_nothing_is_sent_to_an_address_that_bounced(self, wang: Customer, alice: User) -> None:
        thread = heard(written()).thread
        ours = threads.reply(thread, by=alice, text="查到了")
        receive(bounce(ours.pk, "wang@example.com"))
        again = threads.reply(Thread.objects.get(), by=alice, text="收到吗")
        assert outgoing.state(Post.objects.get(pk=again.pk)).code == "failed"

    def test_a_report_about_somebody_else_is_not_believed(self, wang: Customer, alice: User) -> None:
        ours = threads.reply(heard(written()).thread, by=alice, text="查到了")
        receive(bounce(ours.pk, "eve@example.com"))
        assert Thread.objects.get().bounced_at is None


def bounce(pk: int, recipient: str) -> bytes:
    lines = [
        "From: MAILER-DAEMON@mx.example", "To: care@shop.example", "Subject: Undelivered",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "",
        "--b", "Content-Type: text/plain", "", "It failed.",
        "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example", "",
        f"Final-Recipient: rfc822; {recipient}", "Action: failed", "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 no such user", "",
        "--b", "Content-Type: text/rfc822-headers", "", f"Message-ID: <post.{pk}@shop.example>", "",
        "--b--", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


class TestMailOfAnAnswer:
    def test_it_says_what_it_answers_and_where_the_next_goes(self, wang: Customer, alice: User) -> None:
        thread = heard(written()).thread
        ours = threads.reply(
            thread, by=alice, text="查到了", attachments=[threads.Upload("图.png", b"\x89PNG\r\n\x1a\n0")]
        )
        assert ours.message is not None
        sent = email._mail(ours.message)
        assert sent["In-Reply-To"] == sent["References"] == "<1@x>"
        assert addresses.thread_in(sent["Reply-To"]) == thread.pk
        assert sent["Auto-Submitted"] is None
        assert [part.get_filename() for part in sent.iter_attachments()] == ["图.png"]

    def test_an_acknowledgement_says_that_a_machine_wrote_it(self, wang: Customer) -> None:
        heard(written())
        sent = email._mail(Message.objects.get())
        assert sent["Auto-Submitted"] == "auto-replied"


class TestParse:
    def test_what_the_mail_repeats_is_kept_apart(self) -> None:
        text = "还没有收到\n\n在 2026年11月20日 10:00，客服 <care@shop.example> 写道：\n> 已退款\n"
        found = mail.parse(written(text))
        assert found.text == "还没有收到"
        assert "已退款" in found.quoted

    @pytest.mark.parametrize(
        "head",
        [
            "On Fri, Nov 20, 2026 at 10:00 AM Care <care@shop.example> wrote:",
            "------------------ 原始邮件 ------------------",
            "-----Original Message-----",
            "发件人: 客服\n发送时间: 2026年11月20日\n主题: 外卖",
            "From: Care\nSent: Friday\nTo: Wang",
        ],
    )
    def test_every_programs_way_of_quoting_is_known(self, head: str) -> None:
        assert mail.parse(written(f"Still nothing.\n\n{head}\nwe refunded it")).text == "Still nothing."

    def test_an_answer_below_the_quotation_stays_whole(self) -> None:
        text = "> when did you order?\nyesterday at noon"
        assert "yesterday at noon" in mail.parse(written(text)).text

    def test_html_becomes_words_and_nothing_of_it_runs(self) -> None:
        message = EmailMessage(policy=SMTP)
        message["From"] = "wang@example.com"
        html = (
            "<html><head><style>p{}</style></head><body><p>菜<b>凉</b>了&nbsp;&lt;很&gt;</p><script>alert(1)</script>"
            "<img src='http://x/track.gif'><blockquote>已退款</blockquote></body></html>"
        )
        message.set_content(html, subtype="html")
        found = mail.parse(message.as_bytes())
        assert (found.text, found.quoted) == ("菜凉了 <很>", "> 已退款")

    @pytest.mark.parametrize("charset", ["gb18030", "big5", "utf-8"])
    def test_chinese_of_any_encoding_is_read(self, charset: str) -> None:
        raw = (
            b"From: wang@example.com\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset="
            + charset.encode() + b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + "退款".encode(charset)
        )  # fmt: skip
        assert mail.parse(raw).text == "退款"

    @pytest.mark.parametrize(
        "raw",
        [
            b"",
            b"\x00\xff\xfe",
            b"From: =?utf-8?q?broken\r\n\r\nx",
            b"Content-Type: multipart/mixed\r\n\r\nno boundary",
            b"From: a@b\r\nDate: never\r\nContent-Type: text/plain; charset=klingon\r\n\r\nhello",
            b"From: <<>>\r\nTo: ;;;\r\nReferences: " + b"<x" * 5000,
        ],
    )
    def test_a_broken_mail_breaks_nothing(self, raw: bytes) -> None:
        mail.parse(raw)
