"""What leaves the house leaves it without names, phones and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from voiceloop.analytics.text.masking import mask
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import User

NAME = "〔姓名〕"
# A surname before a title, and a name that somebody gives as their own.
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田"
    "任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦"
)
TITLED = re.compile(rf"[{SURNAMES}](?=(?:先生|女士|小姐|太太|师傅|老师|经理|店长|总监|主管))")
GIVEN = re.compile(r"((?:我叫|我是|本人|姓名[:：]?|联系人[:：]?)\s*)[\u4e00-\u9fff]{2,3}(?=[，,。；;、\s]|$)")
ENGLISH = re.compile(
    r"\b((?:Mr|Mrs|Ms|Miss|Dr)\.?\s+|(?i:my name is|this is)\s+)[A-Z][a-z]+(?:\s+[A-Z][a-z]+)?"
)


def masked(text: str, names: Iterable[str]) -> str:
    """`names` are those that are known: of the customer, and of the people who work here."""
    text = mask(text).text
    for name in sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True):
        text = re.sub(re.escape(name), NAME, text, flags=re.IGNORECASE)
    for pattern, put in ((GIVEN, rf"\1{NAME}"), (TITLED, NAME), (ENGLISH, rf"\1{NAME}")):
        text = pattern.sub(put, text)
    return text


def names_of(customers: Iterable[Customer | None]) -> set[str]:
    """Of these customers, and of everybody who works here."""
    staff = User.objects.values_list("name", "name_en")
    found = {name for pair in staff for name in pair if name}
    for customer in customers:
        if customer and customer.name:
            found |= {customer.name, *(part for part in customer.name.split() if len(part) > 1)}
    return found
