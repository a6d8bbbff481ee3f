"""E-mail by SMTP, set up by VOICELOOP_EMAIL_URL: smtp://, smtp+tls:// (STARTTLS) or smtps://user:password@host:port."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from voiceloop.server.collect import enclosures
from voiceloop.server.collect.channels import Refused
from voiceloop.server.collect.letters import choices_of, leave_link

if TYPE_CHECKING:
    from voiceloop.server.collect.models import Customer, Message

TIMEOUT = 20


class Email:
    code = "email"
    label = _("E-mail")
    delivers = True

    def is_ready(self) -> bool:
        return bool(settings.EMAIL_URL)

    def address_of(self, customer: Customer) -> str:
        address = (customer.email or "").strip()
        try:
            validate_email(address)
        except ValidationError:
            return ""
        return address

    def send(self, message: Message) -> None:
        mail = _mail(message)
        try:
            with _server() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            # 4xx means "not now": greylisting, a full queue. Only 5xx is for good.
            if code >= 500:
                raise Refused(f"{code} {said.decode(errors='replace')}") from error
            raise


def _server() -> smtplib.SMTP:
    url = urlsplit(settings.EMAIL_URL)
    host = url.hostname or "localhost"
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            host, url.port or 465, timeout=TIMEOUT, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(host, url.port or 25, timeout=TIMEOUT)
    try:
        return _opened(server, url)
    except BaseException:
        server.close()
        raise


def _opened(server: smtplib.SMTP, url: SplitResult) -> smtplib.SMTP:
    if url.scheme == "smtp+tls":
        server.starttls(context=ssl.create_default_context())
    if url.username:
        server.login(unquote(url.username), unquote(url.password or ""))
    return server


def _mail(message: Message) -> EmailMessage:
    name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    mail = EmailMessage()
    mail["From"] = Address(name, addr_spec=sender)
    mail["To"] = Address(addr_spec=message.to or "")
    mail["Subject"] = re.sub(r"\s+", " ", message.subject)
    mail["Date"] = format_datetime(localtime(message.created_at))
    # The same message has the same id, so that a mailbox can drop a copy if a relay repeats it.
    mail["Message-ID"] = f"<{message.key.replace(':', '.')}@{sender.partition('@')[2] or 'localhost'}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.invitation_id and message.customer_id:
        # One click in the mail program leaves (RFC 8058): it posts to the address of the leave page.
        mail["List-Unsubscribe"] = f"<{leave_link(message.customer_id)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.body)
    letter = _letter_of(message)
    if letter:
        mail.add_alternative(letter, subtype="html")
    if enclosure := enclosures.of(message):
        _enclose(mail, enclosure)
    return mail


def _enclose(mail: EmailMessage, enclosure: enclosures.Enclosure) -> None:
    if enclosure.by_a_person:
        del mail["Auto-Submitted"]
    for name, value in enclosure.headers.items():
        del mail[name]
        mail[name] = value
    if enclosure.letter:
        mail.add_alternative(enclosure.letter, subtype="html")
    html = mail.get_body(("html",))
    for name, picture in enclosure.pictures.items():
        html.add_related(picture, "image", "png", cid=f"<{name}>")  # type: ignore[union-attr]  # added above
    for file in enclosure.files:
        main, _slash, sub = file.kind.partition("/")
        mail.add_attachment(file.content, main, sub, filename=file.name)
    if enclosure.leave:
        mail["List-Unsubscribe"] = f"<{enclosure.leave}>"
        if enclosure.one_click:
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _letter_of(message: Message) -> str:
    """The first question in the mail: each score is a link that only preselects it."""
    choices = choices_of(message)
    return (
        render_to_string("collect/invitation_mail.html", {"message": message, **choices}) if choices else ""
    )


CHANNEL = Email()
