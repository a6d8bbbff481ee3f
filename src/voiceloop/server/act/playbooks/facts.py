"""What a playbook may ask about an answer, its customer and its case, and what each can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from voiceloop.analytics.scales import CLASS_LABELS
from voiceloop.analytics.text.taxonomy import Taxonomy
from voiceloop.analytics.value.stages import STAGES
from voiceloop.server.act.models import Case
from voiceloop.server.collect.models import Customer
from voiceloop.server.core.models import Unit
from voiceloop.server.measure.labels import KNOWN, label
from voiceloop.server.measure.models import Label
from voiceloop.server.understand.models import CustomerRisk
from voiceloop.server.understand.reasons import book
from voiceloop.server.understand.risk.reading import stage_name

Options = list[tuple[str, Any]]
CLASSES = list(CLASS_LABELS)


@dataclass(frozen=True)
class Fact:
    """`kind` says how it is compared; `options` what it can be, where that is a list."""

    code: str
    label: Any
    kind: str
    options: Callable[[], Options] = list
    low: float = 0
    high: float = 10_000_000
    help: Any = ""


def _known(kind: str) -> Callable[[], Options]:
    return lambda: list(KNOWN[kind].items())


def _dimension(name: str) -> Callable[[], Options]:
    """The codes of a dimension that the company has named, and those that the product knows."""

    def options() -> Options:
        codes = [*KNOWN.get(name, ()), *Label.objects.filter(dimension=name).values_list("code", flat=True)]
        if name in ("tier", "segment"):
            codes += Customer.objects.exclude(**{name: ""}).values_list(name, flat=True).distinct()[:50]
        return [(code, label(name, code)) for code in dict.fromkeys(codes)]

    return options


def _units() -> Options:
    return [(unit.code, "　" * unit.depth + str(unit)) for unit in Unit.objects.in_tree_order() if unit.path]


def _reasons() -> Options:
    taxonomy: Taxonomy = book.in_use()
    return [(reason.code, label("reason", reason.code)) for reason in taxonomy.reasons]


def _stages() -> Options:
    return [(stage.code, stage_name(stage.code)) for stage in STAGES]


FACTS: dict[str, Fact] = {
    fact.code: fact
    for fact in (
        Fact("score", _("Score (0–10)"), "number", high=10, help=_("Other scales are read as 0 to 10.")),
        Fact("score_class", _("Class"), "choice", lambda: [(c, label("score_class", c)) for c in CLASSES]),
        Fact("severity", _("Severity"), "choice", lambda: list(Case.Severity.choices)),
        Fact("priority", _("Priority"), "number", low=1, high=4, help=_("1 is urgent, 4 is low.")),
        Fact("kind", _("Kind of case"), "choice", lambda: list(Case.Kind.choices)),
        Fact("emotion", _("Emotion"), "many", _known("emotion")),
        Fact("sentiment", _("Sentiment"), "many", _known("sentiment")),
        Fact("voice", _("Kind of comment"), "many", _known("voice")),
        Fact("urgency", _("Urgency"), "many", _known("urgency")),
        Fact("reason", _("Reason"), "many", _reasons),
        Fact("has_words", _("The customer wrote something"), "yes"),
        Fact("wants_contact", _("The customer asks to be called"), "yes"),
        Fact("has_address", _("The customer can be written to"), "yes"),
        Fact("tier", _("Tier"), "choice", _dimension("tier")),
        Fact("segment", _("Segment"), "choice", _dimension("segment")),
        Fact("channel", _("Channel"), "choice", _dimension("channel")),
        Fact("touchpoint", _("Touchpoint"), "choice", _dimension("touchpoint")),
        Fact("unit", _("Unit"), "unit", _units),
        Fact("language", _("Language"), "choice", _known("language")),
        Fact("value", _("Bought in the year before (¥)"), "number"),
        Fact("n_earlier", _("Earlier cases"), "number", high=1000),
        Fact("risk", _("Risk of leaving"), "choice", lambda: list(CustomerRisk.Band.choices)),
        Fact("life", _("Stage of life"), "choice", _stages),
    )
}
