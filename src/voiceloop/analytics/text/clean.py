"""One spelling for what people type in many: width, case, control characters and traditional script."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]

# Above this code point (rare ideographs, tags) characters share one code in the analysis buffer.
ALPHABET = 0x20000

# Traditional characters that occur in feedback, each followed by its simplified form. One character for one,
# so that a span found in the folded text is a span of the text the customer wrote.
_TRADITIONAL = (
    "們们個个這这來来說说時时會会對对沒没還还點点務务態态員员質质價价錢钱貴贵買买賣卖東东貨货發发給给讓让過过開开關关"
    "電电話话問问題题處处覺觉聽听見见難难風风飯饭館馆麵面雞鸡魚鱼湯汤熱热涼凉髒脏乾干淨净環环間间門门號号碼码網网頁页"
    "訂订單单餐餐廳厅樓楼層层車车遲迟誤误慢慢滿满謝谢歡欢愛爱親亲聯联繫系絡络復复應应該该當当實实際际裡里後后前前無无為为"
    "與与並并從从將将換换壞坏爛烂舊旧線线紙纸裝装袋袋盒盒漏漏氣气燒烧溫温濕湿鹹咸辣辣鮮鲜嫩嫩優优惠惠費费帳账賬账簡简"
    "單单雜杂煩烦惱恼怒怒騙骗評评論论級级讚赞棒棒專专業业經经驗验學学習习書书讀读寫写總总結结體体認认識识議议討讨論论"
    "飛飞機机場场鐵铁運运輸输遠远近近邊边頭头腦脑頻频準准確确變变動动靜静壓压響响聲声圖图畫画顏颜紅红綠绿藍蓝黃黄銀银"
    "傷伤藥药醫医師师傅傅孩孩媽妈爺爷奶奶兒儿歲岁歷历曆历幾几隻只條条雙双張张塊块萬万億亿塵尘衛卫護护顧顾戶户"
)

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_CONTROL = {
    code: 0x20 for code in (*range(0x00, 0x20), *range(0x7F, 0xA0), 0x200B, 0x200E, 0x200F, 0xFEFF)
} | {
    0x0A: 0x0A,
    0x0D: 0x0A,
    0x2028: 0x0A,
}
_QUOTES = {0x2018: 0x27, 0x2019: 0x27, 0x201C: 0x22, 0x201D: 0x22}
_CLEAN = _WIDTH | _CONTROL


def _folding() -> Codes:
    table = np.arange(ALPHABET, dtype=np.uint32)
    pairs = zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True)
    folds = _CLEAN | _QUOTES | {ord(old): ord(new) for old, new in pairs}
    for code, folded in folds.items():
        table[code] = folded
    # Scripts with capitals end below U+0590; later code points need no lower case.
    for code in (*range(0x590), *range(0x1E00, 0x2000)):
        lower = chr(int(table[code])).lower()
        if len(lower) == 1:
            table[code] = ord(lower)
    table[ord("0") : ord("9") + 1] = ord("0")
    return table


# Digits all read "0": "等了40分钟" and "等了25分钟" are the same complaint.
FOLD = _folding()


def clean(text: str) -> str:
    """Return ``text`` with half-width letters and no control characters, character for character.

    The result has the length of ``text``, so a span of one is a span of the other. Emoji stay.

    Parameters
    ----------
    text : str
        What the customer wrote.

    Returns
    -------
    str
        Same length as ``text``.

    Examples
    --------
    >>> clean("ＶＩＰ　客户\\x00很满意👍")
    'VIP 客户 很满意👍'
    """
    return text.translate(_CLEAN)


def fold(codes: Codes) -> Codes:
    """Return UTF-32 ``codes`` folded for matching: clean, lower case, simplified, digits as "0".

    Parameters
    ----------
    codes : ndarray of uint32, shape (n,)
        Code points.

    Returns
    -------
    ndarray of uint32, shape (n,)
        Every value below ``ALPHABET``.

    Examples
    --------
    >>> "".join(map(chr, fold(np.array([ord(c) for c in "服務 GOOD 42"], dtype=np.uint32))))
    '服务 good 00'
    """
    return FOLD[np.minimum(codes, ALPHABET - 1)]
