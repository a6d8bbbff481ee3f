"""The list of reasons as a file: TOML for people who keep it under version control, CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterable
from typing import Any

from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.text.taxonomy import Reason, Taxonomy
from voiceloop.server.core.spreadsheets import lines
from voiceloop.server.understand.reasons.book import Owners

MANY = ("keywords", "lookalikes", "examples")
COLUMNS = ("code", "zh", "en", *MANY, "group", "owner", "archived", "merged_into")
MOST_BYTES, MOST_REASONS = 2_000_000, 500
UNREADABLE = (UnicodeDecodeError, tomllib.TOMLDecodeError, csv.Error, KeyError, TypeError, AttributeError)
# Between the words of one cell.
BETWEEN = " | "


def toml(reasons: Taxonomy, owners: Owners) -> str:
    """One table a reason; what is empty is left out."""
    return "\n\n".join(_table(reason, owners) for reason in _every(reasons)) + "\n"


def table(reasons: Taxonomy, owners: Owners) -> str:
    rows = (
        [BETWEEN.join(v) if isinstance(v, tuple) else str(v or "") for v in _cells(reason, owners)]
        for reason in _every(reasons)
    )
    return "".join(lines([COLUMNS], rows))


FORMS = {"toml": (toml, "application/toml"), "csv": (table, "text/csv")}


def read(name: str, data: bytes) -> tuple[Taxonomy, Owners]:
    """The list in a file; who wrote it, and with which programme, is told by its name."""
    if len(data) > MOST_BYTES:
        raise AnalyticsError("The file is too large for a list of reasons.", "文件过大，不像是原因体系。")
    try:
        text = data.decode("utf-8-sig")
        entries = _of_table(text) if name.lower().endswith(".csv") else tomllib.loads(text).get("reason", [])
        found = [_entry(entry) for entry in entries]
    except UNREADABLE as error:
        raise AnalyticsError(
            "The file cannot be read as a list of reasons. Export the present one for an example.",
            "无法按原因体系读取此文件。可先导出现有体系作为样例。",
        ) from error
    if not 0 < len(found) <= MOST_REASONS:
        raise AnalyticsError(
            f"The file holds {len(found)} reasons; 1 to {MOST_REASONS} can be taken.",
            f"文件中有 {len(found)} 个原因，可接受 1 到 {MOST_REASONS} 个。",
        )
    owners = {reason.code: owner for reason, owner in found if owner}
    return Taxonomy.of(reason for reason, _ in found), owners


def _every(reasons: Taxonomy) -> Iterable[Reason]:
    return (*reasons.reasons, *reasons.retired)


def _cells(reason: Reason, owners: Owners) -> tuple[Any, ...]:
    words = (reason.keywords, reason.lookalikes, reason.examples)
    names = (reason.code, reason.label_zh, reason.label_en)
    state = ("1" if reason.archived else "", reason.merged_into)
    return (*names, *words, reason.group, owners.get(reason.code, ""), *state)


def _table(reason: Reason, owners: Owners) -> str:
    # A JSON string is a TOML string, and so is a list of them.
    values = zip(COLUMNS, _cells(reason, owners), strict=True)
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values if value]
    return "\n".join(["[[reason]]", *lines])


def _of_table(text: str) -> list[dict[str, Any]]:
    rows = csv.DictReader(io.StringIO(text))
    return [
        {name: _words(cell) if name in MANY else (cell or "").removeprefix("'") for name, cell in row.items()}
        for row in rows
    ]


def _words(cell: str | None) -> list[str]:
    return [word.strip() for word in (cell or "").removeprefix("'").split("|") if word.strip()]


def _entry(entry: dict[str, Any]) -> tuple[Reason, str]:
    reason = Reason(
        _text(entry["code"]),
        _text(entry["zh"]),
        _text(entry.get("en", "")),
        keywords=_texts(entry.get("keywords", ())),
        lookalikes=_texts(entry.get("lookalikes", ())),
        examples=_texts(entry.get("examples", ())),
        group=_text(entry.get("group", "")),
        archived=entry.get("archived", "") in ("1", "true", True),
        merged_into=_text(entry.get("merged_into", "")),
    )
    return reason, _text(entry.get("owner", ""))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value.strip()


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(_text(value) for value in values)
