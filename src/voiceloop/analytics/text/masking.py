"""Personal data out of free text before it is kept: phones, cards, mail addresses and more become tokens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from voiceloop.analytics.text.personal import HAN, LIKELY, RULES

TOKENS = {
    "phone": ("〔电话〕", "[phone]"),
    "id_card": ("〔身份证〕", "[id card]"),
    "passport": ("〔护照〕", "[passport]"),
    "mail": ("〔邮箱〕", "[email]"),
    "bank_card": ("〔银行卡〕", "[bank card]"),
    "wechat": ("〔微信〕", "[wechat]"),
    "qq": ("〔QQ〕", "[qq]"),
    "plate": ("〔车牌〕", "[plate]"),
}


class Span(NamedTuple):
    """Where in the original text personal data of ``kind`` stood. The data itself is not kept."""

    start: int
    end: int
    kind: str


class Masked(NamedTuple):
    """The text with tokens in place of personal data, and what was found where."""

    text: str
    found: tuple[Span, ...]


def mask(text: str) -> Masked:
    """Replace personal data in ``text`` by tokens in the text's language.

    Found are phones (Chinese mobiles with spaces, dashes, +86, full-width or Chinese digits;
    landlines; 400 and international numbers), Chinese identity cards (checksum, or a cue word),
    passports after a cue word, mail addresses (also with "at" or 艾特 where the domain makes it
    sure), bank cards (Luhn, or a cue word), WeChat and QQ ids after a cue word, and Chinese
    licence plates. Amounts, dates, years, scores and order numbers stay.

    Parameters
    ----------
    text : str
        What the customer wrote.

    Returns
    -------
    Masked
        ``text`` itself where nothing was found.

    Notes
    -----
    Identity cards: GB 11643-1999 (ISO 7064 MOD 11-2). Cards: ISO/IEC 7812-1 (Luhn). Plates: GA 36-2018.

    Examples
    --------
    >>> mask("请回电138 0013 8000，谢谢").text
    '请回电〔电话〕，谢谢'
    >>> mask("Mail me: bob@example.com").text
    'Mail me: [email]'
    >>> mask("2024年5月1日花了1280元，打9分").found
    ()
    """
    if not LIKELY.search(text):
        return Masked(text, ())
    found = _spans(text)
    if not found:
        return Masked(text, ())
    language = 0 if HAN.search(text) else 1
    return Masked("".join(_replaced(text, found, language)), found)


def _spans(text: str) -> tuple[Span, ...]:
    found: list[Span] = []
    for rule in RULES:
        for match in rule.pattern.finditer(text):
            start, end = match.span("it")
            free = all(end <= span.start or span.end <= start for span in found)
            if free and rule.holds(match):
                found.append(Span(start, end, rule.kind))
    return tuple(sorted(found))


def _replaced(text: str, found: tuple[Span, ...], language: int) -> Iterator[str]:
    at = 0
    for span in found:
        yield text[at : span.start]
        yield TOKENS[span.kind][language]
        at = span.end
    yield text[at:]
