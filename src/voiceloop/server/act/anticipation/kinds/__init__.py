"""The kinds of things that happen to customers before they write: one module a kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from voiceloop.server.act.anticipation.kinds import (
    bad_again,
    broken_promise,
    late_order,
    risk_silent,
    same_topic,
    unheard,
)
from voiceloop.server.act.anticipation.kinds.base import Kind, Occasion, Parameter, Period, Refused, checked
from voiceloop.server.act.models import AnticipationRule

KINDS: dict[str, Kind] = {
    AnticipationRule.Kind.LATE_ORDER: late_order,
    AnticipationRule.Kind.BAD_AGAIN: bad_again,
    AnticipationRule.Kind.BROKEN_PROMISE: broken_promise,
    AnticipationRule.Kind.UNHEARD: unheard,
    AnticipationRule.Kind.SAME_TOPIC: same_topic,
    AnticipationRule.Kind.RISK_SILENT: risk_silent,
}

__all__ = ["KINDS", "Kind", "Occasion", "Parameter", "Period", "Refused", "checked", "of", "values"]


def of(kind: str) -> Kind:
    return KINDS[kind]


def values(kind: str, parameters: Mapping[str, Any]) -> dict[str, int]:
    """The numbers by which a rule goes; whatever is missing is as shipped."""
    known = of(kind).PARAMETERS
    return {one.name: int(parameters.get(one.name, one.shipped)) for one in known}
