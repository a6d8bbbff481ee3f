"""A raw mail (RFC 5322) as what somebody said: by whom, to which thread, with which files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parseaddr, parsedate_to_datetime

from django.utils.timezone import now

from voiceloop.server.act.threads import plain, quoting
from voiceloop.server.act.threads.files import Upload

_MACHINES = re.compile(
    r"^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?[+-].*|bounce|notifications?)@",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"^\s*(?:自动回复|自动答复|Automatic reply|Auto(?:matic)?[- ]?reply|Out of office)", re.IGNORECASE
)
_QUIET_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply",
    "List-Id",
    "List-Unsubscribe",
    "Feedback-ID",
)
# Parts of one mail; a mail made of more is an attack or a mistake.
MOST_PARTS = 200


@dataclass(frozen=True)
class Bounce:
    """A report that a mail of ours was not delivered: its id, whom it was for, and why."""

    original: str
    recipient: str
    why: str


@dataclass(frozen=True)
class Mail:
    id: str
    sender: str
    name: str
    recipients: str
    references: str
    subject: str
    text: str
    quoted: str
    at: datetime
    is_automatic: bool
    files: tuple[Upload, ...] = ()
    bounce: Bounce | None = field(default=None)


def parse(raw: bytes) -> Mail:
    """Read a mail; whatever is broken in it is left out, and nothing in it is run."""
    message: EmailMessage = message_from_bytes(raw, policy=policy.default)
    name, sender = parseaddr(_head(message, "From"))
    said, quoted = quoting.trim(_words(message))
    bounce = _bounce(message)
    return Mail(
        id=_head(message, "Message-ID").strip(),
        sender=sender.strip().lower(),
        name=name.strip(),
        recipients=" ".join(_addresses(message)),
        references=" ".join([_head(message, "In-Reply-To"), _head(message, "References")]),
        subject=re.sub(r"\s+", " ", _head(message, "Subject")).strip()[:200],
        text=said,
        quoted=quoted,
        at=_sent_at(message),
        is_automatic=bounce is not None or _is_automatic(message, sender),
        files=tuple(_files(message)),
        bounce=bounce,
    )


def _head(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, "") or "")
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):
        # TRICKY: a malformed head raises when it is read, not when the mail is parsed.
        return ""


def _addresses(message: EmailMessage) -> list[str]:
    heads = [_head(message, name) for name in ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")]
    return [address for _name, address in getaddresses(heads)]


def _sent_at(message: EmailMessage) -> datetime:
    """When it says it was sent; a clock that is wrong by more than a day is not believed."""
    try:
        at = parsedate_to_datetime(_head(message, "Date"))
    except (ValueError, TypeError, IndexError):
        return now()
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at if now() - timedelta(days=30) < at <= now() else now()


def _words(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    text = _text(body)  # type: ignore[arg-type]  # a part is a message of the same policy
    return (
        plain.text_of(text) if body.get_content_type() == "text/html" else text.replace("\r\n", "\n").strip()
    )


def _text(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    content = payload if isinstance(payload, bytes) else b""
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "gb18030"):
        try:
            return content.decode(charset).replace("\x00", "")
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("utf-8", "replace").replace("\x00", "")


def _files(message: EmailMessage) -> list[Upload]:
    body = message.get_body(("plain", "html"))
    found = []
    for n, part in enumerate(message.walk()):
        if n >= MOST_PARTS:
            break
        is_file = part.get_filename() or part.get_content_maintype() in ("image", "audio", "video")
        if part.is_multipart() or part is body or not is_file:
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            found.append(Upload(part.get_filename() or f"{part.get_content_subtype()}", content))
    return found


def _is_automatic(message: EmailMessage, sender: str) -> bool:
    """By what machines say of themselves (RFC 3834), and by what those do that do not."""
    submitted = _head(message, "Auto-Submitted").strip().lower()
    precedence = _head(message, "Precedence").strip().lower()
    return (
        submitted not in ("", "no")
        or precedence in ("bulk", "junk", "list", "auto_reply")
        or any(message.get(name) is not None for name in _QUIET_HEADERS)
        or _head(message, "Return-Path").strip() == "<>"
        or not sender
        or _MACHINES.match(sender) is not None
        or _ABSENT.match(_head(message, "Subject")) is not None
    )


def _bounce(message: EmailMessage) -> Bounce | None:
    if message.get_content_type() != "multipart/report":
        return None
    report = original = ""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            report = part.as_string()
        elif part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            original = part.as_string()
    if not re.search(r"^Action:\s*failed", report, re.IGNORECASE | re.MULTILINE):
        return None
    return Bounce(
        _line(original, "Message-ID"),
        _line(report, "Final-Recipient").rpartition(";")[2].strip().lower(),
        _line(report, "Diagnostic-Code") or _line(report, "Status"),
    )


def _line(text: str, name: str) -> str:
    found = re.search(rf"^{name}:\s*(.+(?:\n[ \t].+)*)", text, re.IGNORECASE | re.MULTILINE)
    return re.sub(r"\s+", " ", found[1]).strip() if found else ""
