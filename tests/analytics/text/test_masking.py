"""Masking: what must go, what must stay, and that no valid phone number survives."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voiceloop.analytics.text.masking import mask

pytestmark = pytest.mark.requirement(196)

PERSONAL = {
    "phone": [
        "请打13800138000谢谢",
        "电话138 0013 8000",
        "138-0013-8000",
        "138.0013.8000",
        "+86 138 0013 8000",
        "+8613800138000",
        "008613800138000",
        "(86)13800138000",
        "我的手机１３８００１３８０００",
        "一三八零零一三八零零零",
        "幺三八零零幺三八零零零",
        "138零零一三八000",
        "1 3 8 2 6 1 3 7 9 5 0",
        "010-62345678",
        "（0571）87654321",
        "0571 8765 4321",
        "021-6234567转801",
        "座机 62345678",
        "400-810-8888",
        "8008108888",
        "+1 (415) 555-2671",
        "+44 20 7946 0958",
        "(415) 555-2671",
        "call me at 555 1234 567",
        "微信13800138000",
    ],
    "id_card": ["身份证11010519491231002X", "11010519491231002x", "证件号：110105194912310021"],
    "passport": ["护照E12345678", "passport number is G87654321"],
    "mail": [
        "a.b@qq.com",
        "邮箱a_b＠163.com收",
        "bob (at) example.com",
        "bob[at]example[dot]com",
        "bob at gmail dot com",
        "zhang艾特qq点com",
        "bob+shop@mail.example.co.uk",
    ],
    "bank_card": ["4111 1111 1111 1111", "卡号 6222 0212 3456 7890 123", "5500005555555559"],
    "wechat": ["微信号 abc_12345", "加微信wxid_abc123", "vx：hello2020", "微信:zhangsan"],
    "qq": ["QQ 12345678", "qq号：2345678901", "扣扣123456"],
    "plate": ["车牌京A12345", "粤B·D12345", "沪AD12345的车"],
}
HARMLESS = [
    "2024年5月1日花了1280元，打9分",
    "订单金额 12800.50 元",
    "2024-05-01 12:30:45 下单",
    "20240501下单",
    "给10分 9分 8分",
    "1 5 5 5 5 5 5 5 5 5 5",
    "等了40分钟，第2024届",
    "订单号2024050112345678",
    "价格1,299.00，优惠后1,099.00",
    "微信支付失败",
    "wechat payment failed",
    "QQ音乐很好用",
    "we looked at booking.com",
    "arrived at 10.30 am",
    "iPhone 15 Pro Max 256G",
    "房间8208，8楼",
    "3.1415926",
    "Flight BA123 on 2015-12-09",
    "第1234567位客户",
    "1234567元",
    "12306订票",
    "营业额100000000元",
    "一二三四五六七",
    "三三两两，一五一十",
    "2023/2024 season, 98.5%",
    "新A款很好，川菜一流",
]
CASES = [(kind, text) for kind, texts in PERSONAL.items() for text in texts]


class TestMask:
    @pytest.mark.parametrize(("kind", "text"), CASES, ids=[text for _, text in CASES])
    def test_it_masks_personal_data(self, kind: str, text: str) -> None:
        assert [span.kind for span in mask(text).found] == [kind]

    @pytest.mark.parametrize("text", HARMLESS)
    def test_it_leaves_figures_alone(self, text: str) -> None:
        assert mask(text).text == text

    def test_it_speaks_the_language_of_the_text(self) -> None:
        assert mask("电话13800138000").text == "电话〔电话〕"
        assert mask("call 13800138000").text == "call [phone]"

    def test_it_masks_each_of_several(self) -> None:
        masked = mask("13800138000，13900139000或a@b.com")
        assert masked.text == "〔电话〕，〔电话〕或〔邮箱〕"

    def test_it_says_where_in_the_original(self) -> None:
        text = "请回电138 0013 8000，谢谢"
        [span] = mask(text).found
        assert text[span.start : span.end] == "138 0013 8000"

    def test_it_keeps_none_of_the_data(self) -> None:
        assert "13800138000" not in repr(mask("打13800138000"))

    def test_it_returns_the_same_text_when_there_is_nothing(self) -> None:
        text = "味道很好，下次还来"
        assert mask(text).text is text

    def test_it_does_not_mask_twice(self) -> None:
        once = mask("打13800138000或发a@b.com，车牌京A12345").text
        assert mask(once).text == once


MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
WORDS = st.text(alphabet="服务很好差，。！abc X\n👍", max_size=12)


def _spelt(number: str, gap: str, style: int) -> str:
    digits = ("0123456789", "０１２３４５６７８９", "零一二三四五六七八九")[style]
    spelt = number.translate(str.maketrans("0123456789", digits))
    return gap.join((spelt[:3], spelt[3:7], spelt[7:]))


class TestProperties:
    @given(WORDS, MOBILE, WORDS, st.sampled_from(["", " ", "-", " - "[:2], "."]), st.integers(0, 2))
    @settings(max_examples=300, deadline=None)
    def test_it_lets_no_mobile_survive(
        self, before: str, number: str, after: str, gap: str, style: int
    ) -> None:
        text = f"{before}{_spelt(number, gap, style)}{after}"
        assert _spelt(number, gap, style) not in mask(text).text

    @given(WORDS, st.sampled_from(["010", "021", "0571", "0755"]), st.integers(2_0000000, 8_9999999), WORDS)
    @settings(max_examples=200, deadline=None)
    def test_it_lets_no_landline_survive(self, before: str, area: str, number: int, after: str) -> None:
        assert str(number) not in mask(f"{before}{area}-{number}{after}").text

    @given(st.text(max_size=200))
    @settings(max_examples=300, deadline=None)
    def test_it_never_fails_and_keeps_all_else(self, text: str) -> None:
        masked = mask(text)
        at = 0
        for span in masked.found:
            assert text[at : span.start] in masked.text
            at = span.end
        assert masked.text.endswith(text[at:])

    @given(st.integers(0, 999_999), st.sampled_from(["元", "块", "分", "分钟", "次", "%", "年"]))
    @settings(deadline=None)
    def test_it_leaves_amounts(self, number: int, unit: str) -> None:
        assert not mask(f"一共{number}{unit}").found
