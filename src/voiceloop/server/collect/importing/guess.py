"""Guesses what each column of a file means, from its name and from what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from voiceloop.server.collect.importing.columns import COMMENT, SCORE, Codes, Column, Mapping, code_of
from voiceloop.server.collect.importing.kinds import ATTRIBUTE, IGNORE
from voiceloop.server.collect.importing.profile import Profile

# So many first rows are looked at.
SAMPLE = 2000
# Fewer rows than this say little about the ends of a scale.
FEW = 20

_NPS = re.compile(r"\bnps\b|recommend(?!ed)|likel(y|ihood)|推荐|净推荐|愿意介绍")
_EASE = re.compile(r"\bces\b|effort|\beas(e|y|iness)\b|费力|省力|轻松|易用|容易程度")
_SATISFIED = re.compile(r"csat|satisf|满意")
_RATED = re.compile(r"\brat(e|ing|ings)\b|\bscores?\b|\bstars?\b|评分|打分|得分|分数|星级|评级")
# What people are asked to rate; without a word of rating the values must look like ratings too.
_ASPECT = re.compile(
    r"comfort|clean|service|staff|quality|value for|\bfood|beverage|entertainment|connectivity|attitude|"
    r"taste|boarding|check in|baggage|location|\bsafety\b|convenience|"
    r"环境|服务|口味|味道|态度|速度|强度|质量|清晰|稳定|性价比|卫生|包装|物流|响应"
)
_COUNTED = re.compile(
    r"次数|数量|时长|流量|天数|金额|费用|消费|占比|流失|风险|信用|\bcount\b|\bminutes\b|\bcode\b|"
    r"\bused\b|^n |^number|\bchurn|\brisk|\bcredit"
)
_OVERALL = re.compile(
    r"overall|总体|整体|综合|总分|^(csat|satisfaction|满意度|rating|score|stars?|评分|星级|打分)$"
)
_STARRED = re.compile(r"\bstars?\b|星")

_WHEN_FIRST = re.compile(
    r"answer|respon[sd]|submit|survey|review|complet|feedback|message|tweet|评价|评论|提交|答复|答题|填写|反馈|留言|完成"
)
_WHEN = re.compile(r"\b(date|time|datetime|timestamp|day|created|at|when)\b|日期|时间|时刻|年月")
_WHEN_NOT = re.compile(
    r"birth|join|visit|flown|reply|sent|activ|expire|updated|closed|resolved|出生|生日|激活|发卡|注册|入网|回复|更新|到店|有效"
)
_YEAR = re.compile(r"^(year|survey year|年|年份|年度)$")

_TEXTUAL = re.compile(
    r"comment|review|feedback|verbatim|narrative|\btext\b|content|message|\bwhy\b|remark|opinion|suggest|question|"
    r"问题|提问|咨询|评论|评价|内容|反馈|意见|建议|原话|留言|原因|描述|说明|备注"
)
_NOT_TEXT = re.compile(r"title|subject|reply|response to|response$|标题|主题|回复|\burl\b|link")

_ID = re.compile(
    r"^(id|uuid|guid|编号|序号|流水号)$|"
    r"^(response|review|feedback|survey|answer|message|tweet|record|complaint|comment|case|ticket|order|reply)"
    r" ?(id|no|nr|number|key|uuid)$|(评价|反馈|答卷|问卷|留言|订单|记录|工单|投诉)(id|编号|号|序号)$"
)

# Roles known by their name; the check says whether the values fit.
_NAMED: tuple[tuple[str, re.Pattern[str], Callable[[Profile], bool]], ...] = (
    ("customer_phone", re.compile(r"phone|mobile|\btel\b|手机|电话|联系方式"), lambda p: p.phones >= 0.8),
    ("customer_email", re.compile(r"mail|邮箱|邮件"), lambda p: p.mails >= 0.8),
    (
        "customer_number",
        re.compile(
            r"^(customer|user|member|client|buyer|guest|passenger|contact|account)"
            r" ?(id|no|nr|number|key|code)?$|"
            r"customer_?id|openid|(用户|客户|会员|顾客|买家)(id|编号|号|号码|编码|代码|账号)?$"
        ),
        lambda p: p.distinct > 1 and p.mean_length <= 64,
    ),
    (
        "customer_name",
        re.compile(
            r"^((customer|contact|user|client|member|guest|reviewer|full) ?)?name$|姓名|称呼|昵称|客户名"
        ),
        lambda p: p.numeric < 0.5 and p.mean_length <= 40,
    ),
    ("touchpoint", re.compile(r"touch ?point|触点|环节|场景$"), lambda p: p.is_category),
    ("stage", re.compile(r"journey stage|^stage$|旅程"), lambda p: p.is_category),
    ("channel", re.compile(r"\bchannel|submitted via|渠道"), lambda p: p.is_category),
    (
        "agent",
        re.compile(
            r"\bagent\b|handled by|advisor|坐席|客服(人员|工号|姓名|代表)?$|服务员|店员|接待人|员工|工号"
        ),
        lambda p: p.distinct > 1 and p.mean_length <= 40 and p.distinct < 5000,
    ),
    ("team", re.compile(r"\bteam\b|班组|团队|小组"), lambda p: p.is_category),
    (
        "region",
        re.compile(r"\bregion|\bprovince|\bmarket$|区域|大区|省份|片区|地区"),
        lambda p: p.is_category,
    ),
    (
        "segment",
        re.compile(
            r"segment|customer type|type of travell?er|travell?er type|type travell?er|"
            r"客群|客户类型|人群|分群|用户类型"
        ),
        lambda p: p.is_category,
    ),
    (
        "tier",
        re.compile(r"\btier\b|member(ship)? level|loyalty level|会员等级|客户等级|会员级别|星级标识|vip"),
        lambda p: p.is_category,
    ),
    (
        "language",
        re.compile(r"^lang(uage)?$|\blocale\b|语言|语种"),
        lambda p: p.is_category and p.numeric < 0.5,
    ),
    ("weight", re.compile(r"^weights?$|survey weight|权重"), lambda p: p.numeric > 0.99 and p.low > 0),
)


def guess(columns: Sequence[str], rows: Sequence[Sequence[str]], units: Iterable[str] = ()) -> Mapping:
    """The mapping a person would most likely choose; `units` are names and codes of known stores."""
    profiles = [Profile.of(name, [row[i] for row in rows]) for i, name in enumerate(columns)]
    found = [Column(name) for name in columns]
    for assign in (_assign_named, _assign_ids, _assign_time, _assign_scores, _assign_comment):
        assign(profiles, found)
    _assign_unit(profiles, found, {unit.casefold() for unit in units})
    return Mapping(tuple(found))


def scale_of(profile: Profile) -> str:
    """The scale that the values of a column fit which a person calls a score; "" when none does."""
    scale = _score_of(profile)[1]
    if scale or profile.numeric < 0.98:
        return scale
    if profile.is_whole and profile.low >= 0 and 7 < profile.high <= 10:
        return "nps_0_10"
    return _nps_scale(profile) or _satisfaction_scale(profile, sure=True)


def _free(found: list[Column]) -> list[int]:
    return [place for place, column in enumerate(found) if column.role == ATTRIBUTE]


def _assign_named(profiles: list[Profile], found: list[Column]) -> None:
    for role, pattern, fits in _NAMED:
        for place in _free(found):
            profile = profiles[place]
            if pattern.search(profile.words) and profile.n and fits(profile):
                found[place] = replace(found[place], role=role)
                break


def _assign_ids(profiles: list[Profile], found: list[Column]) -> None:
    for place in _free(found):
        profile = profiles[place]
        whole = profile.n == profile.rows and profile.distinct == profile.n and profile.n > 1
        if whole and _ID.search(profile.words):
            found[place] = replace(found[place], role="external_id")
            return


def _assign_time(profiles: list[Profile], found: list[Column]) -> None:
    candidates = [p for p in _free(found) if profiles[p].dates and _when_rank(profiles[p]) > 0]
    if candidates:
        place = max(candidates, key=lambda p: (_when_rank(profiles[p]), -p))
        found[place] = replace(found[place], role="at", format=profiles[place].dates)
        return
    for place in _free(found):
        profile = profiles[place]
        if (
            _YEAR.search(profile.words)
            and profile.numeric > 0.99
            and 1990 <= profile.low <= profile.high <= 2100
        ):
            found[place] = replace(found[place], role="at", format="year")
            return


def _when_rank(profile: Profile) -> int:
    if _WHEN_NOT.search(profile.words) and not _WHEN_FIRST.search(profile.words):
        return 0
    timed = bool(_WHEN.search(profile.words)) or profile.dates in {"ymd", "dmy", "mdy"}
    if not timed:
        return 0
    return (
        1
        + 2 * bool(_WHEN_FIRST.search(profile.words))
        + bool(_WHEN.search(profile.words))
        + (profile.filled > 0.5)
    )


def _assign_scores(profiles: list[Profile], found: list[Column]) -> None:
    codes = Codes()
    ranked = sorted(_free(found), key=lambda p: (-_main(profiles[p]), p))
    scored = [(place, *_score_of(profiles[place])) for place in ranked]
    only = sum(kind == "csat" for _, kind, scale in scored if scale) == 1
    for place, kind, scale in scored:
        if not scale:
            continue
        profile = profiles[place]
        whole = kind and kind not in codes.taken and (kind != "csat" or only or _main(profile) > 0)
        question = codes.take(kind if whole else code_of(profile.name))
        found[place] = replace(
            found[place],
            role=SCORE,
            question=question,
            scale=scale,
            blank=_blank(profile, scale, bool(whole)),
        )


def _blank(profile: Profile, scale: str, whole: bool) -> tuple[str, ...]:
    """Values that mean "no answer": 0 on a scale from 1 is how surveys write "does not apply"."""
    if not scale.startswith(("csat_1", "ces_1", "stars_1")):
        return ()
    zero = ("0",) if profile.low in (0, -1) or not whole else ()
    return (*zero, "-1") if profile.low == -1 else zero


def _main(profile: Profile) -> int:
    """How surely this is the figure of the whole and not of one aspect."""
    return 2 * bool(_OVERALL.search(profile.words)) + bool(_SATISFIED.search(profile.words))


def _score_of(profile: Profile) -> tuple[str, str]:
    """The question and the scale; no scale when it is no score."""
    if profile.numeric < 0.9 or profile.distinct < min(3, profile.n) or _COUNTED.search(profile.words):
        return "", ""
    if _NPS.search(profile.words) and (scale := _nps_scale(profile)):
        return "nps", scale
    if _EASE.search(profile.words) and (scale := _ease_scale(profile)):
        return "ces", scale
    asked = bool(_SATISFIED.search(profile.words) or _RATED.search(profile.words))
    if asked and profile.is_whole and profile.low == 0 and profile.high == 10:
        return "nps", "nps_0_10"  # 0 to 10 is how likelihood to recommend is asked, whatever its name
    if asked or _ASPECT.search(profile.words):
        return ("csat" if asked else ""), _satisfaction_scale(profile, sure=asked)
    return "", ""


def _nps_scale(profile: Profile) -> str:
    if not profile.is_whole:
        return ""
    # A few rows need not reach the upper half; many that do not are another scale.
    if profile.low >= 0 and (5 if profile.n >= FEW else 1) < profile.high <= 10:
        return "nps_0_10"
    return "nps_signed" if -10 <= profile.low < -2 and profile.high <= 10 else ""


def _ease_scale(profile: Profile) -> str:
    if not profile.is_whole or profile.low < 0:
        return ""
    return "ces_1_5" if profile.high <= 5 else "ces_1_7" if profile.high <= 7 and profile.low >= 1 else ""


def _satisfaction_scale(profile: Profile, *, sure: bool) -> str:
    if profile.low < -1 or (not sure and (profile.distinct < 4 or not profile.is_whole)):
        return ""
    if profile.high <= 5:
        enough = profile.high == 5 if not sure else profile.high > 3
        starred = _STARRED.search(profile.words) or not profile.is_whole
        return (
            ("stars_1_5" if starred and profile.is_half else "csat_1_5" if profile.is_whole else "")
            if enough
            else ""
        )
    if (
        profile.high <= 10
        and profile.is_whole
        and (profile.low in (-1, 1, 2, 3) or (profile.n < FEW and profile.low))
    ):
        return "csat_1_10" if sure or profile.distinct >= 8 else ""
    return "csat_0_100" if sure and profile.low >= 0 and 10 < profile.high <= 100 else ""


def _assign_comment(profiles: list[Profile], found: list[Column]) -> None:
    ranked = sorted(_free(found), key=lambda p: -_wordy(profiles[p]))
    if ranked and _wordy(profiles[ranked[0]]) > 0:
        found[ranked[0]] = replace(found[ranked[0]], role=COMMENT, question="why")


def _wordy(profile: Profile) -> float:
    """How much a column looks like what customers write."""
    if not profile.n or profile.numeric > 0.5 or profile.dates:
        return 0.0
    if profile.n >= FEW and profile.varied < 0.3:
        return 0.0
    named = bool(_TEXTUAL.search(profile.words)) and not _NOT_TEXT.search(profile.words)
    # A Han character says about as much as three Latin letters.
    weight = profile.mean_length * (1 + 2 * profile.han)
    if weight < ((12 if profile.n >= FEW else 5) if named else 40):
        return 0.0
    return weight * (4 if named else 1) * (0.3 if _NOT_TEXT.search(profile.words) else 1)


def _assign_unit(profiles: list[Profile], found: list[Column], known: set[str]) -> None:
    for place in [*_free(found), *(p for p, c in enumerate(found) if c.role in {"region", "team", IGNORE})]:
        if is_place(profiles[place], known):
            found[place] = replace(found[place], role="unit")
            return


def is_place(profile: Profile, known: set[str]) -> bool:
    """Whether nearly all values of a column are stores or units that are known."""
    values = profile.values
    return bool(values) and sum(value.strip().casefold() in known for value in values) >= 0.9 * len(values)
