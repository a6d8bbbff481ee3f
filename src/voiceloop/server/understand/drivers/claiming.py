"""Claims of the trade beside what the company's own customers show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from voiceloop.analytics.drivers.burden import alike
from voiceloop.analytics.drivers.claims import CLAIMS, Claim, shorter, verdict
from voiceloop.analytics.drivers.result import Estimate
from voiceloop.analytics.errors import AnalyticsError
from voiceloop.analytics.result import Row
from voiceloop.server.measure import numbers
from voiceloop.server.measure.slices import Slice
from voiceloop.server.understand.drivers import reading

# Word and tone of each verdict.
VERDICTS: dict[str, tuple[Any, str]] = {
    "fits": (_("as claimed"), "sure"),
    "larger": (_("more than claimed"), "info"),
    "smaller": (_("less than claimed"), "info"),
    "opposite": (_("the other way round"), "neg"),
    "nothing": (_("not seen here"), "unsure"),
    "open": (_("too little to tell"), "unsure"),
}
# What the figure is taken from, and what to bear in mind.
RESTS: dict[str, Any] = {
    "faster_reply": _(
        "CSAT against the wait of the last contact within three days before, among answers of the same"
        " touchpoint, channel and segment. It goes together with the wait; it need not come from it."
    ),
    "told_good": _("What promoters say they told in three months; ten stands for ten or more."),
    "told_bad": _("What detractors say they told in three months; ten stands for ten or more."),
    "churn": _("Customers at risk who bought nothing within 90 days."),
}


@dataclass(frozen=True)
class Line:
    """A claim, and what is found here: or the sentence that says why nothing can be."""

    claim: Claim
    found: Estimate | None = None
    n: int = 0
    fault: str = ""

    @property
    def says(self) -> str:
        return self.claim.en if get_language() == "en" else self.claim.zh

    @property
    def needs(self) -> str:
        return self.claim.needs_en if get_language() == "en" else self.claim.needs_zh

    @property
    def rests(self) -> Any:
        return RESTS.get(self.claim.code, "")

    @property
    def verdict(self) -> str:
        if self.found is None:
            return ""
        return verdict(self.found, self.claim.claimed, is_effect=self.claim.kind == "change")

    @property
    def word(self) -> Any:
        return VERDICTS[self.verdict][0] if self.verdict else ""

    @property
    def tone(self) -> str:
        return VERDICTS[self.verdict][1] if self.verdict else ""

    @property
    def unit(self) -> str:
        return "" if self.claim.kind == "people" else "%"


def lines(part: Slice) -> list[Line]:
    """Every claim, those that can be tested first."""
    found = [_tested(claim, part) if claim.is_tested else Line(claim) for claim in CLAIMS]
    return sorted(found, key=lambda line: not line.claim.is_tested)


def _tested(claim: Claim, part: Slice) -> Line:
    try:
        return Line(claim, *_TESTS[claim.code](part))
    except AnalyticsError as error:
        return Line(claim, fault=error.say(get_language() or "zh"))


def _faster_reply(part: Slice) -> tuple[Estimate, int]:
    found = reading.facts_of(part, "csat")
    waits = found.waits.get("wait_seconds", np.full(len(found.score), np.nan))
    group = alike(*(found.kept[name] for name in ("touchpoint", "channel", "segment")))
    return shorter(found.score, waits, group, found.customer)


def _told(metric: str, score_class: str) -> Callable[[Slice], tuple[Estimate, int]]:
    def found(part: Slice) -> tuple[Estimate, int]:
        rows = numbers.result(metric, part, by=["question"]).rows
        return _of(next((row for row in rows if row.key["question"] == score_class), None))

    return found


def _churn(part: Slice) -> tuple[Estimate, int]:
    return _of(numbers.result("churn_rate", part).one)


def _of(row: Row | None) -> tuple[Estimate, int]:
    if row is None or row.value is None or row.low is None or row.high is None:
        n = row.n if row else 0
        raise AnalyticsError(f"Too few here to say anything: n = {n}.", f"样本太少，无法判断：n = {n}。")
    return Estimate(row.value, row.low, row.high), row.n


_TESTS: dict[str, Callable[[Slice], tuple[Estimate, int]]] = {
    "faster_reply": _faster_reply,
    "told_good": _told("told_good", "promoter"),
    "told_bad": _told("told_bad", "detractor"),
    "churn": _churn,
}


def for_a_file(found: list[Line]) -> Iterator[list[Any]]:
    """For a spreadsheet, the head first."""
    head = (
        _("Claim"),
        _("Claimed"),
        _("Found here"),
        _("low"),
        _("high"),
        "n",
        _("Verdict"),
        _("What it rests on"),
    )
    yield [str(word) for word in head]
    for one in found:
        here = one.found
        figures = [here.value, here.low, here.high, one.n] if here else [None, None, None, None]
        yield [one.says, one.claim.claimed, *figures, str(one.word), str(one.rests) or one.needs or one.fault]
