"""What the demo company's telephone system and chat desk kept of its last year."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from voiceloop.analytics.synth import Company
from voiceloop.server.collect.models import Conversation
from voiceloop.server.core.bulk import copy
from voiceloop.server.web.demo.feedback import Ids, words

COLUMNS = (
    "key external_id customer_id unit_id kind topic outcome started_at wait_seconds handle_seconds "
    "first_response_seconds solved cost channel source region team agent attributes"
)
# The telephone system was connected a year ago.
DAYS = 365
CHANNELS = {"portal": "web"}
HOME = ZoneInfo("Asia/Shanghai")


def load_conversations(company: Company, units: Ids) -> None:
    rows = company.conversations.to_pylist()
    if rows:
        newest: datetime = max(row["at"] for row in rows)
        kept = [row for row in rows if row["at"] > newest - timedelta(days=DAYS)]
        copy(Conversation, words(COLUMNS), _rows(kept, units))


def _rows(kept: list[dict[str, Any]], units: Ids) -> Iterator[tuple[Any, ...]]:
    """In the hours in which most customers come they wait longest."""
    busy = Counter(_clock(row) for row in kept)
    usual = max(sum(busy.values()) / 24, 1.0)
    for row in kept:
        push = 0.5 + 0.5 * busy[_clock(row)] / usual
        number = f"T{row['conversation_id']:07}"
        yield (
            *(hashlib.sha256(f"demo:{number}".encode()).hexdigest(), number, row["customer_key"]),
            *(units[row["unit"]], row["kind"], row["topic"] or "", row["outcome"] or "", row["at"]),
            *(_longer(row["wait_seconds"], push), row["handle_seconds"]),
            *(_longer(row["first_response_seconds"], push), _flag(row["solved"]), row["cost"]),
            *(CHANNELS.get(row["channel"], row["channel"]), "desk", row["region"], row["team"] or ""),
            *(row["agent"] or "", "{}"),
        )


def _clock(row: dict[str, Any]) -> int:
    hour: int = row["at"].astimezone(HOME).hour
    return hour


def _longer(seconds: float | None, push: float) -> float | None:
    return None if seconds is None else round(seconds * push)


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)
