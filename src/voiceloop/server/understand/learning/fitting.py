"""A fit of the company's own model, step by step, and whether it goes into use."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.utils.timezone import now

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.core.queueing import queue_once
from voiceloop.server.understand import engine
from voiceloop.server.understand.events import ModelFitted
from voiceloop.server.understand.job_models import MOVING, State
from voiceloop.server.understand.learning import files, material, switching, versus
from voiceloop.server.understand.learning.reasons import fit_reasons
from voiceloop.server.understand.locks import held, is_held
from voiceloop.server.understand.models import Fitting, TextModel

log = logging.getLogger(__name__)
TASK, QUEUE = "understand.fit", "text"
KEPT = 20
_LOCK = 0x766C6674  # "vlft"


@verb
def start(*, kind: str, by: User | None) -> Fitting:
    """Queue a fit, unless one of this kind is under way."""
    engine.hold(alone=True)
    under_way = Fitting.objects.filter(kind=kind, state__in=MOVING).first()
    if under_way:
        return under_way
    fitting = Fitting.objects.create(kind=kind, by=by)
    queue(fitting)
    return fitting


def queue(fitting: Fitting) -> bool:
    return queue_once(TASK, once=f"{TASK}:{fitting.pk}", queue=QUEUE, fitting_id=fitting.pk)


def resume_dead() -> list[int]:
    """A fit whose process died begins again: nothing of it was kept."""
    moving = Fitting.objects.filter(state__in=MOVING)
    return [one.pk for one in moving if not is_held(_LOCK, one.pk) and queue(one)]


def nightly() -> list[int]:
    """Fit anew what has something new to learn from; who proves better goes into use by itself."""
    return [start(kind=kind, by=None).pk for kind in TextModel.Kind.values if _has_news(kind)]


def run(fitting: Fitting) -> Fitting:
    with held(_LOCK, fitting.pk) as mine:
        if mine and _begin(fitting):
            _run(fitting)
    fitting.refresh_from_db()
    return fitting


def _begin(fitting: Fitting) -> bool:
    begun = Fitting.objects.filter(pk=fitting.pk, state__in=MOVING)
    return bool(begun.update(state=State.RUNNING, started_at=now(), step=0))


def _run(fitting: Fitting) -> None:
    fit = {"sentiment": _sentiment, "reasons": fit_reasons}[fitting.kind]
    try:
        made, values = fit(lambda step, of: _tell(fitting, step, of))
        _finish(fitting, made, values)
    except AnalyticsError as error:
        _fail(fitting, error.en + "\n" + error.zh)
    except Exception as error:
        log.exception("fit %s stopped", fitting.pk)
        _fail(fitting, type(error).__name__)


def _sentiment(tell: Any) -> tuple[Any, dict[str, Any]]:
    """The model, and everything about it that its page shows."""
    from voiceloop.analytics.text.learning import fit_sentiment
    from voiceloop.analytics.text.learning.company import FEWEST
    from voiceloop.analytics.text.sentiment import base_model

    data = material.of_sentiment()
    if len(data) < FEWEST or len(set(data.labels)) < 2:
        raise AnalyticsError(
            f"There are {len(data)} scored comments; a fit needs {FEWEST}, of at least two kinds.",
            f"目前有 {len(data)} 条带评分的原话；训练至少需要 {FEWEST} 条，且至少两种情感。",
        )
    steps = iter(range(1, 1_000))
    of = 1 + versus.FOLDS + versus.n_steps(len(data))

    def done() -> None:
        tell(next(steps), of)

    live = TextModel.objects.filter(kind="sentiment", state=TextModel.State.LIVE).first()
    made = fit_sentiment(data.texts, data.labels, weights=data.weights)
    done()
    found = versus.judged(data, engine.in_use().model or base_model(), live.last_seen if live else 0, done)
    figures = {
        "candidates": made.cv,
        "versus": versus.compared(found) | {"against": live.version if live else base_model().version},
        "reliability": [versus.reliability(s, r) for s, r in zip(found.sure, found.right, strict=True)],
        "curve": versus.curve(data, base_model(), done),
    }
    values = {"version": made.model.version, "n": made.n, "n_corrected": data.n_corrected}
    return made.model, {**values, "last_seen": data.last, "chosen": made.chosen, "figures": figures}


def _tell(fitting: Fitting, step: int, of: int) -> None:
    Fitting.objects.filter(pk=fitting.pk).update(step=step, n_steps=of)


@transaction.atomic
def _finish(fitting: Fitting, made: Any, values: dict[str, Any]) -> None:
    path = files.new_path(fitting.kind)
    files.save(made, path)
    model = TextModel.objects.create(kind=fitting.kind, path=path, by=fitting.by, **values)
    Fitting.objects.filter(pk=fitting.pk).update(state=State.DONE, ended_at=now(), model=model)
    record(ModelFitted(kind=model.kind, version=model.version, n=model.n), by=fitting.by)
    # Who asked for a fit looks at it first; at night nobody is there to look.
    if fitting.by is None and model.figures["versus"]["is_better"]:
        switching.go_live(model, by=None)
    _forget(fitting.kind)


def _fail(fitting: Fitting, error: str) -> None:
    Fitting.objects.filter(pk=fitting.pk).update(state=State.FAILED, ended_at=now(), error=error)


def _has_news(kind: str) -> bool:
    newest = TextModel.objects.filter(kind=kind).order_by("-pk").first()
    if kind == TextModel.Kind.REASONS:
        pks, _, _ = material.of_reasons()
        return len(pks) != (newest.n if newest else 0)
    data = material.of_sentiment()
    before = (newest.n, newest.last_seen, newest.n_corrected) if newest else (0, 0, 0)
    return (len(data), data.last, data.n_corrected) != before


def _forget(kind: str) -> None:
    """Fits that were never used, but for the newest."""
    unused = TextModel.objects.filter(kind=kind, state=TextModel.State.CANDIDATE).order_by("-pk")[KEPT:]
    for model in unused:
        transaction.on_commit(lambda path=model.path: files.full(path).unlink(missing_ok=True))  # type: ignore[misc]  # one a model
        model.delete()
