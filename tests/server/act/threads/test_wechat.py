"""WeChat's calls to us, and ours to an interface that answers as WeChat does."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from voiceloop.server.act.models import Case, Inlet, Post, Thread
from voiceloop.server.act.threads import inlets, jobs, outgoing, threads, wechat
from voiceloop.server.act.threads.files import Upload
from voiceloop.server.collect import messages
from voiceloop.server.core.models import User

JPEG = b"\xff\xd8\xff\xe0" + b"0" * 60


class Interface(ThreadingHTTPServer):
    """What was asked of it; `codes` are the errors it answers with, one after the other."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, Any]] = []
        self.codes: list[int] = []

    def sent(self) -> list[Any]:
        return [body for path, body in self.asked if path.startswith("/cgi-bin/message/custom/send")]


class _Handler(BaseHTTPRequestHandler):
    server: Interface

    def do_GET(self) -> None:
        self.server.asked.append((self.path, None))
        self._answer("image/jpeg", JPEG)

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        is_json = self.headers["Content-Type"] == "application/json"
        self.server.asked.append((self.path, json.loads(raw) if is_json else raw))
        if "stable_token" in self.path:
            said: dict[str, Any] = {"access_token": f"key{len(self.server.asked)}", "expires_in": 7200}
        elif "media/upload" in self.path:
            said = {"media_id": "m-1"}
        else:
            said = {"errcode": self.server.codes.pop(0) if self.server.codes else 0, "errmsg": "as asked"}
        self._answer("application/json", json.dumps(said).encode())

    def _answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests say nothing."""


@pytest.fixture
def interface(settings: LazySettings) -> Iterator[Interface]:
    cache.clear()
    with Interface() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.WECHAT_API = f"http://127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()


def signed(token: str = "sesame", at: int | None = None) -> str:
    stamp = str(at or int(time.time()))
    digest = hashlib.sha1("".join(sorted((token, stamp, "n1"))).encode()).hexdigest()
    return "/wechat/gzh/?" + urlencode(
        {"signature": digest, "timestamp": stamp, "nonce": "n1", "echostr": "hi"}
    )


def xml(kind: str = "text", number: str = "1", **fields: str) -> str:
    known = {"ToUserName": "gh_1", "FromUserName": "openid-1", "CreateTime": str(int(time.time()))}
    known |= {"MsgType": kind, "MsgId": number, **fields}
    return (
        "<xml>" + "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in known.items()) + "</xml>"
    )


def call(body: str, url: str = "") -> Any:
    return Client().post(url or signed(), body, content_type="text/xml")


@pytest.fixture
def thread(account: Inlet) -> Thread:
    call(xml(Content="虾不新鲜"))
    found: Thread = Thread.objects.get()
    return found


class TestCallback:
    @pytest.mark.requirement(112)
    def test_a_message_opens_a_case_and_is_acknowledged_in_the_call(self, account: Inlet) -> None:
        answer = call(xml(Content="虾不新鲜"))
        fields = wechat.read(answer.content)
        assert Post.objects.get(direction="in").text == "虾不新鲜"
        assert (fields["ToUserName"], fields["FromUserName"]) == ("openid-1", "gh_1")
        assert str(Case.objects.get().pk) in fields["Content"]

    def test_a_repeated_call_is_heard_once(self, account: Inlet) -> None:
        body = xml(Content="虾不新鲜")
        assert call(body).content
        call(body)
        assert Post.objects.filter(direction="in").count() == 1

    def test_our_address_is_proved_by_the_echo(self, account: Inlet) -> None:
        assert Client().get(signed()).content == b"hi"

    @pytest.mark.parametrize("url", [signed("wrong"), signed(at=1), "/wechat/gzh/"])
    def test_a_call_that_is_not_signed_or_old_is_refused(self, account: Inlet, url: str) -> None:
        assert call(xml(Content="x"), url).status_code == 403
        assert not Post.objects.exists()

    def test_no_document_type_is_read(self, account: Inlet) -> None:
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><xml><Content>&b;</Content></xml>'
        assert call(bomb).status_code == 400

    def test_a_new_follower_opens_no_case(self, account: Inlet) -> None:
        assert call(xml("event", Event="subscribe")).content == b"success"
        assert not Case.objects.exists()

    def test_without_a_token_nobody_is_believed(self, account: Inlet) -> None:
        Inlet.objects.update(token=None)
        assert call(xml(Content="x"), signed("")).status_code == 403


class TestFetchMedia:
    def test_a_picture_is_fetched_and_kept_with_its_message(
        self, account: Inlet, interface: Interface
    ) -> None:
        call(xml("image", MediaId="m9", PicUrl="http://elsewhere.example/x.jpg"))
        post = Post.objects.get(direction="in")
        assert post.refused == [{"name": "image", "fault": "on_its_way"}]
        content = wechat.media(account, "m9")
        assert jobs._take(post, content=content, name="image") == 1
        post.refresh_from_db()
        assert (post.attachments.get().kind, post.refused) == ("image/jpeg", [])
        assert jobs._take(post, content=content, name="image") == 0


class TestSend:
    def test_an_answer_goes_out_by_the_interface(
        self, thread: Thread, interface: Interface, alice: User
    ) -> None:
        post = threads.reply(thread, by=alice, text="已封存送检 “三天内答复”")
        assert messages.send([post.message_id]) == 1
        said = {"touser": "openid-1", "msgtype": "text", "text": {"content": "已封存送检 “三天内答复”"}}
        assert interface.sent() == [said]
        assert outgoing.state(Post.objects.get(pk=post.pk)).code == "sent"

    def test_a_key_that_is_over_is_asked_for_anew(
        self, thread: Thread, interface: Interface, alice: User
    ) -> None:
        interface.codes = [42001]
        post = threads.reply(thread, by=alice, text="好")
        assert messages.send([post.message_id]) == 1
        assert sum("stable_token" in path for path, _body in interface.asked) == 2

    def test_after_48_hours_it_fails_for_good_and_says_why(
        self, thread: Thread, interface: Interface, alice: User
    ) -> None:
        interface.codes = [45015]
        post = threads.reply(thread, by=alice, text="好")
        assert messages.send([post.message_id]) == 0
        state = outgoing.state(Post.objects.get(pk=post.pk))
        assert (state.code, state.detail, state.may_retry) == ("failed", "45015 as asked", True)

    def test_a_picture_goes_out_after_the_words(
        self, thread: Thread, interface: Interface, alice: User
    ) -> None:
        post = threads.reply(thread, by=alice, text="报告", attachments=[Upload("a.jpg", JPEG)])
        assert messages.send([post.message_id]) == 1
        assert [one["msgtype"] for one in interface.sent()] == ["text", "image"]

    def test_what_wechat_cannot_carry_is_refused_before(self, thread: Thread, alice: User) -> None:
        with pytest.raises(threads.Refused, match=r"a\.pdf"):
            threads.reply(thread, by=alice, text="报告", attachments=[Upload("a.pdf", b"%PDF-1.7")])

    def test_long_words_go_in_pieces_none_of_them_too_long(self) -> None:
        assert "".join(wechat.pieces("长" * 1500)) == "长" * 1500
        assert max(len(piece.encode()) for piece in wechat.pieces("长" * 1500)) <= 2048


class TestTest:
    def test_the_button_says_whether_we_can_answer(self, account: Inlet, interface: Interface) -> None:
        assert inlets.test(account)[0]

    def test_it_says_what_is_wrong(self, account: Inlet, settings: LazySettings) -> None:
        cache.clear()
        settings.WECHAT_API = "http://127.0.0.1:1"
        assert (inlets.test(account)[0], bool(account.error)) == (False, True)
