"""The mailbox that customers write to, read by IMAP once a minute; each mail is taken once."""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import OperationalError
from django.utils.timezone import now

from voiceloop.server.act.models import Inlet
from voiceloop.server.act.threads import addresses, receiving
from voiceloop.server.core.models import Unit

log = logging.getLogger(__name__)
TIMEOUT = 20
# Mails of one pass, so that a full mailbox does not keep the worker from everything else.
BATCH = 200
# A mail of this size is refused unread: its files would be too large anyhow.
MOST_BYTES = 40 * 2**20


class Unreadable(Exception):
    """The mailbox did not say what a mailbox says."""


def is_set_up() -> bool:
    return bool(settings.MAILBOX_URL)


def inlet() -> Inlet | None:
    """The mailbox's own row, made when it is first read."""
    root = Unit.objects.filter(parent=None).order_by("pk").first()
    if root is None:
        return None
    made, _is_new = Inlet.objects.get_or_create(
        channel=Inlet.Channel.EMAIL, defaults={"unit": root, "name": addresses.ours() or "E-mail"}
    )
    return made


def fetch(into: Inlet) -> int:
    """Read what is new; how many mails there were. What went wrong stands at the inlet."""
    into.tried_at = now()
    n = 0
    try:
        with _opened() as (server, validity):
            for uid, raw in _new(server, into, validity):
                n += _take(into, raw)
                into.read_to = f"{validity}:{uid}"
                into.save(update_fields=["read_to"])
        into.seen_at, into.error = into.tried_at, ""
    except (OSError, imaplib.IMAP4.error, Unreadable, ValueError) as error:
        into.error = (str(error) or type(error).__name__)[:300]
    into.save(update_fields=["tried_at", "seen_at", "error"])
    return n


def _take(into: Inlet, raw: bytes) -> int:
    """A mail that cannot be read must not keep those behind it waiting; a database that is away may."""
    try:
        return int(receiving.receive(raw, inlet=into) is not None)
    except OperationalError:
        raise
    except Exception:
        log.exception("a mail of %d bytes could not be taken", len(raw))
        return 0


@contextmanager
def _opened() -> Iterator[tuple[imaplib.IMAP4, str]]:
    url = urlsplit(settings.MAILBOX_URL)
    host, folder = url.hostname or "localhost", unquote(url.path.strip("/")) or "INBOX"
    server: imaplib.IMAP4
    if url.scheme == "imaps":
        context = ssl.create_default_context()
        server = imaplib.IMAP4_SSL(host, url.port or 993, ssl_context=context, timeout=TIMEOUT)
    else:
        server = imaplib.IMAP4(host, url.port or 143, timeout=TIMEOUT)
    try:
        if url.scheme == "imap+tls":
            server.starttls(ssl.create_default_context())
        server.login(unquote(url.username or ""), unquote(url.password or ""))
        state, said = server.select(f'"{folder}"')
        if state != "OK":
            raise Unreadable(_text(said))
        yield server, _text(server.response("UIDVALIDITY")[1])
    finally:
        try:
            server.logout()
        except (OSError, imaplib.IMAP4.error):
            server.shutdown()


def _new(server: imaplib.IMAP4, into: Inlet, validity: str) -> Iterator[tuple[int, bytes]]:
    """Mails behind the last one that was read; a mailbox that was made anew is read by what is unseen."""
    known, _colon, last = into.read_to.partition(":")
    behind = int(last) if known == validity and last else 0
    state, found = server.uid("search", f"UID {behind + 1}:*" if behind else "UNSEEN")
    if state != "OK":
        raise Unreadable(_text(found))
    # TRICKY: "n:*" always names the newest mail, also when its number is below n.
    uids = sorted(int(uid) for uid in _text(found).split() if int(uid) > behind)
    for uid in uids[:BATCH]:
        raw = _raw(server, uid)
        if raw is not None:
            yield uid, raw
            server.uid("store", str(uid), "+FLAGS", "(\\Seen)")


def _raw(server: imaplib.IMAP4, uid: int) -> bytes | None:
    _state, sizes = server.uid("fetch", str(uid), "(RFC822.SIZE)")
    size = re.search(r"RFC822\.SIZE (\d+)", _text(sizes))
    if size and int(size[1]) > MOST_BYTES:
        log.warning("mail %d of %s bytes is too large to be read", uid, size[1])
        return None
    _state, parts = server.uid("fetch", str(uid), "(BODY.PEEK[])")
    return next((part[1] for part in parts if isinstance(part, tuple)), None)


def _text(said: object) -> str:
    """What an IMAP server said, whatever it is wrapped in."""
    parts = said if isinstance(said, list | tuple) else [said]
    words = (part[0] if isinstance(part, tuple) else part for part in parts)
    return " ".join(
        word.decode(errors="replace") if isinstance(word, bytes) else str(word) for word in words if word
    )
