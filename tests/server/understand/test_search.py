"""Comments are found by their words, within the rights of who asks, and erased ones are forgotten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from tests.server.feedback import respond
from voiceloop.server.collect.models import Verbatim
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.slices import Slice
from voiceloop.server.understand import search, search_index

SignIn = Callable[[User], Client]
ALL = {"days": "all"}


@pytest.fixture
def written(east: Unit, west: Unit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Comments of both branches, and an index of them of the test's own."""
    monkeypatch.setattr(search_index, "folder", lambda: tmp_path / "search")
    # Everything of a test is one transaction, which the window would wait for.
    monkeypatch.setattr(search_index, "oldest_running", lambda: 1 << 60)
    said = [
        respond(east, 2, days_ago=5, words="退款到银行卡要等三天，太慢", touchpoint="hotline"),
        respond(east, 9, days_ago=40, words="银行卡支付很方便"),
        respond(west, 3, days_ago=5, words="西部的退款也慢"),
    ]
    search_index.follow()
    return [response.verbatims.get().pk for response in said]


def found(user: User, query: str, **part: str) -> list[int]:
    return [pk for pk, _ in search.ranked(user, Slice.of(user, {**ALL, **part}), query)]


@pytest.mark.requirement(72)
class TestRanked:
    def test_the_best_words_come_first(self, written: list[int], carol: User) -> None:
        assert found(carol, "银行卡退款") == written[:2]

    def test_it_keeps_to_the_slice(self, written: list[int], carol: User) -> None:
        assert found(carol, "银行卡", days="30") == written[:1]
        assert found(carol, "银行卡", touchpoint="hotline") == written[:1]

    def test_charlie_finds_only_his_own(self, written: list[int], charlie: User, dora: User) -> None:
        assert found(charlie, "退款 银行卡") == [written[2]]
        assert set(found(dora, "退款")) == {written[0], written[2]}

    def test_it_marks_the_words(self) -> None:
        assert search.marks("退款到银行卡", "银行卡") == [(3, 6)]


class TestFollow:
    def test_a_new_comment_is_found(self, written: list[int], carol: User, east: Unit) -> None:
        new = respond(east, 1, words="停车场收费不合理").verbatims.get().pk
        search_index._set_mark(0)
        search_index.follow()
        assert found(carol, "停车收费") == [new]

    def test_what_was_rewritten_is_found_by_its_new_words(self, written: list[int], carol: User) -> None:
        Verbatim.objects.filter(pk=written[0]).update(text="发票一直没有开")
        search_index._set_mark(0)
        search_index.follow()
        assert found(carol, "发票") == [written[0]]
        assert written[0] not in found(carol, "退款")

    def test_nothing_new_is_no_work(self, written: list[int]) -> None:
        assert search_index.follow() == 0


class TestForget:
    def test_no_byte_of_an_erased_comment_stays(self, written: list[int], carol: User) -> None:
        Verbatim.objects.filter(pk=written[0]).delete()
        assert search_index.forget() == 1
        kept = b"".join(file.read_bytes() for file in search_index.folder().rglob("*.npy"))
        assert "三天".encode() not in kept
        assert found(carol, "银行卡") == [written[1]]


class TestApi:
    def test_programs_search_too(self, written: list[int], carol: User, signed_in: SignIn) -> None:
        address = "/api/verbatims/search?q=退款&days=all"
        [hit] = signed_in(carol).get(address).json()["found"]
        assert (hit["id"], hit["spans"]) == (written[0], [[0, 2]])
