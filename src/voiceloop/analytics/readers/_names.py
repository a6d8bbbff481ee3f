"""What people call the columns that several shapes of file share."""

from __future__ import annotations

from voiceloop.analytics import schema
from voiceloop.analytics.readers._cells import Kind
from voiceloop.analytics.readers._fields import Field

_KINDS: dict[str, Kind] = {
    "string": "text",
    "date": "time",
    "timestamp": "time",
    "int64": "id",
    "int32": "number",
    "int8": "number",
    "double": "number",
    "float": "number",
}

_DIMENSIONS = {
    "channel": ("channel 渠道 contactchannel contacttype 接触渠道",),
    "region": ("region 地区 区域 大区 省份 省",),
    "unit": ("unit store shop branch 门店 网点 店铺",),
    "team": ("team 班组 团队 组",),
    "agent": ("agent agentid agentname server operator 坐席 客服 客服工号 坐席工号",),
    "segment": ("segment 客群 客户分群",),
    "tier": ("tier 客户等级 会员等级 等级",),
    "touchpoint": ("touchpoint 触点",),
    "survey": ("survey 问卷",),
    "programme": ("programme program 项目",),
    "language": ("language 语言",),
    "source": ("source 来源",),
    "stage": ("stage 阶段",),
}

CUSTOMER = Field(
    "customer_key",
    "id",
    (
        "customerkey customerid clientid memberid userid callerid 客户编号 客户id 客户号 会员号 会员编号 "
        "会员id 用户id",
        "customer client caller member buyer 客户 会员 用户",
    ),
)

WHEN = (
    "surveydate responsedate answeredat submittedat completedat respondedat answertime invoicedate orderdate "
    "transactiondate orderedat paidat callstart calldate 填写日期 提交时间 提交日期 答题时间 调查日期 "
    "回答时间 "
    "评价时间 下单时间 下单日期 交易时间 交易日期 订单时间 来电时间 呼叫时间",
    "date datetime timestamp day at time 日期 时间 day日期",
    "createdat created createdtime 创建时间 创建日期",
    "*date *日期 *timestamp *时间",
    "year 年份 年",
)


def when(*first: str) -> Field:
    """Return the field of a row's time; ``first`` are names that go before all others."""
    return Field("at", "time", (*first, *WHEN), feeds=("at", "day", "month"))


def rest_of(table: str, fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """Return ``fields`` and one for every other column of the lake's table, known by its own name."""
    known = {name for field in fields for name in (field.name, *field.makes)} | {"attributes", "month", "day"}
    more = [
        Field(name, _KINDS[kind], _DIMENSIONS.get(name, (name.replace("_", ""),)))
        for name, kind in schema.table(table).columns.items()
        if name not in known
    ]
    return (*fields, *more)
