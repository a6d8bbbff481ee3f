"""Answers to a survey: one a row with its score in a column, or one a row with the question beside."""

from __future__ import annotations

from voiceloop.analytics.metric import Metric
from voiceloop.analytics.readers._fields import Field, plain
from voiceloop.analytics.readers._names import CUSTOMER, rest_of, when
from voiceloop.analytics.readers._raw import literal
from voiceloop.analytics.readers._reader import Found, Made, Reader

_ANY = "score rating 评分 分数 打分 得分 分值 stars 星级"
_SCORES = {
    "nps": (
        "nps npsscore recommend 净推荐值 推荐意愿 推荐分数 推荐分",
        "recommend* *torecommend 推荐*",
        "*recommend* *推荐*",
        _ANY,
    ),
    "csat": (
        "csat csatscore satisfactionscore 满意度评分",
        "overallsatisfaction satisfactionoverall rateoverall overallrating 总体满意度 整体满意度 "
        "*整体满意度 *总体满意度",
        "satisfaction satisfied 满意度",
        "overall 总体 总体评价",
        _ANY,
        "*overall*",
        "*satisf* *满意*",
    ),
    "fcr": (
        "fcr firstcontactresolution resolvedfirsttime solvedatonce 是否一次解决 一次解决 首次解决",
        "*solved* *resolved* *解决*",
        _ANY,
    ),
    "ces": (
        "ces cesscore effort effortscore customereffort 费力度 省力度 客户费力度",
        "ease easyscore *effort* *费力*",
        "ease* *easy*",
        _ANY,
    ),
}
_WEIGHT = ("weight weights surveyweight sampleweight wt 权重", "*weight 权重*")
_QUESTION = ("question questioncode questionid item 题目 问题 题号",)


def _fields(metric: Metric | None) -> tuple[Field, ...]:
    question = metric.question if metric else ""
    named = f"{plain(question)} {plain(question.partition('_')[2] or question)}"
    scores = _SCORES.get(question, (named, _ANY) if question else (_ANY,))
    is_yes_no = metric is not None and metric.scales == ("yes_no",)
    limits = (0.0, float("1e12"))
    own = (
        Field("score", "flag" if is_yes_no else "number", scores),
        Field("weight", "number", _WEIGHT, within=limits),
        when(),
        CUSTOMER,
        Field("question", "text", _QUESTION),
        Field("response_id", "id", ("responseid respondent respondentid 答卷编号 答卷id 序号",)),
    )
    # The scale is one for the whole file, and is told or seen from the scores.
    return tuple(field for field in rest_of("answers", own) if field.name not in ("scale", "answer_id"))


def _make(found: Found) -> Made:
    """Take the answers to the metric's question, where the file says which question each one answers."""
    if not found.has("question"):
        return Made()
    code = literal(found.metric.question)
    seen = [word for (word,) in found.ask("SELECT DISTINCT lower(_question) FROM typed ORDER BY 1 LIMIT 9")]
    # Written as the code of the metric, so that no second filter takes the rows away again.
    columns = {"question": code}
    if found.metric.question in seen:
        return Made(columns, f"SELECT * FROM typed WHERE lower(_question) = {code}")
    listed = ", ".join(map(str, seen))
    column = found.columns["question"]
    note = (
        f"{column} holds {listed}; choose with --where {column}=…",
        f"“{column}”的取值：{listed}；请用 --where {column}=… 选择",
    )
    return Made(columns, notes=(note,) if len(seen) > 1 else ())


READER = Reader("survey", "answers", "survey answers", "问卷答案", _fields, ("score",), _make)
