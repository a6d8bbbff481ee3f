"""A real survey file where there is one beside the repository, else one of the same shape."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from pathlib import Path

from tests.stack import ROOT

AIRPORT = ROOT.parent / "shared/data/sfo_survey/nps_2017.csv"
SCORE, WEIGHT = "recommend_0_10", "weight"


@dataclass(frozen=True)
class Feedback:
    """A file and what is true of it, computed here without the product."""

    path: Path
    n_rows: int
    n_scores: int
    nps: float
    weighted: float


def feedback(folder: Path) -> Feedback:
    path = AIRPORT if AIRPORT.exists() else _written(folder / "nps_2017.csv")
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    answered = [(float(row[SCORE]), float(row[WEIGHT])) for row in rows if row[SCORE]]
    return Feedback(path, len(rows), len(answered), _nps([(s, 1.0) for s, _ in answered]), _nps(answered))


def _nps(answered: list[tuple[float, float]]) -> float:
    side = sum(weight * ((score >= 9) - (score <= 6)) for score, weight in answered)
    return 100 * side / sum(weight for _, weight in answered)


def _written(path: Path) -> Path:
    """One row a passenger: a score, sometimes blank, a weight, and coded answers beside them."""
    luck = random.Random(2017)
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["year", "respondent", SCORE, "rate_overall", WEIGHT, "airline", "destination"])
        for number in range(1, 1201):
            score = luck.choices(range(11), (1, 1, 1, 1, 2, 6, 6, 14, 20, 18, 30))[0]
            shown = "" if luck.random() < 0.03 else score
            weight = round(luck.uniform(0.2, 2.4), 10)
            airline = luck.choice(["UNITED", "AIR CANADA", "ALASKA"])
            rows.writerow([2017, number, shown, luck.randint(1, 5), weight, airline, "MONTREAL"])
    return path
