"""The shapes in which programs read and write crises."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Schema

from voiceloop.server.act.models import Crisis


class CrisisAlarmOut(Schema):
    chart: str
    grain: str
    place: str
    touchpoint: str
    at: datetime
    n: int
    usual: float
    limit: int
    p_value: float


class CrisisStatementOut(Schema):
    id: int
    text_zh: str
    text_en: str
    by_id: int
    at: datetime
    approved_by_id: int | None
    approved_at: datetime | None
    withdrawn_at: datetime | None


class CrisisTaskOut(Schema):
    id: int
    text_zh: str
    text_en: str
    owner_id: int | None
    due_at: datetime | None
    done_at: datetime | None
    done_by_id: int | None
    note: str


class CrisisReviewOut(Schema):
    what_happened: str
    why: str
    what_changes: str
    by_id: int
    at: datetime


class CrisisOut(Schema):
    id: int
    name: str
    state: str
    level: int
    chart: str
    unit_id: int
    touchpoint: str
    owner_id: int | None
    since: datetime
    until: datetime
    opened_at: datetime
    closed_at: datetime | None

    @staticmethod
    def resolve_name(crisis: Crisis) -> str:
        return str(crisis)


class CrisisFiguresOut(Schema):
    to_detect: float | None
    to_first_statement: float | None
    to_close: float | None
    n_alarms: int
    peak: int
    peak_usual: float | None
    tasks_done: int
    tasks: int


class CrisisRoomOut(CrisisOut):
    alarms: list[CrisisAlarmOut]
    statements: list[CrisisStatementOut]
    tasks: list[CrisisTaskOut]
    review: CrisisReviewOut | None
    figures: CrisisFiguresOut
    n_customers: int
    n_cases: int


class CrisisLogOut(Schema):
    at: datetime
    type: str
    sentence: str
    by_id: int | None
    note: str


class AffectedOut(Schema):
    customer: int
    name: str
    reason_not_to_write: str


class CrisisIn(Schema):
    title: str
    unit: int
    touchpoint: str = ""
    since: datetime | None = None
    level: Literal[1, 2, 3] = 3
    note: str = ""


class CrisisChange(Schema):
    """What is left out stays."""

    title: str | None = None
    level: Literal[1, 2, 3] | None = None
    owner: int | None = None


class CrisisNoteIn(Schema):
    note: str = ""


class CrisisReviewIn(Schema):
    what_happened: str
    why: str
    what_changes: str


class CrisisStatementIn(Schema):
    text_zh: str = ""
    text_en: str = ""


class CrisisTaskIn(Schema):
    text: str
    owner: int | None = None
    due_at: datetime | None = None


class CrisisLinkIn(Schema):
    case: int


class CrisisMessageIn(Schema):
    statement: int


class CrisisRunOut(Schema):
    id: int
    kind: str
    n_done: int
    left_out: dict[str, int]
    done_at: datetime | None


class WatchIO(Schema):
    answer: Literal["open", "propose"] = "open"
    false_a_year: float = 2.0
    at_least: int = 5
    times: float = 2.0
    charts: list[str] = []
    words: list[str] = []


class WatchDayOut(Schema):
    day: str
    chart: str
    grain: str
    where: str
    n: int
    usual: float
    limit: int
    n_alarms: int


class CrisesAsked(Schema):
    state: Literal["", "live", "over"] = ""
    limit: int = 100
