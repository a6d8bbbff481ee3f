"""How each kind of personal data looks in free text, and the checks that make it sure."""

# Patterns are kept whole: a cut regular expression is harder to read than a long one.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

_HAN_DIGITS = "零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_DIGITS = str.maketrans(
    "０１２３４５６７８９" + _HAN_DIGITS, "0123456789" + "00123456789" + "1" + "123456789"
)
_D = rf"[0-9０-９{_HAN_DIGITS}]"
_GAP = r"[\s\-–—_.·*－]{0,2}"
_BOUND = r"(?<![0-9０-９])"
_END = r"(?![0-9０-９])"


class Rule(NamedTuple):
    """A pattern whose group ``it`` is personal data of ``kind`` where ``holds`` says so."""

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[re.Match[str]], bool]


def _digits(match: re.Match[str]) -> str:
    return "".join(re.findall(r"[0-9]", match["it"].translate(_DIGITS)))


def _always(match: re.Match[str]) -> bool:
    return True


def _is_mobile(match: re.Match[str]) -> bool:
    number = _digits(match)[-11:]
    alone = len(re.findall(rf"{_D}(?!{_D})", match["it"])) > 5
    # Eleven single digits can be a row of scores; a phone number has more different ones.
    return not alone or len(set(number)) >= 6


def _is_id_card(match: re.Match[str]) -> bool:
    number = re.sub(r"[^0-9X]", "", match["it"].translate(_DIGITS).replace("Ｘ", "X").upper())
    if len(number) != 18 or not _is_birthday(number[6:14]):
        return False
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return number[17] == "10X98765432"[total % 11]


def _is_birthday(day: str) -> bool:
    return "1800" <= day[:4] <= "2099" and "01" <= day[4:6] <= "12" and "01" <= day[6:] <= "31"


def _is_bank_card(match: re.Match[str]) -> bool:
    number = _digits(match)
    if not 13 <= len(number) <= 19 or _ORDER.search(
        match.string[max(0, match.start("it") - 12) : match.start("it")]
    ):
        return False
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number)))
    issuer = number[0] in "3456" or (len(number) == 16 and "2221" <= number[:4] <= "2720")
    return issuer and len(set(number)) > 1 and sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _is_international(match: re.Match[str]) -> bool:
    return 8 <= len(_digits(match)) <= 15


def _is_plate(match: re.Match[str]) -> bool:
    return len(re.findall(r"[0-9]", match["it"])) >= 2


def _is_handle(match: re.Match[str]) -> bool:
    return bool(match["sure"]) or bool(re.search(r"[0-9_]", match["it"]))


_ORDER = re.compile(
    r"(?:订单|单号|运单|流水|编号|工单|快递|物流|order|tracking|ticket|case)[^，。,;；]{0,8}$", re.IGNORECASE
)
HAN = re.compile(r"[\u3400-\u9fff]")
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PROVIDERS = r"(?:gmail|qq|163|126|139|189|yeah|sina|sohu|foxmail|outlook|hotmail|live|yahoo|icloud|aliyun|aol|proton(?:mail)?|gmx|me|msn)"
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._%+\-]{0,62}[A-Za-z0-9_])?"
_DOT = r"\s?(?:\.|。|．|点|[\[(（【]\s?dot\s?[\])）】]|\sdot\s)\s?"
_AT = r"(?:\s?[\[(（【<{]\s?(?:at|艾特|@)\s?[\])）】>}]\s?|艾特|圈a|\s#\s?)"
_PHONE_CUE = (
    r"(?:电话|手机|座机|联系方式|致电|拨打|热线|tel|phone|mobile|cell|call\s?me(?:\s?(?:at|on))?|fax|传真)"
)

# What any of the rules below needs; a text without it is returned as it is.
LIKELY = re.compile(
    rf"{_D}(?:[\s\-–—_.·*()（）－]{{0,2}}{_D}){{4}}|[@＠]|艾特|圈a|\bat\b.{{1,30}}\b(?:dot|com|cn|net)\b|[\[(（]\s?at\s?[\])）]"
    rf"|微信|微 信|威信|薇信|[vV][信xX]|加[vV微]|[wW][eE][cC][hH][aA][tT]|[wW][xX]|[qQ]{{2}}|扣扣|[{_PROVINCE}][A-Z]"
    r"|护照|通行证|passport",
    re.IGNORECASE,
)

RULES = (
    Rule(
        "mail",
        re.compile(
            rf"(?<![A-Za-z0-9._%+\-])(?P<it>{_NAME}\s?[@＠]\s?[A-Za-z0-9\-]+(?:[.．][A-Za-z0-9\-]+)*[.．][A-Za-z]{{2,12}})"
        ),
        _always,
    ),
    Rule(
        "mail",
        re.compile(
            rf"(?<![A-Za-z0-9._%+\-])(?P<it>{_NAME}{_AT}[A-Za-z0-9\-]+(?:{_DOT}[A-Za-z0-9\-]+)*?{_DOT}[A-Za-z]{{2,6}})(?![A-Za-z])",
            re.I,
        ),
        _always,
    ),
    Rule(
        "mail",
        # A bare "at" is sure only before a mail provider or a spelt-out dot: "we looked at booking.com" is neither.
        re.compile(
            rf"(?<![A-Za-z0-9._%+\-])(?P<it>{_NAME}(?:\s?[@＠]\s?|\sat\s)(?:{_PROVIDERS}{_DOT}[A-Za-z]{{2,6}}|[A-Za-z0-9\-]+\sdot\s[A-Za-z]{{2,6}}))(?![A-Za-z])",
            re.I,
        ),
        _always,
    ),
    Rule(
        "wechat",
        re.compile(
            r"(?:(?:微\s?信|威信|薇信|v信|wei\s?xin|we\s?chat|wx|vx)(?P<sure>\s?(?:号|id|账号)\s?(?:[:：]|是|为)?|\s?[:：]|是(?=[a-z]))?|加[v微](?:信)?(?P<also>[:：])?)"
            r"[\s:：是为]{0,3}(?P<it>[a-z][-_a-z0-9]{5,19})(?![-_a-z0-9])",
            re.IGNORECASE,
        ),
        _is_handle,
    ),
    Rule(
        "qq",
        re.compile(
            rf"(?:qq|扣扣|企鹅)\s?(?:号码?|群)?[\s:：是为]{{0,3}}(?P<it>[1-9１-９][0-9０-９]{{4,11}}){_END}",
            re.IGNORECASE,
        ),
        _always,
    ),
    Rule(
        "id_card",
        re.compile(
            rf"{_BOUND}(?P<it>[1-9１-９](?:[\s\-]?{_D}){{16}}[\s\-]?(?:{_D}|[XxＸ]))(?![0-9０-９A-Za-z])"
        ),
        _is_id_card,
    ),
    Rule(
        "id_card",
        re.compile(
            rf"(?:身份证|证件)(?:号码?)?[\s:：是为]{{0,3}}(?P<it>[1-9](?:[\s\-]?{_D}){{13,16}}[\s\-]?(?:{_D}|[XxＸ]))(?![0-9A-Za-z])"
        ),
        _always,
    ),
    Rule(
        "phone",
        # A bracketed or international prefix belongs to the number.
        re.compile(
            rf"(?<![0-9０-９])(?P<it>(?:[+＋(（]{{0,2}}(?:00)?86[)）]?{_GAP}|[+＋]\s?八六{_GAP})?[1１一幺壹]{_GAP}[3-9３-９三四五六七八九叁肆伍陆柒捌玖]"
            rf"(?:{_GAP}{_D}){{9}})(?!{_D})"
        ),
        _is_mobile,
    ),
    Rule("bank_card", re.compile(rf"{_BOUND}(?P<it>{_D}(?:[\s\-]?{_D}){{12,18}}){_END}"), _is_bank_card),
    Rule(
        "bank_card",
        re.compile(
            rf"(?:银行卡|信用卡|储蓄卡|卡号|card\s?(?:number|no\.?))(?:号码?)?[\s:：是为]{{0,3}}(?P<it>{_D}(?:[\s\-]?{_D}){{14,18}}){_END}",
            re.I,
        ),
        _always,
    ),
    Rule(
        "phone",
        re.compile(
            rf"{_BOUND}(?P<it>(?:[+＋]?(?:00)?86{_GAP})?[(（]?(?:0(?:10|2[0-9]|[3-9][0-9]{{2}})[)）]?{_GAP}|(?<=86.)(?:10|2[0-9]|[3-9][0-9]{{2}}){_GAP})"
            rf"[2-9][0-9]{{2,3}}{_GAP}[0-9]{{4}}(?:\s?(?:-|转|ext\.?)\s?[0-9]{{1,5}})?){_END}"
        ),
        _always,
    ),
    Rule(
        "phone",
        re.compile(rf"{_BOUND}(?P<it>[48]00[\s\-]?[0-9]{{3,4}}[\s\-]?[0-9]{{3,4}}){_END}"),
        lambda m: len(_digits(m)) == 10,
    ),
    Rule(
        "phone",
        re.compile(
            r"(?P<it>[+＋]\s?[1-9][0-9]{0,2}(?:[\s\-.()]{0,2}[0-9]){6,13})(?![0-9])(?!\s?(?:元|块|分|%|points?))"
        ),
        _is_international,
    ),
    Rule(
        "phone",
        re.compile(
            rf"{_BOUND}(?P<it>\([2-9][0-9]{{2}}\)\s?[0-9]{{3}}[\s\-.][0-9]{{4}}|[2-9][0-9]{{2}}([\-.])[0-9]{{3}}\2[0-9]{{4}}|07[0-9]{{3}}\s?[0-9]{{3}}\s?[0-9]{{3}}){_END}"
        ),
        _always,
    ),
    Rule(
        "phone",
        re.compile(
            rf"{_PHONE_CUE}(?:号码?|号|number|no\.?)?[\s:：是为]{{0,4}}(?P<it>[0-9０-９](?:[\s\-]?[0-9０-９]){{6,14}}){_END}",
            re.IGNORECASE,
        ),
        _always,
    ),
    Rule(
        "passport",
        re.compile(
            r"(?:护照|通行证|passport)(?:号码?|\s?(?:number|no\.?))?(?:[\s:：是为]|is){0,4}(?P<it>[A-Z]{1,2}[0-9]{7,9}|[0-9]{9})(?![0-9A-Z])",
            re.IGNORECASE,
        ),
        _always,
    ),
    Rule(
        "plate",
        re.compile(
            rf"(?P<it>[{_PROVINCE}][A-HJ-NP-Z][·•\s\-]?[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳])(?![A-Za-z0-9])"
        ),
        _is_plate,
    ),
)
