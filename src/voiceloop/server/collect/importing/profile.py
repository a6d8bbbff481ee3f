"""What stands in a column, in figures, so that its meaning can be guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Self

from voiceloop.server.collect.importing.values import date_format_of, number

_PHONE = re.compile(
    r"(\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8}|\+?[1-9]\d{0,2}[- ]?\d[\d -]{6,12}"
)
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Profile:
    name: str
    # The name in lower case with blanks between its words: "overall_rating" → "overall rating".
    words: str
    rows: int
    # Cells that are not empty, and how many different ones.
    n: int
    distinct: int
    numeric: float = 0.0
    low: float = 0.0
    high: float = 0.0
    is_whole: bool = False
    is_half: bool = False
    mean_length: float = 0.0
    han: float = 0.0
    dates: str = ""
    phones: float = 0.0
    mails: float = 0.0
    values: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, name: str, cells: list[str]) -> Self:
        filled = [cell.strip() for cell in cells if cell.strip()]
        words = re.sub(r"(?<=[a-z])(?=[A-Z])|[_\-.\s]+", " ", name).strip().lower()
        if not filled:
            return cls(name, words, len(cells), 0, 0)
        some = filled[:300]
        values = tuple(dict.fromkeys(some))
        return cls(
            name,
            words,
            len(cells),
            len(filled),
            len(set(filled)),
            **_figures(filled),
            mean_length=sum(map(len, some)) / len(some),
            han=sum(len(_HAN.findall(text[:200])) for text in some) / sum(len(text[:200]) for text in some),
            dates=date_format_of(some[:60]),
            phones=sum(bool(_PHONE.fullmatch(text)) for text in some) / len(some),
            mails=sum(bool(_MAIL.fullmatch(text)) for text in some) / len(some),
            values=values,
        )

    @property
    def filled(self) -> float:
        return self.n / self.rows if self.rows else 0.0

    @property
    def varied(self) -> float:
        return self.distinct / self.n if self.n else 0.0

    @property
    def is_category(self) -> bool:
        """Few values that come again and again: something to group by."""
        return 0 < self.distinct <= max(20, min(500, self.n // 2)) and self.mean_length <= 60


def _figures(filled: list[str]) -> dict[str, Any]:
    numbers = []
    for text in filled:
        try:
            numbers.append(number(text))
        except ValueError:
            continue
    if not numbers:
        return {}
    return {
        "numeric": len(numbers) / len(filled),
        "low": min(numbers),
        "high": _usual_high(numbers),
        "is_whole": all(value.is_integer() for value in numbers),
        "is_half": all((2 * value).is_integer() for value in numbers),
    }


def _usual_high(numbers: list[float]) -> float:
    """The highest value but for one slip: an 11 among many answers from 0 to 10."""
    highest = max(numbers)
    if len(numbers) < 20 or numbers.count(highest) > 1:
        return highest
    return max(value for value in numbers if value != highest)
