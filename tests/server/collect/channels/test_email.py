"""E-mail: against a real SMTP server; nobody is mailed twice."""

from __future__ import annotations

import email
import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from voiceloop.server.collect import channels, invitations, messages, responses
from voiceloop.server.collect.models import Customer, Invitation, Message
from voiceloop.server.core.models import User

Invite = Callable[..., Invitation]


class Mailbox:
    """A server that keeps what it is given and says what it is told to."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_URL = f"smtp://127.0.0.1:{port}"
    settings.DEFAULT_FROM_EMAIL = "云帆 <ask@example.com>"
    yield box
    controller.stop()


@pytest.fixture
def message(mailbox: Mailbox, invite: Invite) -> Message:
    invite(channel="email")
    return Message.objects.get()


@pytest.mark.requirement(54)
class TestSend:
    def test_it_brings_the_link_and_the_first_question(self, mailbox: Mailbox, message: Message) -> None:
        assert messages.send([message.pk]) == 1
        (mail,) = mailbox.mails
        assert mail["To"] == "wang@example.com"
        assert mail["Subject"] == "总部：这次体验如何？"
        html = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
        assert html.count("?s=") == 11
        assert "/s/" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]

    def test_it_says_how_to_leave(self, mailbox: Mailbox, message: Message) -> None:
        messages.send([message.pk])
        assert "/u/" in mailbox.mails[0]["List-Unsubscribe"]

    def test_it_is_preferred_once_it_is_set_up(self, mailbox: Mailbox, settings: Any) -> None:
        assert channels.preferred().code == "email"
        settings.EMAIL_URL = ""
        assert channels.preferred().code == "outbox"

    def test_it_counts_as_sent(self, mailbox: Mailbox, message: Message) -> None:
        messages.send([message.pk])
        assert Invitation.objects.get().sent_at is not None

    def test_it_mails_nobody_twice(self, mailbox: Mailbox, message: Message) -> None:
        for _ in range(3):
            messages.send([message.pk])
        assert len(mailbox.mails) == 1

    def test_it_does_not_send_again_what_may_have_left(self, mailbox: Mailbox, message: Message) -> None:
        Message.objects.update(n_tries=1)  # whoever was sending died
        assert messages.send([message.pk]) == 0
        assert mailbox.mails == []

    def test_it_sends_again_when_a_person_says_so(
        self, mailbox: Mailbox, message: Message, carol: User
    ) -> None:
        Message.objects.update(n_tries=1)
        messages.try_again(message=message, by=carol)
        assert messages.send([message.pk]) == 1

    def test_it_tries_later_when_told_to(self, mailbox: Mailbox, message: Message) -> None:
        mailbox.answer = "451 later"
        messages.send([message.pk])
        assert Invitation.objects.get().failed_at is None
        mailbox.answer = "250 OK"
        assert messages.send([message.pk]) == 1

    def test_it_gives_up_at_a_wrong_address(self, mailbox: Mailbox, message: Message) -> None:
        mailbox.answer = "550 no such person"
        messages.send([message.pk])
        assert Invitation.objects.get().failed_at is not None
        assert Message.objects.get().held_back_by == "failed"

    def test_it_holds_back_what_was_taken_back(self, mailbox: Mailbox, message: Message, carol: User) -> None:
        invitations.revoke(invitation=Invitation.objects.get(), by=carol)
        messages.send([message.pk])
        assert Message.objects.get().held_back_by == "revoked"

    def test_it_holds_back_from_who_opted_out_meanwhile(
        self, mailbox: Mailbox, message: Message, wang: Customer
    ) -> None:
        invitations.opt_out(customer=wang)
        messages.send([message.pk])
        assert Message.objects.get().held_back_by == "opted_out"

    def test_it_does_not_ask_who_answered(self, mailbox: Mailbox, message: Message) -> None:
        responses.complete(invitation=Invitation.objects.get(), answers={"nps": 9})
        assert messages.send([message.pk]) == 0

    def test_it_puts_no_line_of_a_name_into_the_head(self, mailbox: Mailbox, message: Message) -> None:
        Message.objects.update(subject="Hello\r\nBcc: all@example.com")
        messages.send([message.pk])
        assert mailbox.mails[0]["Bcc"] is None
