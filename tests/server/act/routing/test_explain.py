"""Why somebody has a case, in words."""

from __future__ import annotations

import pytest
from django.utils import translation

from voiceloop.server.act import routing
from voiceloop.server.act.routing import explain
from voiceloop.server.core.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.requirement(121)]
ROUTED = {"kind": "routed", "unit": "x", "n_open": 3, "among": 1, "facts": ["language:en", "known"]}
QUEUED = {"kind": "queued", "unit": "x", "counts": {"full": 3, "away": 1}}
DRAINED = {"kind": "drained", "unit": "x", "n_open": 0, "left": 12, "facts": []}


@pytest.mark.parametrize(
    ("reason", "en", "zh"),
    [
        (
            ROUTED,
            "3 open cases, speaks English, knows the customer — the only one who could take it",
            "手上 3 件、会英文、熟悉该客户——唯一可接的人",
        ),
        (
            QUEUED,
            "Waits for the next who is free: 3 full, 1 away",
            "等待下一位空闲的人：3 人已满、1 人离开",
        ),
        (
            DRAINED,
            "became free (0 open cases) — the next in the queue: 12 minutes left",
            "刚空出来（手上 0 件）——队列中的下一件：剩 12 分钟",
        ),
        (
            ROUTED | {"dropped": ["seat"], "needs": {"seat": "video"}, "facts": []},
            "3 open cases — the only one who could take it; nobody was there for: Video seat",
            "手上 3 件——唯一可接的人；当时没有视频座席在岗",
        ),
    ],
)
def test_it_is_said_in_both_languages(reason: dict[str, object], en: str, zh: str) -> None:
    for language, words in (("en", en), ("zh-hans", zh)):
        with translation.override(language):
            assert routing.sentence(reason) == words


def test_the_others_are_named_with_what_spoke_against_them(alice: User) -> None:
    row = {"user": alice.pk, "verdict": "full", "n_open": 9, "capacity": 6.0, "load": 6.5}
    with translation.override("en"):
        (found,) = explain.others({"others": [row, row | {"user": 0}]})
    assert (found["user"], found["why"]) == (alice, "full: 9 open, room for 6")
