"""What there is to learn from: comments whose score says how the customer felt, and what people corrected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from voiceloop.analytics.text.learning import score_label
from voiceloop.server.understand.corrections import POLARITY
from voiceloop.server.understand.models import Correction

# The newest ones: customers change, and a fit must end. Our choice.
MOST = 20_000
# A person who reads the words knows better than the score beside them; the weight is our choice.
OF_A_CORRECTION = 5.0

# Of a response with several scores that of recommendation is asked first.
SCORED = """
    select distinct on (v.id) v.id, v.text, a.score, a.scale
    from collect_verbatim v join collect_answer a on a.response_id = v.response_id and a.score is not null
    where a.scale = any(%s) and v.text <> ''
    order by v.id desc, (a.question <> 'nps'), a.id limit %s
"""
SCALES = ["nps_0_10", "csat_1_5", "csat_1_10", "csat_0_100", "stars_1_5"]


@dataclass
class Material:
    """Comments in the order of their ids, each with what it surely says."""

    pks: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.pks)

    @property
    def n_corrected(self) -> int:
        return sum(weight > 1 for weight in self.weights)

    @property
    def last(self) -> int:
        return max(self.pks, default=0)

    def at(self, rows: list[int]) -> Material:
        return Material(*([values[row] for row in rows] for values in vars(self).values()))


def of_sentiment() -> Material:
    """One comment of each wording: the same words on both sides of a comparison would prove nothing."""
    said = {pk: labels for pk, labels, _ in _corrections() if "sentiment" in labels}
    found: dict[str, tuple[int, str, int, float]] = {}
    for pk, text, score, scale in _scored():
        label = POLARITY[said[pk]["sentiment"]] if pk in said else score_label(score, scale)
        weight = OF_A_CORRECTION if pk in said else 1.0
        if label is not None and found.get(text.strip(), (0, "", 0, 0.0))[3] < weight:
            found[text.strip()] = (pk, text, label, weight)
    scored = {pk for pk, *_ in found.values()}
    for pk, labels, text in _corrections():
        if pk not in scored and "sentiment" in labels and text.strip():
            found[text.strip()] = (pk, text, POLARITY[labels["sentiment"]], OF_A_CORRECTION)
    rows = sorted(found.values())
    return Material(*map(list, zip(*rows, strict=True))) if rows else Material()


def of_reasons() -> tuple[list[int], list[str], list[dict[str, int]]]:
    """Corrected comments with their reasons, each reason with its side."""
    rows = [(pk, text, labels["reasons"]) for pk, labels, text in _corrections() if "reasons" in labels]
    return [pk for pk, *_ in rows], [text for _, text, _ in rows], [dict(sides) for *_, sides in rows]


def _scored() -> list[tuple[int, str, float, str]]:
    with connection.cursor() as cursor:
        cursor.execute(SCORED, [SCALES, MOST])
        return list(cursor.fetchall())


def _corrections() -> list[tuple[int, dict[str, Any], str]]:
    newest = Correction.objects.order_by("-at").values_list("verbatim_id", "labels", "verbatim__text")
    return list(newest[:MOST])
