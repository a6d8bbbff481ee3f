"""Rules of anticipation: written, tried on the past, switched on and off; the verbs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from voiceloop.server.act.anticipation import kinds, trials
from voiceloop.server.act.anticipation.events import AnticipationRuleSaved, AnticipationRuleSwitched
from voiceloop.server.act.anticipation.kinds import Refused
from voiceloop.server.act.models import AnticipationRule
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Unit, User

STATES = {
    "on": pgettext_lazy("anticipation rule", "on"),
    "off": pgettext_lazy("anticipation rule", "off"),
    "archived": pgettext_lazy("anticipation rule", "archived"),
    "restored": pgettext_lazy("anticipation rule", "restored"),
}
LONGEST_DAYS, MOST_A_DAY = 30, 500
# Kind, name, name in English, and the numbers that are not as the kind has them.
Shipped = tuple[str, str, str, dict[str, int]]
Kind = AnticipationRule.Kind
# Our choices; what they are good for, the dry run says. The other numbers are as their kinds have them.
SHIPPED: tuple[Shipped, ...] = (
    (Kind.LATE_ORDER, "订单严重超时", "Order far too late", {"minutes": 10}),
    (Kind.BAD_AGAIN, "一个月内再次出问题", "Bad again within a month", {"minutes": 10}),
    (Kind.BROKEN_PROMISE, "承诺的回访没有打", "The promised call was not made", {}),
    (Kind.UNHEARD, "低分无人联系", "Low answer, nobody spoke with them", {"hours": 4}),
    (Kind.SAME_TOPIC, "同一问题再次来询", "The same topic again", {}),
    (Kind.RISK_SILENT, "高流失风险且沉默", "Likely to leave, and silent", {}),
)


@verb
def starter(unit: Unit, *, by: User | None = None) -> list[AnticipationRule]:
    """One rule of each kind that this unit has none of, switched off until somebody has tried it."""
    return [
        _kept(AnticipationRule(kind=kind, name=name, name_en=name_en, parameters=given, unit=unit), by)
        for kind, name, name_en, given in missing(unit)
    ]


def missing(unit: Unit | None) -> list[Shipped]:
    """The shipped rules of whose kind the unit has none."""
    known = set(AnticipationRule.objects.filter(unit=unit).values_list("kind", flat=True))
    return [row for row in SHIPPED if row[0] not in known]


@verb
def save(
    rule: AnticipationRule | None,
    *,
    by: User,
    kind: str,
    name: str,
    unit: Unit,
    parameters: Mapping[str, Any],
    name_en: str = "",
    keep_days: int = 3,
    most_a_day: int = 20,
) -> AnticipationRule:
    """Write or change a rule. One that is on and names others now is off until it was tried anew."""
    if kind not in kinds.KINDS:
        raise Refused(_("There is no such kind of rule."))
    made = rule or AnticipationRule()
    if made.pk and made.kind != kind:
        raise Refused(_("A rule keeps its kind; write a new one."))
    if not 1 <= keep_days <= LONGEST_DAYS or not 1 <= most_a_day <= MOST_A_DAY:
        limits = {"days": LONGEST_DAYS, "most": MOST_A_DAY}
        raise Refused(
            _("A proposal is kept 1 to %(days)s days; a day brings 1 to %(most)s of them.") % limits
        )
    made.kind, made.name, made.name_en, made.unit = kind, name.strip()[:80], name_en.strip()[:80], unit
    if not made.name:
        raise Refused(_("Give the rule a name."))
    made.parameters = kinds.checked(kinds.of(kind).PARAMETERS, parameters)
    made.keep_days, made.most_a_day = keep_days, most_a_day
    made.is_on = made.is_on and trials.is_tried(made)
    return _kept(made, by)


@verb
def switch(rule: AnticipationRule, *, by: User | None, on: bool) -> AnticipationRule:
    """Only what was tried is switched on: whoever does it has seen what it would have named."""
    if on and not trials.is_tried(rule):
        raise Refused(_("Make a dry run of these numbers first, then switch the rule on."))
    if on != rule.is_on and rule.archived_at is None:
        rule.is_on, rule.switched_at = on, now()
        rule.save(update_fields=["is_on", "switched_at"])
        _say(rule, "on" if on else "off", by)
    return rule


@verb
def archive(rule: AnticipationRule, *, by: User) -> AnticipationRule:
    """Out of use; what it proposed stays to be decided."""
    if rule.archived_at is None:
        rule.archived_at, rule.is_on = now(), False
        rule.save(update_fields=["archived_at", "is_on"])
        _say(rule, "archived", by)
    return rule


@verb
def restore(rule: AnticipationRule, *, by: User) -> AnticipationRule:
    """Back, and off."""
    if rule.archived_at is not None:
        rule.archived_at = None
        rule.save(update_fields=["archived_at"])
        _say(rule, "restored", by)
    return rule


def _kept(rule: AnticipationRule, by: User | None) -> AnticipationRule:
    rule.save()
    record(AnticipationRuleSaved(rule=rule.pk, name=rule.name), by=by, unit=rule.unit)
    return rule


def _say(rule: AnticipationRule, state: str, by: User | None) -> None:
    record(AnticipationRuleSwitched(rule=rule.pk, name=rule.name, state=state), by=by, unit=rule.unit)
