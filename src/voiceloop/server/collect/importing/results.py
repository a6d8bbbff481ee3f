"""Where the figures of an imported file are to be seen."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language

from voiceloop.analytics.registry import metric
from voiceloop.server.collect.models import Import

# What people look for first in a file of this kind, and how it is cut.
FIGURES = {
    "survey": (("nps", "touchpoint"), ("csat", "touchpoint")),
    "calls": (
        ("average_handling_time", "agent"),
        ("waiting_time", "topic"),
        ("abandonment_rate", "topic"),
        ("service_level", "topic"),
    ),
    "tickets": (
        ("time_to_resolution", "priority"),
        ("sla_attainment", "priority"),
        ("reopened_rate", "priority"),
        ("reassigned_rate", "priority"),
    ),
    "log": (
        ("time_to_resolution", "team"),
        ("resolution_rate", "team"),
        ("reopened_rate", "team"),
        ("reassigned_rate", "team"),
    ),
    "orders": (("order_value", "channel"), ("return_rate", "channel"), ("retention_rate", "")),
}


def figures_of(import_: Import) -> Iterator[tuple[str, str]]:
    """Names of figures, each with the address that shows it of this source alone."""
    is_chinese = (get_language() or "").startswith("zh")
    mapped = {column["role"] for column in import_.mapping.get("columns", [])}
    source = {"source": import_.mapping["source"]} if import_.mapping.get("source") else {}
    if import_.state != Import.State.DONE:
        return
    scored = {column.get("question") for column in import_.mapping.get("columns", [])}
    for name, by in FIGURES[import_.kind]:
        if import_.kind != "survey" or name in scored:
            found = metric(name)
            asked = {"metric": name, "by": by if by in mapped else "", "days": "all", **source}
            yield found.label_zh if is_chinese else found.label_en, f"{reverse('explore')}?{urlencode(asked)}"
