"""Clauses: cut where one matter ends, with spans of the original text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceloop.analytics.text.clauses import clauses


class TestClauses:
    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("味道好，送得慢。", ["味道好", "送得慢"]),
            ("味道好 送得慢", ["味道好", "送得慢"]),
            ("味道不错但是送得太慢", ["味道不错", "但是送得太慢"]),
            ("不但好吃而且便宜", ["不但好吃而且便宜"]),
            ("打3.5分", ["打3.5分"]),
            ("Nice room but noisy. Rated 3.5!", ["Nice room", "but noisy", "Rated 3.5"]),
            ("很好！！！\n谢谢", ["很好", "谢谢"]),
            ("", []),
            ("。。。", []),
        ],
    )
    def test_it_cuts(self, text: str, parts: list[str]) -> None:
        assert [clause.text for clause in clauses(text)] == parts

    @given(st.text(alphabet="好差，。 but,.!\n但是x", max_size=40))
    def test_it_gives_spans_in_order_of_the_original(self, text: str) -> None:
        at = 0
        for clause in clauses(text):
            assert at <= clause.start < clause.end
            assert text[clause.start : clause.end] == clause.text
            at = clause.end
