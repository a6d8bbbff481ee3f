"""Phrases: the batch matcher finds what a plain search finds."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from voiceloop.analytics.text.batch import lay_out
from voiceloop.analytics.text.phrases import Phrases, longest

SHORT = st.text(alphabet="好不满意差", min_size=1, max_size=4)


class TestFind:
    @given(
        st.lists(SHORT, min_size=1, max_size=8, unique=True), st.lists(st.text("好不满意差，", max_size=20))
    )
    @settings(deadline=None)
    def test_it_finds_what_a_plain_search_finds(self, phrases: list[str], texts: list[str]) -> None:
        batch = lay_out(texts)
        hits = Phrases(phrases).find(batch.codes)
        found = set(zip(hits.start.tolist(), hits.end.tolist(), hits.phrase.tolist(), strict=True))
        joined = "\0".join(texts) + "\0"
        assert found == {
            (at, at + len(phrase), number)
            for number, phrase in enumerate(phrases)
            for at in range(len(joined))
            if joined.startswith(phrase, at)
        }

    def test_it_matches_whole_latin_words(self) -> None:
        table = Phrases(["good"])
        assert len(table.find(lay_out(["goodness", "good.", "Good", "no-good", "feelgood"]).codes).start) == 3


class TestLongest:
    @given(st.lists(SHORT, min_size=1, max_size=8, unique=True), st.text("好不满意差", max_size=30))
    @settings(deadline=None)
    def test_it_leaves_no_overlap(self, phrases: list[str], text: str) -> None:
        codes = lay_out([text]).codes
        kept = longest(Phrases(phrases).find(codes), len(codes))
        assert (kept.start[1:] >= kept.end[:-1]).all()
