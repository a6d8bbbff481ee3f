"""A small company whose comments can be counted by hand."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from tests.server.feedback import lake_in
from voiceloop.server.collect.models import Answer, Response, Verbatim
from voiceloop.server.core.models import Unit
from voiceloop.server.store import sync
from voiceloop.server.understand.models import Annotation

Comment = tuple[Unit, str, float, float, dict[str, Any], dict[str, str]]
SIDE = {"negative": -1, "neutral": 0, "positive": 1}


def said(
    unit: Unit,
    words: str,
    *,
    sentiment: str,
    voice: str,
    reasons: dict[str, int] | None = None,
    nps: float = 8,
    days_ago: float = 2,
    more: dict[str, str] | None = None,
    **moment: str,
) -> Verbatim:
    """A comment whose labels are given, so that figures can be counted by hand."""
    given = {"sentiment": sentiment, "voice": voice, "reasons": reasons or {}, "more": more or {}}
    [verbatim] = speak([(unit, words, nps, days_ago, given, moment)])
    return verbatim


def speak(comments: list[Comment]) -> list[Verbatim]:
    """Many at once: a company's worth of comments row by row would take seconds a test."""
    start = Response.objects.count()
    responses = Response.objects.bulk_create(
        Response(
            unit=unit,
            idempotency_key=f"said-{start + number}",
            at=now() - timedelta(days=days_ago),
            completed_at=now() - timedelta(days=days_ago),
            state="complete",
            **moment,
        )
        for number, (unit, _words, _nps, days_ago, _given, moment) in enumerate(comments)
    )
    Answer.objects.bulk_create(
        Answer(response=response, question="nps", scale="nps_0_10", score=comment[2])
        for response, comment in zip(responses, comments, strict=True)
    )
    verbatims = Verbatim.objects.bulk_create(
        Verbatim(response=response, text=comment[1], labelled_by="test")
        for response, comment in zip(responses, comments, strict=True)
    )
    Annotation.objects.bulk_create(
        Annotation(
            verbatim=verbatim, kind=kind, label=label, polarity=polarity, evidence=evidence, version="test"
        )
        for verbatim, comment in zip(verbatims, comments, strict=True)
        for kind, label, polarity, evidence in _labels(**comment[4])
    )
    return verbatims


def _labels(
    sentiment: str, voice: str, reasons: dict[str, int], more: dict[str, str]
) -> list[tuple[str, str, int | None, list[Any]]]:
    side = SIDE.get(sentiment)
    found: list[tuple[str, str, int | None, list[Any]]] = [
        ("sentiment", sentiment, side, [[0, 2, 1.2 * (side or 0)]]),
        ("voice", voice, side, []),
    ]
    found += [("reason", code, polarity, [[0, 2, 1.0]]) for code, polarity in reasons.items()]
    return found + [(kind, label, None, []) for kind, label in more.items()]


def labels(sentiment: str, voice: str, reasons: dict[str, int] | None = None, **more: str) -> dict[str, Any]:
    return {"sentiment": sentiment, "voice": voice, "reasons": reasons or {}, "more": more}


@pytest.fixture
def spoken(east: Unit, west: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """East, this quarter: 40 problems with waiting at the hotline, 40 praises in the shop, 10 suggestions,
    2 not understood; before, 30 praises. West: 8 problems."""
    lake_in(tmp_path, monkeypatch)
    hotline, shop, chat = ({"touchpoint": code} for code in ("hotline", "shop", "chat"))
    slow, warm = labels("negative", "problem", {"waiting": -1}), labels("positive", "praise", {"attitude": 1})
    comments: list[Comment] = [(east, f"太慢了，等了{n}分钟", 2, 1 + n, slow, hotline) for n in range(40)]
    comments += [(east, f"热情的第{n}位服务员", 10, 1 + n, warm, shop) for n in range(40)]
    wish = labels("neutral", "suggestion", need="wish")
    comments += [(east, f"建议增加{n}个座位", 8, 2, wish, shop) for n in range(10)]
    comments += [(east, "👍", 8, 2, labels("unknown", "other"), shop)] * 2
    comments += [(east, f"很好{n}", 8, 95 + n, labels("positive", "praise"), shop) for n in range(30)]
    comments += [(west, f"西部不好{n}", 8, 2, labels("negative", "problem"), chat) for n in range(8)]
    speak(comments)
    sync.sync()
