"""The demo company's rules of anticipation: one is tried and proposes, the others are being tried."""

from __future__ import annotations

from voiceloop.server.act.anticipation import proposing, rules, trials
from voiceloop.server.act.models import AnticipationRule, AnticipationTrial
from voiceloop.server.core.models import Unit, User


def load_anticipation() -> int:
    """Late orders of the last days are proposed; how many."""
    root = Unit.objects.get(parent=None)
    by = User.objects.filter(unit=root, role="admin").order_by("pk").first()
    shipped = rules.starter(root)
    for rule in shipped:
        if rule.kind == AnticipationRule.Kind.LATE_ORDER:
            trial = AnticipationTrial.objects.create(rule=rule, by=by, digest=trials.digest(rule))
            trials.count(trial)
            rules.switch(rule, by=by, on=True)
        elif by:
            # Some seconds of the first worker that starts.
            trials.start(rule, by=by)
    return proposing.make_round()
