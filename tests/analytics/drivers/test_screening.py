"""Copies of the outcome, later fields, identifiers and twins are set aside, each with its sentence."""

from __future__ import annotations

import numpy as np
import pytest

from voiceloop.analytics.drivers.importance import prepare
from voiceloop.analytics.synth.rated_drivers import survey


@pytest.fixture
def columns() -> dict[str, np.ndarray]:
    return dict(survey(3, 800).columns)


def why(columns: dict[str, np.ndarray], name: str, **more: object) -> str:
    found = prepare(columns, "nps", weight="weight", **more).screened  # type: ignore[arg-type]
    return next((one.why for one in found.aside if one.name == name), "kept")


class TestScreen:
    def test_a_transform_of_the_outcome_is_a_copy(self, columns: dict[str, np.ndarray]) -> None:
        columns["thanks"] = 1000 - 7 * columns["nps"] ** 2
        assert why(columns, "thanks") == "copy"

    def test_its_class_in_words_is_a_copy(self, columns: dict[str, np.ndarray]) -> None:
        columns["mood"] = np.where(columns["nps"] > 8, "a", np.where(columns["nps"] < 7, "b", "c")).astype(
            object
        )
        assert why(columns, "mood") == "copy"

    def test_asking_for_a_copy_does_not_help(self, columns: dict[str, np.ndarray]) -> None:
        columns["thanks"] = -columns["nps"]
        assert why(columns, "thanks", drivers=["thanks", "price"]) == "copy"

    def test_what_only_the_unhappy_fill_in_came_later(self, columns: dict[str, np.ndarray]) -> None:
        columns["minutes_on_phone"] = np.where(columns["nps"] < 7, columns["price"], np.nan)
        assert why(columns, "minutes_on_phone") == "later"

    @pytest.mark.parametrize("name", ["overall_satisfaction", "nps_class", "csat", "整体满意度", "推荐意愿"])
    def test_another_verdict_is_no_driver(self, columns: dict[str, np.ndarray], name: str) -> None:
        columns[name] = columns["attitude"]
        assert why({name: columns[name], **columns}, name) in ("outcome", "twin")

    def test_the_same_twice_counts_once(self, columns: dict[str, np.ndarray]) -> None:
        columns["price_again"] = 2 * columns["price"] + 1
        assert why(columns, "price_again") == "twin"

    def test_who_the_customer_is_is_held_equal(self, columns: dict[str, np.ndarray]) -> None:
        columns["age"] = 20 + 30 * np.random.default_rng(1).random(800)
        found = prepare(columns, "nps", weight="weight").screened
        assert [one.name for one in found.context] == ["age"]

    def test_an_identifier_is_none(self, columns: dict[str, np.ndarray]) -> None:
        columns["customer_id"] = np.random.default_rng(1).permutation(800).astype(float)
        assert why(columns, "customer_id") == "unusable"

    def test_what_few_were_asked_is_set_aside(self, columns: dict[str, np.ndarray]) -> None:
        columns["parking"] = np.where(np.arange(800) < 40, columns["price"], np.nan)
        assert why(columns, "parking") == "empty"

    def test_drivers_stay(self, columns: dict[str, np.ndarray]) -> None:
        found = prepare(columns, "nps", weight="weight", cluster="store").screened
        assert {one.name for one in found.drivers} >= {"solution", "attitude", "waiting", "coin"}

    def test_where_nothing_was_rated_what_they_have_explains(self) -> None:
        rng = np.random.default_rng(1)
        contract = rng.choice(["monthly", "yearly", "two years"], 300).astype(object)
        stays = np.where((contract == "monthly") & (rng.random(300) < 0.6), "yes", "no").astype(object)
        found = prepare(
            {"contract": contract, "gender": rng.choice(["f", "m"], 300), "churn": stays}, "churn"
        )
        assert [one.name for one in found.screened.drivers] == ["contract"]
        assert [one.name for one in found.screened.context] == ["gender"]
