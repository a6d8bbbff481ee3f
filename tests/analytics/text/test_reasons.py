"""Reasons: named by their words, with the polarity of their own clause."""

from __future__ import annotations

import pytest

from voiceloop.analytics.text.analyse import analyse
from voiceloop.analytics.text.taxonomy import taxonomy

pytestmark = pytest.mark.requirement(72)


def named(text: str) -> dict[str, int]:
    return {reason.code: reason.polarity for reason in analyse([text])[0].reasons}


SAID = [
    ("客服电话打不通", "response_speed", -1),
    ("等了一个半小时还没上菜", "waiting", -1),
    ("服务员很热情", "attitude", 1),
    ("前台一问三不知，很不专业", "expertise", -1),
    ("一次就解决了，谢谢", "first_time_solution", 1),
    ("每次都要重复说一遍，太累了", "repeat_explaining", -1),
    ("流程太繁琐，要填一堆表格", "process", -1),
    ("价格很实惠", "price", 1),
    ("莫名其妙多扣费二十", "billing", -1),
    ("优惠券用不了，骗人", "promotion", -1),
    ("快递很快", "delivery", 1),
    ("质量太差，用两天就坏了", "product_quality", -1),
    ("菜很好吃", "food_quality", 1),
    ("分量太少了", "portion", -1),
    ("实物和图片不符", "description", -1),
    ("软件老是闪退", "usability", -1),
    ("环境很舒服", "environment", 1),
    ("卫生太差", "cleanliness", -1),
    ("个人信息被泄露了", "privacy", -1),
    ("售后不给退款", "refund", -1),
    ("包装很严实", "packaging", 1),
    ("总是缺货，太失望", "availability", -1),
    ("送达很准时", "punctuality", 1),
    ("The staff were rude", "attitude", -1),
    ("They charged me twice", "billing", -1),
    ("The room was spotless", "cleanliness", 1),
    ("Queued for two hours, terrible", "waiting", -1),
    ("The app keeps crashing", "usability", -1),
    ("I had to explain again and again, very frustrating", "repeat_explaining", -1),
]


class TestReasons:
    @pytest.mark.parametrize(("text", "code", "polarity"), SAID, ids=[said[0] for said in SAID])
    def test_it_names_the_reason_and_its_side(self, text: str, code: str, polarity: int) -> None:
        assert named(text).get(code) == polarity

    def test_it_gives_each_reason_the_side_of_its_clause(self) -> None:
        found = named("味道很好，但是送餐太慢，价格也贵")
        assert (found["food_quality"], found["delivery"], found["price"]) == (1, -1, -1)

    def test_it_is_not_misled_by_longer_words(self) -> None:
        assert "attitude" not in named("服务器又坏了")
        assert "price" not in named("评价功能不好用")

    def test_it_shows_the_words_that_name_it(self) -> None:
        text = "快递太慢，快递员态度差"
        delivery = next(reason for reason in analyse([text])[0].reasons if reason.code == "delivery")
        assert [part.text for part in delivery.evidence] == ["快递", "快递员"]


class TestTaxonomy:
    def test_it_has_both_labels_for_every_reason(self) -> None:
        assert all(reason.label_zh and reason.label_en and reason.keywords for reason in taxonomy())

    def test_it_gives_no_code_twice(self) -> None:
        codes = [reason.code for reason in taxonomy()]
        assert len(codes) == len(set(codes)) >= 20
