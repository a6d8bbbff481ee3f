"""Systems to begin with: equal weights, ends that are our choice and marked as such on the page."""

from __future__ import annotations

from voiceloop.analytics import registry
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure import numbers
from voiceloop.server.measure.evaluation import Entry, found
from voiceloop.server.measure.evaluation_models import Evaluation
from voiceloop.server.measure.slices import Slice

# (dimension, metric, floor, goal). Our choice; a company sets its own ends.
FIVE = (
    ("quality", "accuracy_rate", 80, 98),
    ("quality", "reopened_rate", 20, 2),
    ("quality", "late_rate", 30, 5),
    ("satisfaction", "nps", 0, 60),
    ("satisfaction", "csat_top_box", 60, 95),
    ("satisfaction", "ces", 4, 6.5),
    ("efficiency", "first_contact_on_time", 60, 98),
    ("efficiency", "resolution_rate", 60, 98),
    ("efficiency", "wait_minutes", 30, 8),
    ("cost", "cost_to_serve", 60, 15),
    ("cost", "cost_per_resolution", 200, 50),
    ("cost", "recontact_rate", 30, 5),
    ("cost", "complaint_share", 40, 5),
    ("competitiveness", "series:市场份额", 5, 25),
)
LOYALTY = (
    ("behaviour", "retention_rate", 40, 90),
    ("behaviour", "repeat_purchase_rate", 20, 70),
    ("behaviour", "churn_rate", 40, 5),
    ("attitude", "csat_top_box", 60, 95),
    ("intention", "nps", 0, 60),
)
NAMES = {
    "five": ("五维评估体系", "Five-dimension evaluation"),
    "loyalty": ("忠诚度综合指数", "Loyalty composite"),
}


def start(*, by: User, unit: Unit, kind: str) -> Evaluation:
    """A first version of this kind, of those metrics that this company has facts for."""
    rows = FIVE if kind == "five" else LOYALTY
    part = Slice.of(by, {"days": "365"})
    known = [row for row in rows if row[1].startswith("series:") or row[1] in registry.metrics()]
    # A company without any facts begins with everything; what is missing is then shown as missing.
    chosen = [row for row in known if row[1].startswith("series:") or _has_facts(row[1], part)] or known
    content = [
        Entry(dimension, metric, float(floor), float(goal), owner=by.pk)
        for dimension, metric, floor, goal in chosen
    ]
    zh, en = NAMES[kind]
    return found(by=by, kind=kind, name=zh, name_en=en, unit=unit, content=content)


def _has_facts(metric: str, part: Slice) -> bool:
    return numbers.result(metric, part).one.value is not None
