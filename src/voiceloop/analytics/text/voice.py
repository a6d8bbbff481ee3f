"""The voice class of a comment: praise, problem or suggestion, with the words that decided."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import numpy as np

from voiceloop.analytics.text.batch import Batch, Ints
from voiceloop.analytics.text.phrases import Phrases
from voiceloop.analytics.text.sentiment import Scores

VOICES = ("praise", "problem", "suggestion", "other")

# Words without which no pattern below can match: they pick the few comments that are read by pattern.
_CUES = (
    "建议 希望 最好 能不能 可不可以 可否 能否 要是 如果能 期待 期望 盼望 应该 应当 需要 有待 望 请 麻烦 "
    "suggest suggestion suggestions recommend please pls hope wish should could would need needs ought"
)

_ADDRESSEE = (
    r"(?:你们|贵司|贵公司|贵店|贵行|商家|店家|卖家|老板|酒店|餐厅|饭店|店里|门店|客服|服务员|前台|公司|平台|官方|厂家|"
    r"银行|营业厅|物流|快递|外卖|系统|软件|小程序|程序|管理|领导|经理|移动|联通|电信|京东|贵方|以后|今后|下次|后续|早日)"
)
_VERB = (
    r"(?:增加|加强|改进|改善|改成|改为|改一下|提高|提升|优化|完善|减少|降低|取消|延长|缩短|调整|更新|更换|换成|换个|换一|"
    r"开通|开放|推出|提供|设置|设立|安排|配备|配上|考虑|注意|重视|培训|补充|添加|添置|加个|加上|加一|多一些|多一点|多点|多些|"
    r"少一点|少点|快一点|快点|大一点|小一点|便宜点|便宜一点|加大|加快|放宽|简化|整改|改造|装修|翻新|维修|检修|打扫|保持|统一|明确|"
    r"告知|说明|提醒|标明|标注|处理一下|解决|落实|支持|恢复|管管|管一管|出个|做得更|做的更|做好|能够|可以)"
)
# A naive 建议|希望|最好 is right one time in three: "建议大家别买" speaks to other customers,
# "希望孩子喜欢" to nobody.
_OTHERS = r"(?:大家|亲们|朋友们|各位|买家|同学|其他人|别人|准备买|想买|慎|不要买|别买|购买|入手|入住的|住这)"
_SUGGESTION = re.compile(
    rf"(?:建议|希望|最好|期待|期望|盼望|望)(?!.{{0,6}}{_OTHERS})(?:.{{0,8}}{_ADDRESSEE})?.{{0,14}}?{_VERB}"
    rf"|(?:建议|希望){_ADDRESSEE}"
    rf"|(?:能不能|可不可以|可否|能否){{1}}.{{0,12}}?{_VERB}"
    rf"|(?:如果能?|要是能?|若能).{{1,16}}?(?:就好了|就更好了|就完美了|会更好|更好了|就更)"
    rf"|(?:应该|应当|需要|有待|请|麻烦){_ADDRESSEE}?.{{0,4}}?(?:增加|改进|改善|提高|提升|优化|完善|加强|加快|简化|整改|重视)"
    r"|\b(?:i|we|my|our)\s+(?:would\s+|'d\s+)?(?:suggest(?:ion)?|recommend)\b(?!\s+(?:this|it|them|to|the\s+(?:hotel|place|product)|everyone|anyone))"
    r"|\b(?:please|pls)\s+(?:add|improve|fix|make|provide|bring|consider|give|allow|train|reduce|keep|stop|update|offer|let)\b"
    r"|\b(?:you|they|ba|the\s+\w+|management|staff)\s+(?:really\s+)?(?:should|could|need\s+to|needs\s+to|ought\s+to)\s+"
    r"(?:add|improve|fix|make|provide|consider|give|allow|train|reduce|update|offer|invest|learn|look|have|be\s+more|be\s+better|do\s+better)\b"
    r"|\bit\s+(?:would|could|might)\s+be\s+(?:nice|good|great|better|helpful|useful)\s+(?:if|to)\b"
    r"|\b(?:would|could)\s+be\s+(?:even\s+)?better\s+(?:if|with)\b"
    r"|\b(?:i|we)\s+(?:hope|wish)\s+(?:you|they|the\s+\w+|there)\s+(?:can|could|would|will|were|had)\b"
    r"|\b(?:my|our|one|a)\s+suggestions?\b",
    re.IGNORECASE,
)


class Voice(NamedTuple):
    """A voice class and the span that made it a suggestion (empty span otherwise)."""

    label: str
    start: int
    end: int


@cache
def _cues() -> Phrases:
    return Phrases(_CUES.split())


def voices(texts: list[str], batch: Batch, scores: Scores) -> list[Voice]:
    """Return the voice class of each text.

    Parameters
    ----------
    texts : list of str
        As laid out in ``batch``.
    batch : Batch
        Folded texts.
    scores : Scores
        Of the same batch.

    Returns
    -------
    list of Voice
        A suggestion needs an addressee or a verb of change; otherwise the sentiment decides; a
        neutral comment is 'other'.

    Examples
    --------
    >>> from voiceloop.analytics.text.batch import lay_out
    >>> from voiceloop.analytics.text.sentiment import score
    >>> texts = ["建议增加几个停车位", "太好吃了", "建议大家别买"]
    >>> batch = lay_out(texts)
    >>> [voice.label for voice in voices(texts, batch, score(batch))]
    ['suggestion', 'praise', 'problem']
    """
    by_sentiment = (Voice("problem", 0, 0), Voice("other", 0, 0), Voice("praise", 0, 0))
    found = [by_sentiment[label] for label in np.argmax(scores.probability, axis=1).tolist()]
    for row in _candidates(batch).tolist():
        match = _SUGGESTION.search(texts[row][:5000])
        if match:
            found[row] = Voice("suggestion", *match.span())
    return found


def _candidates(batch: Batch) -> Ints:
    return np.unique(batch.row[_cues().find(batch.codes).start])
