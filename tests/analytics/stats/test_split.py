"""The pieces of a change add up to it, whatever the groups do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiceloop.analytics.stats.parts import Parts
from voiceloop.analytics.stats.split import split_change

groups = st.dictionaries(
    st.sampled_from("abcdef"),
    st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=1, max_size=30),
    min_size=1,
)
counts = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 100))


def parts(values):
    return {key: Parts.of(found) for key, found in values.items()}


def mean(sums):
    return sum(sums.values(), Parts()).mean


def total(pieces, *names):
    return sum(getattr(piece, name) for piece in pieces.values() for name in names)


class TestSplitChange:
    @given(groups, groups)
    def test_its_pieces_add_up(self, before, after):
        before, after = parts(before), parts(after)
        pieces = split_change(before, after)
        assert total(pieces, "mix", "within") == pytest.approx(mean(after) - mean(before), abs=1e-12)

    @given(groups, groups, counts, counts)
    def test_its_pieces_add_up_with_answer_rates(self, before, after, asked_before, asked_after):
        before, after = parts(before), parts(after)
        pieces = split_change(before, after, (asked_before, asked_after))
        found = total(pieces, "mix", "answering", "within")
        assert found == pytest.approx(mean(after) - mean(before), abs=1e-12)

    @given(groups, groups)
    def test_it_turns_its_sign_with_the_order(self, before, after):
        before, after = parts(before), parts(after)
        there, back = split_change(before, after), split_change(after, before)
        assert all(there[key].within == pytest.approx(-back[key].within) for key in there)
        assert all(there[key].mix == pytest.approx(-back[key].mix) for key in there)

    def test_it_is_kitagawas(self):
        # Two groups: rates 10 % → 20 % and 40 % → 50 %, shares ¾, ¼ → ½, ½: rate effect 0.10, mix 0.075.
        before = {"a": Parts.of([1.0] * 3 + [0.0] * 27), "b": Parts.of([1.0] * 4 + [0.0] * 6)}
        after = {"a": Parts.of([1.0] * 4 + [0.0] * 16), "b": Parts.of([1.0] * 10 + [0.0] * 10)}
        pieces = split_change(before, after)
        assert total(pieces, "within") == pytest.approx(0.10)
        assert total(pieces, "mix") == pytest.approx(0.075)

    def test_a_new_group_counts_as_mix(self):
        piece = split_change(parts({"a": [1.0]}), parts({"a": [1.0], "b": [-1.0]}))["b"]
        assert piece.within == 0
        assert piece.mix < 0

    def test_it_knows_when_only_the_answer_rates_moved(self):
        before = parts({"happy": [1.0] * 50, "upset": [-1.0] * 50})
        after = parts({"happy": [1.0] * 50, "upset": [-1.0] * 10})
        pieces = split_change(before, after, ({"happy": 100, "upset": 100}, {"happy": 100, "upset": 100}))
        assert total(pieces, "mix") == pytest.approx(0)
        assert total(pieces, "answering") == pytest.approx(40 / 60)

    def test_it_knows_when_only_those_asked_changed(self):
        before, after = parts({"a": [1.0] * 50, "b": [-1.0] * 50}), parts({"a": [1.0] * 50, "b": [-1.0] * 10})
        pieces = split_change(before, after, ({"a": 100, "b": 100}, {"a": 100, "b": 20}))
        assert total(pieces, "answering") == pytest.approx(0)
        assert total(pieces, "mix") == pytest.approx(40 / 60)

    def test_it_splits_by_weight(self):
        before = {"a": Parts.of([1.0, 0.0], [3.0, 1.0])}
        after = {"a": Parts.of([1.0, 0.0], [1.0, 1.0])}
        assert total(split_change(before, after), "within") == pytest.approx(-0.25)
