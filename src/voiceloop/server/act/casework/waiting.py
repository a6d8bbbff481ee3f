"""Waiting for a customer: a friendly question after some days, an end after some more, and back at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from voiceloop.server.act import letters
from voiceloop.server.act.cases import cases, clocks
from voiceloop.server.act.casework import macros
from voiceloop.server.act.casework.events import (
    CaseClosedUnanswered,
    CustomerNudged,
    WaitRuleArchived,
    WaitRuleSaved,
)
from voiceloop.server.act.models import Case, Nudge, Pause, Post, Resolution, Thread, WaitRule
from voiceloop.server.act.threads import outgoing
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User

AT_ONCE = 200
CONDITIONS = ("kind", "channel")


@verb
def save(rule: WaitRule, *, by: User) -> WaitRule:
    rule.save()
    record(WaitRuleSaved(wait_rule=rule.pk, name=rule.name), by=by)
    return rule


@verb
def archive(rule: WaitRule, *, by: User) -> WaitRule:
    if rule.archived_at is None:
        rule.archived_at = now()
        rule.save(update_fields=["archived_at"])
        record(WaitRuleArchived(wait_rule=rule.pk, name=rule.name), by=by)
    return rule


def rule_for(case: Case) -> WaitRule | None:
    """The rule with most conditions that fit; a catastrophe is never let go by waiting."""
    if case.severity == Case.Severity.CATASTROPHIC:
        return None
    fitting = [
        rule
        for rule in WaitRule.objects.live().order_by("pk")
        if all(getattr(rule, name) in ("", getattr(case, name)) for name in CONDITIONS)
    ]
    return max(fitting, key=lambda rule: sum(bool(getattr(rule, n)) for n in CONDITIONS), default=None)


def look() -> tuple[int, int]:
    """Ask where it is time to ask, close where it is time to close; both once, however often this runs."""
    if not WaitRule.objects.live().exists():
        return 0, 0
    asked = sum(nudge(pause) for pause in _unasked())
    closed = sum(close(one) for one in _asked_long_ago())
    return asked, closed


@verb
def nudge(pause: Pause) -> bool:
    """The friendly question of this pause, if its rule says so and it was not asked yet."""
    case = _waiting(pause)
    rule = rule_for(case) if case else None
    if case is None or rule is None or hasattr(pause, "nudge") or not _is_over(pause, rule.nudge_after):
        return False
    made = Nudge.objects.create(pause=pause, case=case, rule=rule)
    _ask(case, rule, made)
    event = CustomerNudged(case=case.pk, customer=case.customer_id, days=(made.at - pause.at).days)
    record(event, unit=case.unit)
    return True


@verb
def close(asked: Nudge) -> bool:
    """Nothing came: the case ends without calls, and opens again the moment the customer writes."""
    case = _waiting(asked.pause)
    days = asked.rule.close_after
    if case is None or asked.closed_at or not days or asked.at > now() - timedelta(days=days):
        return False
    if case.severity == Case.Severity.CATASTROPHIC:
        return False
    asked.closed_at = now()
    asked.save(update_fields=["closed_at"])
    Resolution.objects.create(case=case, by=None, root_cause=asked.rule.root_cause, at=asked.closed_at)
    case.pauses.filter(ended_at=None).update(ended_at=asked.closed_at)
    case.refresh_from_db()
    clocks.wind(case)
    waited = (asked.closed_at - asked.pause.at).days
    record(CaseClosedUnanswered(case=case.pk, customer=case.customer_id, days=waited), unit=case.unit)
    return True


def words(rule: WaitRule, case: Case, language: str) -> str:
    """The question in the customer's language; a rule without words has ours."""
    said = rule.text_en if language == "en" else rule.text_zh
    usual = _(
        "we still need a word from you to go on with case {case}. Please write back whenever it suits "
        "you; we keep it open for you."
    )
    return said or usual


def _ask(case: Case, rule: WaitRule, made: Nudge) -> None:
    """Where they last wrote to us; else by the way on which they are usually reached."""
    language = "en" if case.customer and case.customer.language.startswith("en") else "zh-hans"
    by = case.owner or made.pause.by
    with translation.override(language):
        said = words(rule, case, language)
        text = macros.filled(said, case, by) if by else said.replace("{case}", str(case))
    thread = macros.thread_of(case)
    if thread:
        _write(thread, text, key=f"nudge:{made.pause_id}")
    else:
        letters.ask(
            case.customer, unit=case.unit, key=f"nudge:{made.pause_id}", about=f"case:{case.pk}", text=text
        )


def _write(thread: Thread, text: str, *, key: str) -> None:
    """Of itself: no contact of ours, so the pause lasts and no promise is kept by it."""
    out = Post.Direction.OUT
    post, is_new = Post.objects.get_or_create(
        key=key, defaults={"thread": thread, "direction": out, "text": text, "is_automatic": True}
    )
    if is_new:
        outgoing.send(post)


def _waiting(pause: Pause) -> Case | None:
    """The case of a pause that still lasts, behind its lock."""
    case = pause.case
    cases.lock(case)
    pause.refresh_from_db()
    return case if pause.ended_at is None and case.is_open else None


def _is_over(pause: Pause, days: int) -> bool:
    return pause.at <= now() - timedelta(days=days)


def _unasked() -> QuerySet[Any]:
    shortest = min(WaitRule.objects.live().values_list("nudge_after", flat=True), default=0)
    over = Pause.objects.filter(ended_at=None, nudge=None, at__lte=now() - timedelta(days=shortest))
    waiting = over.exclude(case__severity=Case.Severity.CATASTROPHIC)
    return waiting.select_related("case").order_by("at")[:AT_ONCE]


def _asked_long_ago() -> QuerySet[Any]:
    asked = Nudge.objects.filter(closed_at=None, pause__ended_at=None, rule__close_after__gt=0)
    return asked.select_related("pause__case", "rule").order_by("at")[:AT_ONCE]
