"""An event log: what happened to which case, when and by whom; its cases are made from their events."""

from __future__ import annotations

from voiceloop.analytics.metric import Metric
from voiceloop.analytics.readers._fields import Field
from voiceloop.analytics.readers._names import CUSTOMER, rest_of
from voiceloop.analytics.readers._reader import Found, Made, Note, Reader
from voiceloop.analytics.readers._states import among, kinds_of, said
from voiceloop.analytics.readers.tickets import CASE

ACTIVITY = Field(
    "activity",
    "text",
    (
        "activity activityname conceptname event eventname eventtype 活动 活动名称 环节 步骤 动作 节点",
        "incidentstate state status lifecycletransition 状态",
    ),
    key=True,
)
MOMENT = Field(
    "at",
    "time",
    (
        "completetimestamp timestamp timetimestamp eventtime eventtimestamp activitytime sysupdatedat "
        "时间戳 操作时间 发生时间 完成时刻",
        "time at datetime date updatedat 时间 日期 更新时间",
        "*timestamp",
    ),
    feeds=("at", "day", "month", "opened_at", "resolved_at", "closed_at", "first_contact_at"),
    key=True,
)
ACTOR = Field(
    "agent", "text", ("resource orgresource agent actor user employee assignedto 处理人 操作人 经办人 坐席",)
)
TEAM = Field(
    "team",
    "text",
    (
        "organizationinvolved assignmentgroup team queue supportteam 处理组 班组 团队 处理部门",
        "orggroup group workgroup supportsection 部门",
    ),
)

_OWN = (
    CASE,
    ACTIVITY,
    MOMENT,
    ACTOR,
    TEAM,
    CUSTOMER,
    Field("severity", "text", ("severity seriousness 严重程度",)),
    Field("priority", "text", ("priority impact 优先级",)),
)


def _case_fields(metric: Metric | None) -> tuple[Field, ...]:
    # A file that names the times of the case itself is read by `tickets`.
    return rest_of("cases", _OWN)


def _event_fields(metric: Metric | None) -> tuple[Field, ...]:
    own = (
        Field("subject", "text", CASE.names, key=True),
        *(f for f in _OWN if f.name not in ("case_id", "agent")),
    )
    return rest_of("events", (*own, Field("actor", "text", ACTOR.names)))


def _cases(found: Found) -> Made:
    kinds = kinds_of(found, "_activity")
    done = among("_activity", kinds["resolved"] + kinds["closed"])
    closed = among("_activity", kinds["closed"])
    taken = among("_activity", kinds["taken"])
    who, notes = _handed(found)
    handed = f"lag({who}) OVER lines <> {who}" if who else "NULL"
    rows = f"""
        SELECT *, row_number() OVER lines AS order_, {done} AS done_,
            {handed} AS handed_,
            NOT {done} AND coalesce(lag({done}) OVER lines, false) AS reopened_,
            max(CASE WHEN NOT {done} THEN moment_ END) OVER (PARTITION BY _case_id) AS working_
        FROM (SELECT *, (_at, path_, row_) AS moment_ FROM typed)
        WINDOW lines AS (PARTITION BY _case_id ORDER BY _at, path_, row_)"""
    over = "(working_ IS NULL OR moment_ > working_)"
    moments = {
        "opened_at": "min(_at)",
        "first_contact_at": f"min(_at) FILTER ({taken})" if kinds["taken"] else "",
        "resolved_at": f"min(_at) FILTER (done_ AND {over})",
        "closed_at": f"min(_at) FILTER ({closed} AND {over})" if kinds["closed"] else "",
    }
    columns = {name: f"{sql} AT TIME ZONE 'UTC'" for name, sql in moments.items() if sql}
    columns |= {
        "case_id": "CAST(hash(_case_id) >> 2 AS BIGINT)",
        "at": "min(_at) AT TIME ZONE 'UTC'",
        "day": "CAST(min(_at) AS DATE)",
        "month": "strftime(min(_at), '%Y-%m')",
        "n_reopened": "count(*) FILTER (reopened_)",
    }
    if who:
        columns["n_reassigned"] = "count(*) FILTER (handed_)"
    ((n, cases, activities),) = found.ask(
        "SELECT count(*), count(DISTINCT _case_id), count(DISTINCT _activity) FROM typed"
    )
    counts = (
        f"{n:,} events of {activities} activities make {cases:,} cases",
        f"{n:,} 个事件（{activities} 种活动）合为 {cases:,} 个工单",
    )
    told = (counts, *said(kinds, ("taken", "resolved", "closed")), *notes)
    return Made(columns, rows, group="_case_id", one_of="arg_max({}, order_)", notes=told)


def _handed(found: Found) -> tuple[str, tuple[Note, ...]]:
    """Return the column whose change hands a case over: the team where it changes, else the person."""
    for name in ("team", "agent"):
        if not found.has(name):
            continue
        ((varies,),) = found.ask(
            f"SELECT count(*) FILTER (n > 1) FROM (SELECT count(DISTINCT _{name}) AS n FROM typed GROUP "
            "BY _case_id)"
        )
        if varies:
            column = found.columns[name]
            return f"_{name}", ((f"handed over when {column} changes", f"“{column}”变化视为转派"),)
    return "", ()


def _events(found: Found) -> Made:
    return Made({"event_id": "row_ + 1"})


READERS = (
    Reader(
        "log", "cases", "event log", "事件日志", _case_fields, ("case_id", "activity", "at"), _cases, rank=1
    ),
    Reader("log", "events", "event log", "事件日志", _event_fields, ("subject", "activity", "at"), _events),
)
