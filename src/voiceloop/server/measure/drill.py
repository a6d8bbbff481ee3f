"""The rows behind a number, a page at a time."""

from __future__ import annotations

from typing import Any

from voiceloop.analytics.drill import Page, rows
from voiceloop.analytics.metric import Metric
from voiceloop.server.measure.labels import label
from voiceloop.server.measure.slices import Slice
from voiceloop.server.store.sync import lake

SHOWN = ("touchpoint", "segment", "channel", "unit", "agent")


class Rows:
    """A sequence for Django's paginator that reads no more than the page it shows."""

    def __init__(self, metric: Metric, part: Slice) -> None:
        self.metric, self.part = metric, part

    def __len__(self) -> int:
        return self._read(1, 0).total

    def __getitem__(self, which: slice) -> list[dict[str, Any]]:
        return [_shown(row) for row in self._read(which.stop - which.start, which.start).rows]

    def _read(self, limit: int, offset: int) -> Page:
        return rows(lake(), self.metric, limit=limit, offset=offset, **self.part.arguments())


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    value = next(
        (row[name] for name in ("score", "status", "amount", "outcome", "label") if row.get(name)), None
    )
    places = [label(name, row[name]) for name in SHOWN if row.get(name)]
    shown = row.get("score") if row.get("score") is not None else value
    return {**row, "shown": shown, "places": places, **_reference(row)}


def _reference(row: dict[str, Any]) -> dict[str, Any]:
    """By what a row is called, and whether there is a case of ours to open: imported ones are below zero."""
    keys = ("invitation_id", "transaction_id", "conversation_id", "case_id", "review_id", "event_id")
    found = next((row[name] for name in keys if row.get(name) is not None), None)
    return {"reference": found and abs(found), "of_case": max(row.get("case_id") or 0, 0)}
