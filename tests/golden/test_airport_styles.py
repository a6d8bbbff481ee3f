"""A real survey of airport passengers in several languages: what may be said of their difference."""

from __future__ import annotations

import csv
import random
from datetime import date
from pathlib import Path

import pytest

from tests.golden import shapes
from voiceloop.analytics import Lake
from voiceloop.analytics.styles import styles

ITEMS = ("rate_art", "rate_food", "rate_stores", "rate_signs", "rate_walkways", "rate_screens")


def made(draw: random.Random) -> shapes.Rows:
    yield ("year", "respondent", *ITEMS, "language_code")
    for person in range(1500):
        language = draw.choice([1, 1, 1, 2])
        opinion = draw.gauss(0.8, 0.7)
        said = [
            min(5, max(1, round(3 + (1.6 if language == 2 else 1.0) * (opinion + draw.gauss(0, 0.7)))))
            for _ in ITEMS
        ]
        yield (2017, person, *said, language)


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    """The passengers' ratings of 1 to 5 as answers in a lake, and the raw means of each language."""
    folder = tmp_path_factory.mktemp("golden")
    path = shapes.whole("sfo_survey/nps_2017.csv", folder, made)
    with Path(path).open(encoding="utf-8") as file:
        people = list(csv.DictReader(file))
    rows, sums = [], {}
    for number, person in enumerate(people):
        for place, item in enumerate(ITEMS):
            if person[item] in ("1", "2", "3", "4", "5"):
                score, language = float(person[item]), person["language_code"]
                known = {"day": date(2017, 5, 1), "language": language, "scale": "csat_1_5", "score": score}
                rows.append(
                    {"answer_id": number * 10 + place, "response_id": number, "question": item, **known}
                )
                total, n = sums.get((language, item), (0.0, 0))
                sums[language, item] = (total + score, n + 1)
    lake = Lake(folder / "lake")
    lake.append("answers", rows)
    return lake, {key: total / n for key, (total, n) in sums.items()}


@pytest.mark.requirement(88)
class TestTheSurvey:
    def test_raw_differences_are_those_of_plain_means(self, survey):
        lake, means = survey
        found = styles(lake, "language")
        assert len(found.groups) > 1
        reference = found.groups[0].code
        for one in found.groups[1:]:
            by_hand = [means[one.code, item] - means[reference, item] for item in found.items]
            assert one.compared.raw.value == pytest.approx(sum(by_hand) / len(by_hand))

    def test_every_verdict_follows_from_its_intervals(self, survey):
        lake, _ = survey
        for one in styles(lake, "language").groups[1:]:
            found = one.compared
            if found.verdict == "signal":
                assert found.raw.is_apart
                assert found.alike.is_apart
            else:
                assert not (found.raw.is_apart and found.alike.is_apart) or (
                    found.raw.value * found.alike.value < 0
                )
            assert found.raw.value == pytest.approx(found.alike.value + found.by_style.value)
