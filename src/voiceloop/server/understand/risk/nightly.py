"""The night's work: fit when it is time, score every customer, raise the few who matter."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from django.db import transaction

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.lake import Lake
from voiceloop.analytics.value import customers
from voiceloop.analytics.value.cells import day_of
from voiceloop.analytics.value.churn import ChurnModel
from voiceloop.analytics.value.drifting import CHANGED
from voiceloop.analytics.value.lifetime import Lifetime, lifetime
from voiceloop.analytics.value.rfm import KINDS, rfm
from voiceloop.analytics.value.scored import band
from voiceloop.analytics.value.stages import LAPSED, STAGES, Limits, stages
from voiceloop.analytics.value.transactions import Purchases
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import record, verb
from voiceloop.server.store import sync
from voiceloop.server.understand.customers import lifecycle
from voiceloop.server.understand.risk import verbs
from voiceloop.server.understand.risk.events import RiskModelFitted, RisksComputed
from voiceloop.server.understand.risk_models import CustomerRisk, RiskModel, RiskRun

# Our choices: a week of news does not change habits; twenty calls a night are what a team can make.
REFIT_AFTER, MOST_A_NIGHT, CHUNK, REMEMBERED = timedelta(days=7), 20, 2_000, 26
DEAR_SHARE = 0.2
_WRITTEN = [
    "model", "as_of", "band", "probability", "reasons", "history", "kind", "rfm", "stage", "recency_days",
    "purchases", "historic", "expected", "low", "high", "is_dear",
]  # fmt: skip


@dataclass
class _Night:
    """What the night knows before it writes."""

    of: Purchases
    day: date
    model: RiskModel | None = None
    scores: dict[int, tuple[float, str, list[dict[str, Any]]]] = field(default_factory=dict)
    drift: list[dict[str, Any]] = field(default_factory=list)
    worth: Lifetime | None = None
    limits: Limits | None = None
    why_not: list[dict[str, str]] = field(default_factory=list)

    @property
    def last(self) -> date:
        """The last day that was known."""
        return self.day - timedelta(days=1)


def refresh(lake: Lake | None = None) -> RiskRun:
    """Score every customer anew; whatever cannot be said is left out and said so."""
    found = lake or sync.lake()
    try:
        of = customers.bought(found)
    except AnalyticsError as error:
        return RiskRun.objects.create(as_of=date.today(), why_not=[_both(error)])
    night = _Night(of, day_of(of.until + 1))
    _score(night, found)
    try:
        night.worth = lifetime(of)
    except AnalyticsError as error:
        night.why_not.append(_both(error))
    night.limits = lifecycle.limits_of(of)
    was = dict(CustomerRisk.objects.values_list("customer_id", "band"))
    bands: Counter[str] = Counter()
    for rows in _chunks(night):
        bands.update(_write(rows))
    run = _finish(night, bands=bands)
    lifecycle.keep(of, night.limits, night.last)
    if was:
        _raise_new(was)
    return run


def _score(night: _Night, lake: Lake) -> None:
    """Chance, band and reasons of every active customer; without a model a reason why there is none."""
    try:
        night.model, churn = _model(night, lake)
    except AnalyticsError as error:
        night.why_not.append(_both(error))
        return
    shot = customers.features(lake, night.day, night.model.horizon_days)
    if not shot.n:
        return
    risk, reasons = churn.predict(shot.table), churn.reasons(shot.table)
    night.drift = [one._asdict() for one in churn.drift(shot.table)]
    for key, chance, why in zip(shot.table[customers.KEY].tolist(), risk.tolist(), reasons, strict=True):
        told = [{**one._asdict(), "odds": round(one.odds, 3)} for one in why]
        night.scores[key] = (chance, band(chance, churn.rate), told)


def _model(night: _Night, lake: Lake) -> tuple[RiskModel, ChurnModel]:
    newest = RiskModel.objects.order_by("-pk").first()
    if newest and night.day - newest.as_of < REFIT_AFTER and not _has_moved(newest):
        return newest, _loaded(newest)
    churn = customers.fitted(lake)
    return _keep(churn), churn


def _has_moved(model: RiskModel) -> bool:
    """Whether customers differ more from those of the fit than on the model's first night.

    Some difference is there from the start: whoever is scored has been a customer for longer.
    """
    nights = [{one["column"]: one["psi"] for one in run.drift} for run in model.runs.order_by("pk")]
    if len(nights) < 2:
        return False
    return any(psi - nights[0].get(column, 0.0) > CHANGED for column, psi in nights[-1].items())


@verb
def _keep(churn: ChurnModel) -> RiskModel:
    record(RiskModelFitted(version=churn.version, n=churn.n_fit))
    return RiskModel.objects.create(
        version=churn.version,
        as_of=churn.report["as_of"] and date.fromisoformat(churn.report["as_of"]),
        horizon_days=churn.report["horizon_days"],
        n=churn.n_fit,
        report=churn.report,
        content=_bytes(churn),
    )


def _bytes(churn: ChurnModel) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        churn.save(path)
        return path.read_bytes()


def _loaded(model: RiskModel) -> ChurnModel:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        path.write_bytes(bytes(model.content))
        return ChurnModel.load(path)


def _chunks(night: _Night) -> Iterator[dict[int, dict[str, Any]]]:
    """Rows of some thousand customers at a time, by their key."""
    kinds, lives, worth = rfm(night.of), stages(night.of, night.limits), night.worth
    dear = np.quantile(worth.expected, 1 - DEAR_SHARE) if worth else np.inf
    rows: dict[int, dict[str, Any]] = {}
    for i, key in enumerate(map(int, night.of.keys)):
        chance, level, reasons = night.scores.get(key, (None, "", []))
        gone = lives.stage[i] == LAPSED or (night.model is not None and chance is None)
        rows[key] = {
            "model": night.model,
            "as_of": night.last,
            "band": level or ("left" if gone else "unknown"),
            "probability": chance,
            "reasons": reasons,
            "kind": KINDS[kinds.kind[i]].code,
            "rfm": f"{kinds.r[i]}{kinds.f[i]}{kinds.m[i]}",
            "stage": STAGES[lives.stage[i]].code,
            "recency_days": int(kinds.recency_days[i]),
            "purchases": int(kinds.frequency[i]),
            "historic": float(kinds.money[i]),
            "expected": float(worth.expected[i]) if worth else None,
            "low": float(worth.low[i]) if worth else None,
            "high": float(worth.high[i]) if worth else None,
            "is_dear": bool(worth is not None and worth.expected[i] >= dear),
        }
        if len(rows) == CHUNK:
            yield rows
            rows = {}
    yield rows


@transaction.atomic
def _write(rows: dict[int, dict[str, Any]]) -> Counter[str]:
    """Insert or replace; a customer erased meanwhile is passed over and cannot be erased while we write."""
    known = set(
        Customer.objects.select_for_update(no_key=True)
        .filter(pk__in=rows)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    before = {one.customer_id: one for one in CustomerRisk.objects.filter(customer__in=known)}
    CustomerRisk.objects.bulk_create(
        [
            CustomerRisk(customer_id=key, history=_history(before.get(key), row), **row)
            for key, row in rows.items()
            if key in known
        ],
        update_conflicts=True,
        update_fields=_WRITTEN,
        unique_fields=["customer"],
    )
    return Counter(row["band"] for key, row in rows.items() if key in known)


def _history(before: CustomerRisk | None, row: dict[str, Any]) -> list[list[Any]]:
    """The earlier values, the last of them the one before this, when the day is another."""
    if before is None:
        return []
    told = list(before.history)
    if before.probability is not None and before.as_of != row["as_of"]:
        told.append([before.as_of.isoformat(), round(before.probability, 4)])
    return told[-REMEMBERED:]


@verb
def _finish(night: _Night, *, bands: Counter[str]) -> RiskRun:
    worth, total = night.worth, None
    if worth:
        total = {
            **worth.total()._asdict(),
            "days": worth.days,
            "discount_percent": 100 * worth.discount,
            "confidence": worth.confidence,
        }
    run = RiskRun.objects.create(
        as_of=night.last,
        model=night.model,
        n=bands.total(),
        bands=dict(bands),
        drift=night.drift,
        value=total or {},
        why_not=night.why_not,
    )
    version = night.model.version if night.model else ""
    record(RisksComputed(n=run.n, high=bands["high"], version=version))
    return run


def _raise_new(was: dict[int, str]) -> int:
    """Those who are newly at high risk and dear, dearest first; on the first night nobody is new."""
    high = CustomerRisk.objects.awake().filter(band="high", is_dear=True).order_by("-expected")
    new = [one for one in high[:2_000] if was.get(one.customer_id) not in ("high", None)]
    return verbs.start(new[:MOST_A_NIGHT])


def _both(error: AnalyticsError) -> dict[str, str]:
    return {"en": error.en, "zh": error.zh}
