"""Systems to begin with: equal weights, ends that are our choice and marked as such on the page."""

from __future__ import annotations

from voiceloop.analytics import registry
from voiceloop.server.core.models import Unit, User
from voiceloop.server.measure.evaluation import Entry, found
from voiceloop.server.measure.evaluation_models import Evaluation

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
    ("cost", "complaint_share", 10, 1),
    ("cost", "recovery_rate", 30, 90),
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
    """A first version of this kind, of those metrics that this installation has."""
    rows = FIVE if kind == "five" else LOYALTY
    known = [row for row in rows if row[1] in registry.metrics() or row[1].startswith("series:")]
    content = [
        Entry(dimension, metric, float(floor), float(goal), owner=by.pk)
        for dimension, metric, floor, goal in known
    ]
    zh, en = NAMES[kind]
    return found(by=by, kind=kind, name=zh, name_en=en, unit=unit, content=content)
