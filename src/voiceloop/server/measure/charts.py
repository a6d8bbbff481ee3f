"""Pictures of numbers, in the reader's language and with the company's names on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from voiceloop.analytics import registry


@dataclass(frozen=True)
class Picture:
    """An ECharts option and the sentence that says what it shows."""

    option: dict[str, Any]
    finding: str


def draw(chart: str, *data: Any, **more: Any) -> Picture:
    language = "en" if get_language() == "en" else "zh"
    option = registry.charts()[chart].draw(*data, language=language, **more)
    return Picture(option, str(option["aria"]["label"]["description"]))
