"""A WeChat official account: its signature, its XML, and the interface by which we answer later."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from xml.parsers import expat

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from voiceloop.server.collect.channels import Refused

if TYPE_CHECKING:
    from voiceloop.server.act.models import Inlet
    from voiceloop.server.collect.models import Customer, Message

TIMEOUT = 10
# A call of WeChat is repeated within seconds; an old one is somebody else's copy.
OLDEST = 3600
# The interface takes 2,048 bytes; a Chinese character has three.
PIECE = 600
MOST_XML, MOST_MEDIA = 64 * 1024, 20 * 2**20
# Answers of the interface: the key is over; the customer wrote more than 48 hours ago, or gave us up.
STALE, FOR_GOOD = {40001, 40014, 42001}, {45015, 43004, 45047, 40003, 48001}


class Malformed(Exception):
    """Not what WeChat sends."""


def is_signed(token: str, *, signature: str, timestamp: str, nonce: str) -> bool:
    """Whether the call comes from who knows the token, and is not an old one."""
    if not token or not timestamp.isdigit() or abs(time.time() - int(timestamp)) > OLDEST:
        return False
    made = hashlib.sha1("".join(sorted((token, timestamp, nonce))).encode()).hexdigest()
    return constant_time_compare(made, signature)


def read(body: bytes) -> dict[str, str]:
    """The fields of a message. No document type is taken, so no entity can grow or name a file."""
    if len(body) > MOST_XML:
        raise Malformed("too long")
    fields: dict[str, str] = {}
    path: list[str] = []
    parser = expat.ParserCreate()

    def begin(name: str, _attributes: Any) -> None:
        path.append(name)

    def end(_name: str) -> None:
        path.pop()

    def text(data: str) -> None:
        if len(path) == 2:
            fields[path[1]] = fields.get(path[1], "") + data

    def refuse(*_declared: Any) -> None:
        raise Malformed("a document type")

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = text, refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise Malformed(str(error)) from error
    return fields


def answer_xml(fields: dict[str, str], text: str) -> str:
    """The answer within the call itself, in the form that WeChat asks for."""
    safe = text.replace("]]>", "]]]]><![CDATA[>")
    return (
        f"<xml><ToUserName><![CDATA[{fields.get('FromUserName', '')}]]></ToUserName>"
        f"<FromUserName><![CDATA[{fields.get('ToUserName', '')}]]></FromUserName>"
        f"<CreateTime>{int(time.time())}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{safe}]]></Content></xml>"
    )


def words_of(fields: dict[str, str]) -> str | None:
    """What was said, or None where it is no message: a click, a new follower."""
    kind = fields.get("MsgType", "")
    if kind == "text":
        return fields.get("Content", "").strip()
    if kind == "voice":
        return fields.get("Recognition", "").strip()
    if kind == "location":
        return " ".join(
            filter(None, [fields.get("Label", ""), fields.get("Location_X"), fields.get("Location_Y")])
        )
    if kind == "link":
        return "\n".join(filter(None, [fields.get("Title", ""), fields.get("Url", "")]))
    return "" if kind in ("image", "video", "shortvideo") else None


def said_at(fields: dict[str, str]) -> datetime:
    stamp = fields.get("CreateTime", "")
    at = int(stamp) if stamp.isdigit() and abs(int(stamp) - time.time()) < OLDEST else int(time.time())
    return datetime.fromtimestamp(at, UTC)


def check(inlet: Inlet) -> str:
    """Ask for a key and say what came of it: "" when all is well."""
    try:
        _token(inlet, fresh=True)
    except (Refused, URLError, OSError, ValueError) as error:
        return str(error)[:300] or type(error).__name__
    return ""


def media(inlet: Inlet, media_id: str) -> bytes:
    """A picture or a voice that a customer sent."""
    query = urlencode({"access_token": _token(inlet), "media_id": media_id})
    with _open(Request(f"{settings.WECHAT_API}/cgi-bin/media/get?{query}")) as answer:
        kind = answer.headers.get("Content-Type", "")
        content: bytes = answer.read(MOST_MEDIA + 1)
    if "json" in kind or "text/plain" in kind:
        _judge(json.loads(content))
    return content


class WeChat:
    code: ClassVar[str] = "wechat"
    label: ClassVar[Any] = _("WeChat")
    delivers: ClassVar[bool] = True

    def is_ready(self) -> bool:
        from voiceloop.server.act.models import Inlet

        known = Inlet.objects.filter(channel=Inlet.Channel.WECHAT, is_open=True).exclude(app_id="")
        return known.exclude(secret=None).exists()

    def address_of(self, customer: Customer) -> str:
        return ""  # nobody is written to who did not write first

    def send(self, message: Message) -> None:
        from voiceloop.server.act.models import Post
        from voiceloop.server.act.threads import files

        post = Post.objects.select_related("thread__inlet").get(message=message)
        inlet, to = post.thread.inlet, message.to or ""
        if inlet is None:
            raise Refused("the official account was removed")
        for piece in pieces(message.body):
            _call(inlet, {"touser": to, "msgtype": "text", "text": {"content": piece}})
        for one in post.attachments.order_by("pk"):
            found = _upload(inlet, one.name, one.kind, files.path_of(one.digest).read_bytes())
            _call(inlet, {"touser": to, "msgtype": "image", "image": {"media_id": found}})


def pieces(text: str) -> Iterator[str]:
    for at in range(0, len(text), PIECE):
        yield text[at : at + PIECE]


def _call(inlet: Inlet, what: dict[str, Any]) -> None:
    """Send one message; a key that is over is asked for anew, once."""
    for fresh in (False, True):
        url = f"{settings.WECHAT_API}/cgi-bin/message/custom/send?access_token={_token(inlet, fresh=fresh)}"
        # TRICKY: the interface shows \\u escapes as they are, so the text goes as UTF-8.
        said = _post(url, json.dumps(what, ensure_ascii=False).encode(), "application/json")
        if said.get("errcode", 0) not in STALE or fresh:
            _judge(said)
            return


def _judge(said: dict[str, Any]) -> None:
    code = int(said.get("errcode", 0) or 0)
    if code in FOR_GOOD:
        raise Refused(f"{code} {said.get('errmsg', '')}")
    if code:
        raise ValueError(f"WeChat: {code} {said.get('errmsg', '')}")


def _token(inlet: Inlet, *, fresh: bool = False) -> str:
    key = f"wechat-token-{inlet.pk}"
    known = None if fresh else cache.get(key)
    if known:
        return str(known)
    if not inlet.app_id or not inlet.secret:
        raise Refused("no AppID or AppSecret is set")
    asked = {"grant_type": "client_credential", "appid": inlet.app_id, "secret": inlet.secret}
    said = _post(
        f"{settings.WECHAT_API}/cgi-bin/stable_token", json.dumps(asked).encode(), "application/json"
    )
    _judge(said)
    token = str(said["access_token"])
    cache.set(key, token, max(int(said.get("expires_in", 7200)) - 300, 60))
    return token


def _upload(inlet: Inlet, name: str, kind: str, content: bytes) -> str:
    border = uuid.uuid4().hex
    ending = "png" if kind == "image/png" else "jpg"
    head = (
        f'--{border}\r\nContent-Disposition: form-data; name="media"; filename="{border}.{ending}"\r\n'
        f"Content-Type: {kind}\r\n\r\n"
    )
    body = head.encode() + content + f"\r\n--{border}--\r\n".encode()
    query = urlencode({"access_token": _token(inlet), "type": "image"})
    said = _post(
        f"{settings.WECHAT_API}/cgi-bin/media/upload?{query}", body, f"multipart/form-data; boundary={border}"
    )
    _judge(said)
    return str(said["media_id"])


def _post(url: str, body: bytes, kind: str) -> dict[str, Any]:
    with _open(Request(url, data=body, headers={"Content-Type": kind})) as answer:
        said: dict[str, Any] = json.loads(answer.read(MOST_XML))
    return said


def _open(request: Request) -> Any:
    if not request.full_url.startswith(("https://", "http://")):
        raise ValueError("the address of the interface is no web address")
    return urlopen(request, timeout=TIMEOUT)  # its scheme was just read
