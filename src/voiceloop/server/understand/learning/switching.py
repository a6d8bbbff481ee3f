"""Which model labels: put into use, taken back."""

from __future__ import annotations

from django.db.models import F
from django.utils.timezone import now

from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.understand import engine, relabelling
from voiceloop.server.understand.events import ModelSwitched
from voiceloop.server.understand.models import Relabelling, TextModel

State = TextModel.State
SHIPPED = "base"


@verb
def go_live(model: TextModel, *, by: User | None) -> TextModel:
    """It labels from now on, and history is labelled again with it."""
    engine.hold(alone=True)
    model = TextModel.objects.select_for_update().get(pk=model.pk)
    if model.state != State.LIVE:
        before = _retire(model.kind)
        model.state, model.live_at = State.LIVE, now()
        model.save(update_fields=["state", "live_at"])
        _tell(model.kind, model.version, before, by=by)
    return model


@verb
def go_back(*, kind: str, by: User) -> TextModel | None:
    """What was in use before it is in use again: an earlier model, or the shipped one (None)."""
    engine.hold(alone=True)
    live = live_of(kind)
    if live is None:
        return None
    earlier = TextModel.objects.filter(kind=kind, state=State.RETIRED, live_at__lt=live.live_at)
    before = earlier.order_by(F("live_at").desc()).first()
    _retire(kind)
    if before:
        # It keeps the moment at which it was first used, so that going back twice goes back two steps.
        before.state = State.LIVE
        before.save(update_fields=["state"])
    _tell(kind, before.version if before else SHIPPED, live.version, by=by)
    return before


def live_of(kind: str) -> TextModel | None:
    return TextModel.objects.filter(kind=kind, state=State.LIVE).first()


def _retire(kind: str) -> str:
    live = live_of(kind)
    TextModel.objects.filter(kind=kind, state=State.LIVE).update(state=State.RETIRED, retired_at=now())
    return live.version if live else SHIPPED


def _tell(kind: str, version: str, before: str, *, by: User | None) -> None:
    record(ModelSwitched(kind=kind, version=version, before=before), by=by)
    # A model of feelings gives every comment another probability; one of reasons changes some labels.
    relabelling.start(by=by, why=Relabelling.Why.MODEL, everything=kind == TextModel.Kind.SENTIMENT)
