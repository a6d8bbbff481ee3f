"""A mailbox read over a real socket, by a server that speaks as much IMAP as is asked of it."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from django.conf import LazySettings

from voiceloop.server.act.models import Inlet, Post
from voiceloop.server.act.threads import mailbox
from voiceloop.server.act.threads.jobs import read_mailbox
from voiceloop.server.core.models import Unit


class Box(socketserver.ThreadingTCPServer):
    """Mails by their number, those that were seen, and what was asked."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails: dict[int, bytes] = {}
        self.seen: set[int] = set()
        self.validity = 7

    def put(self, text: str) -> int:
        message = EmailMessage(policy=SMTP)
        uid = max(self.mails, default=0) + 1
        message["From"], message["Subject"], message["Message-ID"] = "li@example.com", "外卖", f"<{uid}@li>"
        message.set_content(text)
        self.mails[uid] = message.as_bytes()
        return uid


class _Session(socketserver.StreamRequestHandler):
    server: Box

    def handle(self) -> None:
        self._say(b"* OK ready")
        for line in self.rfile:
            tag, _space, command = line.decode().strip().partition(" ")
            self._answer(command)
            self._say(f"{tag} OK done".encode())
            if command.upper().startswith("LOGOUT"):
                return

    def _answer(self, command: str) -> None:
        box, word = self.server, command.upper()
        if word.startswith("CAPABILITY"):
            self._say(b"* CAPABILITY IMAP4rev1")
        elif word.startswith("SELECT"):
            self._say(f"* {len(box.mails)} EXISTS".encode())
            self._say(f"* OK [UIDVALIDITY {box.validity}] fine".encode())
        elif word.startswith("UID SEARCH"):
            self._say(("* SEARCH " + " ".join(map(str, self._found(word)))).encode())
        elif word.startswith("UID FETCH"):
            self._fetch(int(word.split()[2]), word)
        elif word.startswith("UID STORE"):
            box.seen.add(int(word.split()[2]))

    def _found(self, word: str) -> list[int]:
        behind = re.search(r"UID (\d+):\*$", word)
        if behind is None:
            return [uid for uid in self.server.mails if uid not in self.server.seen]
        found = [uid for uid in self.server.mails if uid >= int(behind[1])]
        # As RFC 3501 says: "*" is the newest mail, also below the number.
        return found or [max(self.server.mails)]

    def _fetch(self, uid: int, word: str) -> None:
        raw = self.server.mails[uid]
        if "RFC822.SIZE" in word:
            self._say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})".encode())
            return
        self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")


@pytest.fixture
def box(settings: LazySettings, root: Unit) -> Iterator[Box]:
    with Box() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.MAILBOX_URL = f"imap://care:secret@127.0.0.1:{server.server_address[1]}/INBOX"
        settings.MAILBOX_ADDRESS = "care@shop.example"
        yield server
        server.shutdown()


@pytest.fixture
def inlet(box: Box) -> Inlet:
    found = mailbox.inlet()
    assert found is not None
    return found


def words() -> list[str]:
    return list(Post.objects.filter(direction="in").order_by("pk").values_list("text", flat=True))


class TestFetch:
    @pytest.mark.requirement(112)
    def test_it_takes_each_mail_once(self, box: Box, inlet: Inlet) -> None:
        box.put("第一封")
        box.put("第二封")
        assert [mailbox.fetch(inlet), mailbox.fetch(inlet)] == [2, 0]
        assert words() == ["第一封", "第二封"]
        assert box.seen == {1, 2}

    def test_it_goes_on_behind_the_last_one(self, box: Box, inlet: Inlet) -> None:
        box.put("第一封")
        mailbox.fetch(inlet)
        box.put("第二封")
        assert mailbox.fetch(Inlet.objects.get(pk=inlet.pk)) == 1
        assert words() == ["第一封", "第二封"]

    def test_a_mailbox_made_anew_is_read_by_what_is_unseen(self, box: Box, inlet: Inlet) -> None:
        box.put("第一封")
        mailbox.fetch(inlet)
        box.validity = 8
        box.put("第二封")
        assert mailbox.fetch(inlet) == 1

    def test_a_broken_mail_does_not_stop_those_behind_it(self, box: Box, inlet: Inlet) -> None:
        box.mails[1] = b"\x00\xff not a mail"
        box.put("第二封")
        mailbox.fetch(inlet)
        assert words() == ["第二封"]

    def test_a_mailbox_that_is_away_says_so_and_is_tried_again(
        self, box: Box, inlet: Inlet, settings: LazySettings
    ) -> None:
        there, settings.MAILBOX_URL = settings.MAILBOX_URL, "imap://127.0.0.1:1/INBOX"
        assert mailbox.fetch(inlet) == 0
        assert inlet.error
        settings.MAILBOX_URL = there
        box.put("第一封")
        assert (mailbox.fetch(inlet), inlet.error) == (1, "")


class TestReadMailbox:
    def test_the_minutes_job_reads_it(self, box: Box) -> None:
        box.put("第一封")
        job: Callable[..., int] = read_mailbox
        assert job(timestamp=0) == 1
