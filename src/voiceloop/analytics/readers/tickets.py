"""Tickets: one a row, or one row for every update of it, the last of which tells how it ended."""

from __future__ import annotations

from voiceloop.analytics.metric import Metric
from voiceloop.analytics.readers._fields import Field
from voiceloop.analytics.readers._names import CUSTOMER, rest_of
from voiceloop.analytics.readers._reader import Found, Made, Note, Reader
from voiceloop.analytics.readers._states import among, kinds_of, said

CASE = Field(
    "case_id",
    "text",
    (
        "caseid caseconceptname case:concept:name ticketid ticketnumber ticketno incidentid "
        "incidentnumber casenumber "
        "caseno 工单号 工单编号 工单id 案件编号 事件编号",
        "number 单号 编号",
        "case ticket incident",
        "id",
    ),
    key=True,
)

_OWN = (
    CASE,
    Field(
        "opened_at",
        "time",
        (
            "openedat opened opentime openedtime createdat created createdtime createtime reportedat "
            "submittedat "
            "创建时间 开单时间 建单时间 提交时间 受理时间 报单时间",
            "opendate openeddate createddate creationdate datereceived startdate 创建日期 开单日期",
        ),
        feeds=("opened_at", "at", "day", "month"),
    ),
    Field(
        "resolved_at",
        "time",
        (
            "resolvedat resolved resolvedtime resolutiontime resolvetime solvedat 解决时间 完成时间 办结时间",
            "resolveddate resolutiondate 解决日期 完成日期",
        ),
    ),
    Field(
        "closed_at",
        "time",
        ("closedat closed closedtime closetime 关闭时间 结案时间", "closeddate enddate 关闭日期 结案日期"),
    ),
    Field(
        "first_contact_at",
        "time",
        (
            "firstcontactat firstresponseat firstresponse firstreplyat respondedat takenat 首次联系时间 "
            "首次响应时间 首次回复时间",
        ),
    ),
    Field(
        "first_contact_due_at",
        "time",
        ("firstcontactdueat firstresponsedueat responsedueat 首次联系时限 响应时限",),
    ),
    Field("due_at", "time", ("dueat duedate due deadline slaat 时限 解决时限 截止时间 到期时间",)),
    Field(
        "sla_met",
        "flag",
        ("slamet madesla slaachieved withinsla insla slaok timely timelyresponse 是否达标 sla达标 是否按时",),
    ),
    Field("n_contacts", "number", ("ncontacts contacts contactcount 联系次数",)),
    Field(
        "n_reassigned",
        "number",
        (
            "nreassigned reassignmentcount reassignments reassigned transfers transfercount 转派次数 "
            "转办次数 流转次数",
        ),
    ),
    Field("n_reopened", "number", ("nreopened reopencount reopens reopened 重开次数 重新打开次数",)),
    Field(
        "state",
        "text",
        ("state incidentstate status ticketstate ticketstatus casestatus 状态 工单状态",),
        feeds=("first_contact_at",),
    ),
    Field(
        "updated_at",
        "time",
        ("updatedat sysupdatedat modifiedat lastupdated updatetime 更新时间",),
        feeds=("first_contact_at",),
    ),
    Field("priority", "text", ("priority 优先级",)),
    Field("severity", "text", ("severity seriousness 严重程度 严重级别",)),
    Field("root_cause", "text", ("rootcause closedcode causedby 根本原因 根因",)),
    CUSTOMER,
)


def _fields(metric: Metric | None) -> tuple[Field, ...]:
    return rest_of("cases", _OWN)


def _make(found: Found) -> Made:
    columns = {"case_id": "CAST(hash(_case_id) >> 2 AS BIGINT)"} if found.has("case_id") else {}
    ((n, cases),) = found.ask(
        f"SELECT count(*), count(DISTINCT {'_case_id' if found.has('case_id') else 'row_'}) FROM typed"
    )
    if n == cases:
        return Made(columns | _moments(found, "{}"))
    return _of_updates(found, columns, n, cases)


def _moments(found: Found, one: str) -> dict[str, str]:
    """SQL of the case's times; its day is the day on which it was opened."""
    names = ("opened_at", "resolved_at", "closed_at", "first_contact_at", "first_contact_due_at", "due_at")
    made = {name: f"{one.format('_' + name)} AT TIME ZONE 'UTC'" for name in names if found.has(name)}
    if found.has("opened_at"):
        opened = one.format("_opened_at")
        made |= {
            "at": f"{opened} AT TIME ZONE 'UTC'",
            "day": f"CAST({opened} AS DATE)",
            "month": f"strftime({opened}, '%Y-%m')",
        }
    return made


def _of_updates(found: Found, columns: dict[str, str], n: int, cases: int) -> Made:
    """The last word on each column is the case's; the first update out of "new" takes it in charge."""
    last = "arg_max({}, order_)"
    order = "(_updated_at, path_, row_)" if found.has("updated_at") else "(path_, row_)"
    columns = columns | _moments(found, last)
    columns["case_id"] = "CAST(hash(_case_id) >> 2 AS BIGINT)"
    notes: tuple[Note, ...] = (
        (
            f"{n:,} updates make {cases:,} tickets; each is told by its last row",
            f"{n:,} 次更新合为 {cases:,} 张工单，以最后一行为准",
        ),
    )
    if found.has("state", "updated_at") and not found.has("first_contact_at"):
        kinds = kinds_of(found, "_state")
        if kinds["new"]:
            taken = f"_state IS NOT NULL AND NOT {among('_state', kinds['new'])}"
            columns["first_contact_at"] = f"min(_updated_at) FILTER ({taken}) AT TIME ZONE 'UTC'"
            notes += said(kinds, ("new",))
    rows = f"SELECT *, {order} AS order_ FROM typed"
    return Made(columns, rows, group="_case_id", one_of=last, notes=notes)


READER = Reader(
    "tickets", "cases", "tickets or their updates", "工单或工单更新记录", _fields, ("opened_at",), _make
)
