"""What a column of a survey is taken for."""

from __future__ import annotations

import numpy as np
import pytest

from voiceloop.analytics.drivers.columns import Column, column, of
from voiceloop.analytics.errors import AnalyticsError


def repeated(*values: object, times: int = 12) -> np.ndarray:
    array = np.array(list(values) * times)
    return array if array.dtype.kind in "if" else array.astype(object)


def made(name: str, values: np.ndarray, **more: object) -> Column:
    return of(column(name, values, **more), name)  # type: ignore[arg-type]


class TestColumn:
    def test_zero_beside_one_to_five_is_not_applicable(self) -> None:
        found = made("wifi", repeated(0, 1, 2, 3, 4, 5))
        assert (found.kind, found.low, found.high) == ("rating", 1.0, 5.0)
        assert np.isnan(found.values).sum() == 12

    def test_zero_of_zero_to_ten_is_an_answer(self) -> None:
        found = made("speed", repeated(*range(11)))
        assert not np.isnan(found.values).any()

    def test_minus_one_beside_a_number_is_not_chosen(self) -> None:
        assert made("地铁", repeated(-1, 5)).values[:2].tolist() == [0.0, 1.0]

    def test_one_and_two_are_yes_and_no(self) -> None:
        assert made("是否遇到过网络问题", repeated(1, 2)).values[:2].tolist() == [1.0, 0.0]

    def test_99_beside_a_scale_is_no_answer(self) -> None:
        assert np.isnan(made("speed", repeated(1, 2, 3, 4, 5, 99)).values).sum() == 12

    def test_what_stands_for_missing_can_be_said(self) -> None:
        assert np.isnan(made("price", repeated(3.5, 7.25, -9, 1.5), missing=["-9"]).values).sum() == 12

    def test_words_of_two_sides_are_yes_and_no(self) -> None:
        assert made("会员", repeated("是", "否")).values[:2].tolist() == [1.0, 0.0]

    def test_words_become_a_category_against_the_most_frequent(self) -> None:
        coded, levels = made("class", repeated("eco", "eco", "plus", "business")).coded()
        assert set(levels) == {"plus", "business"}
        assert coded[0].tolist() == [0.0, 0.0]

    def test_rare_words_are_taken_together(self) -> None:
        found = made("city", np.array([f"c{i % 20}" for i in range(400)], dtype=object))
        assert (len(found.levels), found.levels[-1]) == (9, "…")

    def test_a_mention_is_two_sides(self) -> None:
        coded, levels = made("wait", repeated(-1, 0, 1), kind="mention").coded()
        assert levels == ("complaint", "praise")
        assert coded[:3].tolist() == [[1, 0], [0, 0], [0, 1]]

    def test_a_long_tail_is_read_by_its_logarithm(self) -> None:
        values = np.exp(np.random.default_rng(1).normal(0, 2, 500))
        assert made("traffic", values).is_logged

    @pytest.mark.parametrize(
        ("values", "why"),
        [
            (repeated(3), "the same in every row"),
            (np.full(9, np.nan), "empty"),
            (np.arange(200.0), "a running number"),
            (np.array([f"U{i:04}" for i in range(100)], dtype=object), "an identifier"),
            (
                np.array([f"The food was cold and late {i} " * 2 for i in range(90)], dtype=object),
                "free text",
            ),
            (np.array([f"{i % 40} km" for i in range(400)], dtype=object), "40 different words"),
        ],
    )
    def test_it_says_what_cannot_explain(self, values: np.ndarray, why: str) -> None:
        found = column("x", values)
        assert not isinstance(found, Column)
        assert found[0].startswith(why)

    def test_a_column_asked_for_that_is_none_raises(self) -> None:
        with pytest.raises(AnalyticsError, match="cannot be used"):
            of(("empty", "没有内容"), "x")
