"""Groups over industries, sizes, countries and languages, with the caution that a scale asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from voiceloop.analytics.chart import ACCENT, AXIS, CAPTION, SPLIT, option
from voiceloop.analytics.stats.response_style import Compared, Estimate
from voiceloop.analytics.styles import USABLE, Group, Styles, known_groups, styles
from voiceloop.server.core.models import User
from voiceloop.server.core.numerals import signed
from voiceloop.server.measure import numbers
from voiceloop.server.measure.charts import Picture
from voiceloop.server.measure.labels import dimension_label, label
from voiceloop.server.measure.slices import Slice
from voiceloop.server.store import sync

# What says culture, industry or size: dimensions that the product keeps, and names under which companies
# bring their own.
ATTRIBUTES: dict[str, Any] = {
    "attributes.country": gettext_lazy("Country"),
    "attributes.nationality": gettext_lazy("Nationality"),
    "attributes.industry": gettext_lazy("Industry"),
    "attributes.size": gettext_lazy("Company size"),
    "attributes.company_size": gettext_lazy("Company size"),
}
OFFERED = ("language", "region", "segment", *ATTRIBUTES)
RAW, ALIKE = "#93a8ee", ACCENT
CHIPS = {"signal": "sure", "style": "warn", "noise": "unsure"}


@dataclass(frozen=True)
class Line:
    """One group as people call it, with what is said of it."""

    group: Group
    name: str
    verdict: str = ""
    chip: str = ""
    sentence: str = ""
    odd: str = ""


class Comparison:
    """All that the page, its file and the endpoint say."""

    def __init__(self, user: User, query: Mapping[str, Any]) -> None:
        self.user, self.part = user, Slice.of(user, query)
        asked = str(query.get("by") or "")
        self.by = asked if asked in OFFERED else next(iter(self.offered), "language")
        on = str(query.get("on") or "")
        self.on = on if on in USABLE else ""
        self.against = str(query.get("against") or "")

    @cached_property
    def offered(self) -> dict[str, str]:
        """What the answers of the period can be cut by: two groups or more."""
        known = known_groups(sync.lake(), OFFERED, **self.part.arguments())
        names = {name: str(ATTRIBUTES.get(name) or dimension_label(name)) for name in OFFERED}
        return {name: names[name] for name, n in known.items() if n > 1}

    @cached_property
    def found(self) -> Styles:
        return styles(sync.lake(), self.by, on=self.on, against=self.against, **self.part.arguments())

    @cached_property
    def lines(self) -> list[Line]:
        return [self._line(group) for group in self.found.groups]

    @property
    def scale_name(self) -> str:
        one = self.found.scale
        return "" if one is None else one.label_en if get_language() == "en" else one.label_zh

    @property
    def left_out(self) -> str:
        names = [
            f"{label(self.by, code)} (n = {n})" for code, n in self.found.left_out[:8] if n >= numbers.MIN_N
        ]
        return _(", ").join(names)

    @property
    def finding(self) -> str:
        """One sentence over all groups."""
        against = self.lines[1:]
        if not against:
            return _("There are no two groups with enough answers to compare.")
        if len(against) == 1:
            return against[0].sentence
        n = {
            code: sum(one.group.compared.verdict == code for one in against if one.group.compared)
            for code in CHIPS
        }
        return _(
            "Of %(n)s groups %(signal)s differ from %(reference)s beyond chance and style, "
            "%(style)s may only use the scale differently, and %(noise)s lie within chance."
        ) % {"n": len(against), "reference": self.lines[0].name, **n}

    def picture(self) -> Picture:
        """Two lines a group: the raw difference, and the one if both used the scale alike."""
        rows: list[tuple[str, Estimate, str]] = []
        for one in self.lines[1:]:
            if one.group.compared:
                rows.append((f"{one.name} · {pgettext('style', 'raw')}", one.group.compared.raw, RAW))
                rows.append((f"{one.name} · {_('alike')}", one.group.compared.alike, ALIKE))
        return Picture(_drawn(rows, self.finding), self.finding, 60 + 30 * len(rows))

    def rows(self) -> Iterator[list[Any]]:
        """As a file says it."""
        yield [
            _("Group"), _("Respondents"), _("Answers"), _("Mean"), _("Extreme answers (%)"),
            _("Midpoint answers (%)"), _("Above less below the middle (%)"), _("Raw difference"), _("Low"),
            _("High"), _("Difference if the scale were used alike"), _("Low"), _("High"),
            _("Explained by style"), _("Stretch"), _("Items alike"), _("Verdict"),
        ]  # fmt: skip
        for one in self.lines:
            use, found = one.group.style, one.group.compared
            yield [
                one.name, one.group.respondents, use.answers, _rounded(use.mean.value),
                _rounded(use.extreme.value), _rounded(use.midpoint.value) if use.midpoint else None,
                _rounded(use.acquiescence.value), *_flat(found), one.verdict,
            ]  # fmt: skip

    def _line(self, group: Group) -> Line:
        name, found = label(self.by, group.code), group.compared
        if found is None:
            return Line(group, name)
        odd = [
            item_name(code)
            for code, one in zip(self.found.items, found.items, strict=True)
            if not one.is_alike
        ]
        reference = label(self.by, self.found.groups[0].code)
        return Line(
            group, name, verdict_word(found), CHIPS[found.verdict], _said(found, name, reference),
            _(", ").join(odd),
        )  # fmt: skip


def item_name(code: str) -> str:
    """A question has no name that is the same in every survey: its code, readable."""
    return code.replace("_", " ")


def verdict_word(found: Compared) -> str:
    words = {
        "signal": pgettext("style", "signal"),
        "style": pgettext("style", "could be style"),
        "noise": pgettext("style", "noise"),
    }
    return words[found.verdict]


def _said(found: Compared, name: str, reference: str) -> str:
    """One plain sentence of caution."""
    words = {
        "noise": _("%(name)s and %(reference)s differ by %(raw)s points: chance explains it."),
        "style": _(
            "%(name)s differs from %(reference)s by %(raw)s points, but if both used the ends of the scale "
            "alike it would be %(alike)s (%(low)s to %(high)s): it could be style."
        ),
        "signal": _(
            "%(name)s differs from %(reference)s by %(raw)s points, and by %(alike)s (%(low)s to %(high)s) "
            "if both used the ends of the scale alike. Only if one group said yes more readily by that much "
            "would nothing be left."
        ),
    }
    return words[found.verdict] % {
        "name": name,
        "reference": reference,
        "raw": signed(found.raw.value, 2),
        "alike": signed(found.alike.value, 2),
        "low": signed(found.alike.low, 2),
        "high": signed(found.alike.high, 2),
    }


def _drawn(rows: list[tuple[str, Estimate, str]], said: str) -> dict[str, Any]:
    small = {"fontSize": 12, "color": CAPTION}
    names = [name for name, _one, _colour in rows]
    spans = [
        {
            "type": "line", "data": [[one.low, name], [one.high, name]], "symbol": "none", "silent": True,
            "lineStyle": {"width": 3, "color": colour}, "tooltip": {"show": False},
        }
        for name, one, colour in rows
    ]  # fmt: skip
    points = {
        "type": "scatter",
        "symbolSize": 11,
        "data": [
            {"value": [one.value, name], "itemStyle": {"color": colour}, "tip": [name, _in_words(one)]}
            for name, one, colour in rows
        ],
        "markLine": {
            "silent": True, "symbol": "none", "label": {"show": False},
            "lineStyle": {"color": AXIS, "type": "solid"}, "data": [{"xAxis": 0}],
        },
    }  # fmt: skip
    return option(
        said,
        grid={"left": 8, "right": 16, "top": 8, "bottom": 24, "containLabel": True},
        tooltip={"trigger": "item", "formatter": {"$fmt": "tip"}},
        xAxis={
            "type": "value", "splitNumber": 4, "axisLabel": {**small, "hideOverlap": True},
            "splitLine": {"lineStyle": {"color": SPLIT}},
        },
        yAxis={
            "type": "category", "inverse": True, "data": names, "axisLabel": small,
            "axisTick": {"show": False}, "axisLine": {"lineStyle": {"color": AXIS}},
        },
        series=[*spans, points],
    )  # fmt: skip


def _in_words(one: Estimate) -> str:
    return f"{signed(one.value, 2)} ({signed(one.low, 2)} – {signed(one.high, 2)})"


def _flat(found: Compared | None) -> list[Any]:
    if found is None:
        return [None] * 9
    several = [getattr(one, end) for one in (found.raw, found.alike) for end in ("value", "low", "high")]
    numbers_ = [*several, found.by_style.value, found.stretch.value]
    return [*(_rounded(value) for value in numbers_), _("yes") if found.items_alike else _("no")]


def _rounded(value: float) -> float:
    return round(value, 4)
