"""A call log: one call a row, with the seconds in the queue and with the agent, and how it ended."""

from __future__ import annotations

from voiceloop.analytics.metric import Metric
from voiceloop.analytics.readers._fields import Field
from voiceloop.analytics.readers._names import CUSTOMER, rest_of, when
from voiceloop.analytics.readers._reader import Found, Made, Note, Reader

# No call waits or lasts longer than a shift (our choice): more is a broken clock, and so is less than 0.
LONGEST = 8 * 3600.0
_SANE = (0.0, LONGEST)
_MONTH = (0.0, 30 * 86400.0)

_ENDS = {
    "abandoned": (
        "hang",
        "hangup",
        "hung up",
        "abandon",
        "abandoned",
        "lost",
        "missed",
        "dropped",
        "放弃",
        "挂断",
        "未接",
        "漏接",
    ),
    "answered": (
        "agent",
        "answered",
        "served",
        "connected",
        "completed",
        "handled",
        "answer",
        "接通",
        "已接",
        "应答",
        "人工",
    ),
    "ignored": ("phantom", "test", "invalid", "无效", "测试"),
}

_OWN = (
    Field(
        "wait_seconds",
        "seconds",
        (
            "waitseconds waittime waitingtime qtime queuetime queueseconds waitsec timeinqueue "
            "speedofanswer wait "
            "waiting 等待时长 等待时间 等待秒数 排队时长 排队时间 排队秒数",
            "wait* *waittime *queuetime *waitseconds 等待* 排队*",
        ),
        within=_SANE,
    ),
    Field(
        "handle_seconds",
        "seconds",
        (
            "handleseconds handletime handlingtime sertime servicetime talktime aht callduration 处理时长 "
            "处理时间 "
            "服务时长 通话时长 通话时间",
            "duration *handletime *servicetime *talktime 时长",
        ),
        within=_SANE,
    ),
    Field(
        "first_response_seconds",
        "seconds",
        (
            "firstresponseseconds firstresponsetime firstresponse frt firstreplytime responsetime "
            "首次响应时长 首次响应时间 首响时长 响应时长 响应时间",
        ),
        within=_MONTH,
    ),
    Field(
        "outcome",
        "text",
        (
            "outcome result callresult disposition 结果 通话结果 接听结果 是否接通",
            "answered abandoned status 状态",
        ),
    ),
    Field(
        "conversation_id",
        "id",
        ("conversationid callid chatid sessionid contactid 通话编号 会话编号 会话id 流水号",),
    ),
    Field(
        "asked_at",
        "time",
        ("messagetime askedat receivedat questiontime 留言时间 提问时间 来信时间",),
        feeds=("first_response_seconds", "at", "day", "month"),
    ),
    Field(
        "answered_at",
        "time",
        ("replytime repliedat answeredat firstreplyat firstresponseat 答复时间 回复时间 首次响应时刻",),
        feeds=("first_response_seconds",),
    ),
    when(),
    Field("clock", "text", ("vruentry callstarttime starttime clocktime 开始时刻 来电时刻",), feeds=("at",)),
    CUSTOMER,
    Field("case_id", "id", ("caseid ticketid 工单号 工单编号",)),
    Field("solved", "flag", ("solved issolved resolved isresolved fcr 是否解决 已解决",)),
    Field("topic", "text", ("topic reason callreason type category 来电原因 业务类型 咨询类型 类别",)),
    Field("cost", "number", ("cost 成本 费用",)),
)


def _fields(metric: Metric | None) -> tuple[Field, ...]:
    return rest_of("conversations", _OWN)


def _make(found: Found) -> Made:
    columns: dict[str, str] = {}
    notes: list[Note] = []
    left_out: tuple[tuple[int, Note], ...] = ()
    rows = "SELECT * FROM typed"
    if found.has("outcome"):
        columns["outcome"] = end_of("_outcome")
        notes.append(_ends(found))
        ((n,),) = found.ask(f"SELECT count(*) FILTER ({end_of('_outcome')} = 'ignored') FROM typed")
        rows += f" WHERE {end_of('_outcome')} IS DISTINCT FROM 'ignored'"
        left_out = ((n, ("no real call", "不是真实来电")),) if n else ()
    if found.has("handle_seconds", "outcome"):
        # Who hung up in the queue was handled by nobody, whatever the clock says.
        columns["handle_seconds"] = (
            f"CASE WHEN {end_of('_outcome')} <> 'abandoned' OR _outcome IS NULL THEN _handle_seconds END"
        )
    if found.has("asked_at"):
        columns |= {
            "at": "_asked_at AT TIME ZONE 'UTC'",
            "day": "CAST(_asked_at AS DATE)",
            "month": "strftime(_asked_at, '%Y-%m')",
        }
    elif found.has("at", "clock"):
        moment = "coalesce(CAST(_at AS DATE) + TRY_CAST(_clock AS TIME), _at)"
        columns["at"] = f"{moment} AT TIME ZONE 'UTC'"
    if found.has("asked_at", "answered_at") and not found.has("first_response_seconds"):
        seconds = "epoch(_answered_at) - epoch(_asked_at)"
        columns["first_response_seconds"] = f"CASE WHEN {seconds} >= 0 THEN {seconds} END"
    return Made(columns, rows, notes=tuple(notes), left_out=left_out)


def end_of(column: str) -> str:
    """Return the SQL of how a call ended: answered, abandoned or ignored; other words stay as they are."""
    word = f"lower({column})"
    arms = " ".join(
        f"WHEN {word} IN ({', '.join(repr(word) for word in words)}) THEN {end!r}"
        for end, words in _ENDS.items()
    )
    return f"CASE {arms} ELSE {word} END"


def _ends(found: Found) -> Note:
    rows = found.ask(
        f"SELECT _outcome, {end_of('_outcome')}, count(*) FROM typed WHERE _outcome IS NOT NULL"
        " GROUP BY ALL ORDER BY count(*) DESC LIMIT 8"
    )
    said = ", ".join(f"{word} = {end} ({n})" for word, end, n in rows)
    return f"outcomes: {said}", f"结果：{said}"


READER = Reader("calls", "conversations", "call log", "通话记录", _fields, (), _make)
