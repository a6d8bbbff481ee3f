"""How each group chat wants to be spoken to by a robot: the payload, the signature, the answer."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

from voiceloop.server.act.notices.outgoing import NotNow, Refused, Said


@dataclass(frozen=True)
class Words:
    """What is said: a title, lines of text each with an address or none."""

    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Flavour:
    payload: Callable[[Words, str, float], dict[str, Any]]
    address: Callable[[str, str, float], str]
    judge: Callable[[Said], None]
    hint: str


def wecom(words: Words, secret: str, at: float) -> dict[str, Any]:
    """https://developer.work.weixin.qq.com/document/path/91770: Markdown of at most 4,096 bytes."""
    text = f"**{_plain(words.title)}**\n{_markdown(words)}"
    return {"msgtype": "markdown", "markdown": {"content": _cut(text, 4096)}}


def feishu(words: Words, secret: str, at: float) -> dict[str, Any]:
    """https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: a post, signed in its body."""
    content = [_feishu_line(text, href) for text, href in words.lines]
    post = {"zh_cn": {"title": words.title, "content": content}}
    signed = {"timestamp": str(int(at)), "sign": feishu_sign(secret, int(at))} if secret else {}
    return {**signed, "msg_type": "post", "content": {"post": post}}


def feishu_sign(secret: str, at: int) -> str:
    """The time and the secret are the key; what is signed is empty."""
    return _base64(hmac.new(f"{at}\n{secret}".encode(), b"", hashlib.sha256).digest())


def dingtalk(words: Words, secret: str, at: float) -> dict[str, Any]:
    """https://open.dingtalk.com/document/robots/custom-robot-access: Markdown, signed in the address."""
    lines = _markdown(words, between="\n\n")
    text = _cut(f"#### {_plain(words.title)}\n\n{lines}", 20_000)
    return {"msgtype": "markdown", "markdown": {"title": words.title, "text": text}}


def dingtalk_address(address: str, secret: str, at: float) -> str:
    if not secret:
        return address
    milliseconds = int(at * 1000)
    joint = "&" if "?" in address else "?"
    return f"{address}{joint}timestamp={milliseconds}&sign={quote_plus(dingtalk_sign(secret, milliseconds))}"


def dingtalk_sign(secret: str, milliseconds: int) -> str:
    signed = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256)
    return _base64(signed.digest())


def slack(words: Words, secret: str, at: float) -> dict[str, Any]:
    """https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks: mrkdwn, <link|text>."""
    lines = [
        f"• <{href}|{_slack_text(text)}>" if href else f"• {_slack_text(text)}" for text, href in words.lines
    ]
    return {"text": "\n".join([f"*{_slack_text(words.title)}*", *lines]), "unfurl_links": False}


def _slack_text(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("|", "¦")


def _feishu_line(text: str, href: str) -> list[dict[str, str]]:
    return [{"tag": "a", "text": text, "href": href}] if href else [{"tag": "text", "text": text}]


def _markdown(words: Words, between: str = "\n") -> str:
    lines = [f"> [{_plain(text)}]({href})" if href else f"> {_plain(text)}" for text, href in words.lines]
    return between.join(lines)


def _plain(text: str) -> str:
    """Signs that Markdown or a mention would take for its own."""
    table = str.maketrans({"[": "［", "]": "］", "*": "＊", "`": "'", "<": "＜", ">": "＞", "\n": " "})
    return text.translate(table)


def _cut(text: str, most: int) -> str:
    encoded = text.encode()
    return text if len(encoded) <= most else encoded[: most - 3].decode(errors="ignore") + "…"


def _base64(signed: bytes) -> str:
    return base64.b64encode(signed).decode()


def _same(address: str, secret: str, at: float) -> str:
    return address


def _code(said: Said, busy: set[int], *names: str) -> None:
    """These answer 200 whatever happened and say in a number how it went."""
    code = next((said.json[name] for name in names if name in said.json), None)
    if code in busy:
        raise NotNow(said.body[:200], 60.0)
    if code != 0:
        raise Refused(said.body[:200])


def _of_wecom(said: Said) -> None:
    _code(said, {45009, -1}, "errcode")


def _of_feishu(said: Said) -> None:
    _code(said, {9499, 11232}, "code", "StatusCode")


def _of_dingtalk(said: Said) -> None:
    _code(said, {130101, -1}, "errcode")


def _of_slack(said: Said) -> None:
    if said.body.strip() != "ok":
        raise Refused(said.body[:200])


FLAVOURS = {
    "wecom": Flavour(wecom, _same, _of_wecom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…"),
    "feishu": Flavour(feishu, _same, _of_feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/…"),
    "dingtalk": Flavour(
        dingtalk, dingtalk_address, _of_dingtalk, "https://oapi.dingtalk.com/robot/send?access_token=…"
    ),
    "slack": Flavour(slack, _same, _of_slack, "https://hooks.slack.com/services/…"),
}


def clock() -> float:
    return time.time()
