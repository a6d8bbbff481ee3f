"""Living conversations of the demo company: each channel, with answers, files and words that wait for one."""

from __future__ import annotations

import struct
import zlib
from datetime import datetime, timedelta

from django.utils import translation
from django.utils.timezone import now

from voiceloop.server.act.models import Case, Inlet, Post, Thread
from voiceloop.server.act.threads import acknowledging, counting, files, inlets
from voiceloop.server.act.threads.files import Upload
from voiceloop.server.core.models import Unit, User

IN, OUT, AUTO, TALK = "in", "out", "auto", "talk"
Line = tuple[int, str, str]
# Channel, subject, and lines as minutes after the beginning, direction and words.
TALKS: tuple[tuple[str, str, tuple[Line, ...]], ...] = (
    (
        "chat",
        "",
        (
            (0, IN, "你好，我一个小时前点的外卖到现在还没送到，订单页面一直显示备餐中"),
            (0, AUTO, ""),
            (4, OUT, "您好，非常抱歉让您久等了。我马上联系门店查一下您的订单，请稍等两分钟。"),
            (7, OUT, "查到了：后厨漏单，现在已经加急出餐，骑手 15 分钟内送到。这一单的配送费我们退给您。"),
            (9, IN, "好的，那就再等等。之前也有过一次，希望别再漏单了"),
        ),
    ),
    (
        "email",
        "会员储值卡重复扣款",
        (
            (
                0,
                IN,
                "您好，\n\n昨晚在店里用储值卡付了 268 元，今天发现扣了两次，附上截图，请核实。\n\n谢谢",
            ),
            (0, AUTO, ""),
            (
                95,
                OUT,
                "您好，截图收到了，确实多扣了一笔。财务已发起原路退回，预计 1–3 个工作日到账。",
            ),
            (1500, IN, "退款还没有到账，请问大概什么时候能到？"),
        ),
    ),
    (
        "wechat",
        "",
        (
            (0, IN, "我在你们店吃完有点不舒服，想问一下昨天那批虾是不是有问题"),
            (0, AUTO, ""),
            (
                11,
                OUT,
                "您好，身体要紧：如果有呕吐或发烧请先就医，费用单据请保留。能告诉我是哪家店、几点用餐吗？",
            ),
            (16, IN, "就是昨天晚上七点左右。现在好多了，就是想有个说法"),
            (25, TALK, "电话回访：客人已无不适。已请门店封存当批食材送检，三天内把结果告诉客人。"),
        ),
    ),
    (
        "email",
        "Table for six, wrong branch",
        (
            (0, IN, "Hi, I booked a table for six but your app confirmed the wrong branch. Can you move it?"),
            (0, AUTO, ""),
            (42, OUT, "Hello, of course. The booking is moved and the table by the window is kept for you."),
            (50, IN, "Perfect, thank you so much!"),
        ),
    ),
)


def load_talks(root: Unit) -> int:
    """Put each conversation on an open case whose owner has spoken with the customer."""
    inlet = inlets.starter(root)
    cases = Case.objects.open().exclude(customer=None).exclude(owner=None).exclude(first_contact_at=None)
    chosen = list(cases.select_related("customer", "owner", "unit").order_by("-opened_at")[: len(TALKS)])
    for case, (channel, subject, lines) in zip(chosen, TALKS, strict=False):
        _talk(case, channel, subject, lines, inlet)
    return len(chosen)


def _talk(case: Case, channel: str, subject: str, lines: tuple[Line, ...], inlet: Inlet) -> None:
    began = now() - timedelta(minutes=lines[-1][0] + 18 + case.pk % 40)
    row = counting.begin(
        case, channel=channel, customer=case.customer, key=f"demo:{case.pk}:{channel}", at=began
    )
    thread = Thread.objects.create(
        case=case,
        customer=case.customer,
        inlet=inlet if channel == "chat" else None,
        channel=channel,
        address=_address(case, channel),
        subject=subject,
        conversation=row,
        created_at=began,
    )
    for n, (minutes, direction, text) in enumerate(lines):
        _post(thread, n, began + timedelta(minutes=minutes), direction, text)


def _post(thread: Thread, n: int, at: datetime, direction: str, text: str) -> None:
    by: User | None = thread.case.owner if direction in (OUT, TALK) else None
    post = Post.objects.create(
        thread=thread,
        direction=OUT if direction == AUTO else direction,
        by=by,
        at=at + timedelta(seconds=3 * n),
        key=f"demo:{thread.pk}:{n}",
        text=text or _acknowledged(thread),
        is_automatic=direction == AUTO,
    )
    if direction == IN:
        thread.heard_at = post.at
    elif direction == OUT:
        thread.answered_at = post.at
        counting.answered(thread, post.at)
    thread.save(update_fields=["heard_at", "answered_at"])
    if direction == IN and "截图" in text:
        files.keep(post, files.check([Upload("扣款截图.png", _picture())]))


def _acknowledged(thread: Thread) -> str:
    with translation.override("en" if thread.subject.isascii() and thread.subject else "zh-hans"):
        return acknowledging.sentence(thread.case)


def _address(case: Case, channel: str) -> str:
    known = {"email": case.customer.email} if case.customer else {}
    return known.get(channel) or f"o{channel}{case.pk:08d}"


def _picture(width: int = 240, height: int = 150) -> bytes:
    """A drawn slip with two equal lines, so that nobody's photograph is needed."""
    ink = {(40, 52), (60, 72), (100, 112)}
    rows = (
        b"\x00"
        + bytes(90 if any(a <= y < b for a, b in ink) and 24 <= x < 200 else 246 for x in range(width))
        for y in range(height)
    )
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"".join(rows), 9)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
