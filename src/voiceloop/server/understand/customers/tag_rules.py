"""Tag rules: written, tried on everybody, put in force, run each night; the verbs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from voiceloop.server.collect.models import Customer
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import User
from voiceloop.server.core.queueing import queue_once
from voiceloop.server.understand.customers import tag_conditions as conditions
from voiceloop.server.understand.customers import tags
from voiceloop.server.understand.customers.tag_events import TagRuleRan, TagRuleSaved, TagRuleSwitched
from voiceloop.server.understand.customers.tags import Refused
from voiceloop.server.understand.tag_models import CustomerTag, TagRule, TagRuleRun

TASK, QUEUE = "understand.run_tag_rules", "risk"
CHUNK, N_SAMPLES, RUNS_KEPT, MOST_KEEP_DAYS = 5_000, 20, 90, 3650
State = TagRule.State


@dataclass
class Plan:
    """What a run would do: customers who get the tag, rows that end, rows that stay."""

    n: int = 0
    of: int = 0
    given: list[int] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    losing: list[int] = field(default_factory=list)
    # Of those that stay: the ones for whom the rule holds today, and whose last day moves.
    renewed: list[int] = field(default_factory=list)
    kept: int = 0

    @property
    def counts(self) -> dict[str, int]:
        given, taken = len(self.given), len(self.taken)
        return {"n": self.n, "of": self.of, "given": given, "taken": taken, "kept": self.kept}


def plan(rule: TagRule) -> Plan:
    """Whom the rule fits, against who has its tag: the dry run and the run are this same reading."""
    fits = set(conditions.matching(rule.conditions).values_list("pk", flat=True))
    found = Plan(n=len(fits), of=Customer.objects.count())
    today = localdate()
    has: set[int] = set()
    rows = CustomerTag.objects.filter(key=rule.key, ended_at=None)
    for pk, customer, owner, last in rows.values_list("pk", "customer_id", "rule_id", "expires_on"):
        is_over = last is not None and last < today
        if owner != rule.pk:
            # By hand, or of a rule that is gone: it is not ours to take, and one tag is enough.
            has.update(() if is_over else (customer,))
            continue
        has.add(customer)
        if customer in fits:
            found.renewed.append(pk)
        elif is_over or not rule.keep_days:
            found.taken.append(pk)
            found.losing.append(customer)
            continue
        found.kept += 1
    declined = rule.tags.filter(ended_because=CustomerTag.Ended.BY_HAND).values_list("customer_id", flat=True)
    # What a person took away stays away until a person gives it again.
    found.given = sorted(fits - has - set(declined))
    return found


@verb
def save(
    rule: TagRule | None, *, by: User, name: str, conditions_: list[dict[str, Any]], keep_days: int = 0
) -> TagRule:
    """Write or change a rule. One that is in force and is changed waits for a new dry run."""
    made = rule or TagRule()
    name, key = tags.clean(name), tags.key_of(name)
    said = list(conditions.faults(conditions_))
    if said:
        raise Refused(" ".join(said))
    if not 0 <= keep_days <= MOST_KEEP_DAYS:
        raise Refused(_("Enter a number of days from 0 to %(n)s.") % {"n": MOST_KEEP_DAYS})
    if TagRule.objects.filter(key=key, archived_at=None).exclude(pk=made.pk).exists():
        raise Refused(_("Another rule gives this tag already."))
    if made.pk and made.key != key:
        # The tag of another name is no longer given; it ends as if the rule did not hold.
        _end(Q(rule=made))
    made.name, made.key, made.conditions, made.keep_days = name, key, conditions.plain(conditions_), keep_days
    if made.state == State.ACTIVE and made.tried.get("digest") != digest(made):
        made.state = State.PAUSED
    made.save()
    record(TagRuleSaved(rule=made.pk, name=made.name), by=by, unit=by.unit)
    return made


@verb
def dry_run(rule: TagRule) -> TagRule:
    """Count what a run would do now, without doing it; only what was tried can be put in force."""
    found = plan(rule)
    samples = {"given": found.given[:N_SAMPLES], "taken": found.losing[:N_SAMPLES]}
    rule.tried = {"digest": digest(rule), "at": now().isoformat(), **found.counts, "samples": samples}
    rule.save(update_fields=["tried"])
    return rule


@verb
def activate(rule: TagRule, *, by: User) -> TagRule:
    if not is_tried(rule):
        raise Refused(_("Make a dry run of these conditions first."))
    return _switch(rule, State.ACTIVE, by)


@verb
def pause(rule: TagRule, *, by: User) -> TagRule:
    """It no longer gives or takes; what was given stays until its last day."""
    return _switch(rule, State.PAUSED, by)


@verb
def archive(rule: TagRule, *, by: User) -> TagRule:
    """The rule is gone, and the tags that it gave with it; `restore` brings the rule back, paused."""
    _end(Q(rule=rule))
    rule.archived_at = now()
    rule.save(update_fields=["archived_at"])
    return _switch(rule, State.PAUSED, by, said="archived")


@verb
def restore(rule: TagRule, *, by: User) -> TagRule:
    if TagRule.objects.filter(key=rule.key, archived_at=None).exists():
        raise Refused(_("Another rule gives this tag already."))
    rule.archived_at = None
    rule.save(update_fields=["archived_at"])
    return _switch(rule, State.PAUSED, by, said="paused")


@verb
def run(rule: TagRule) -> TagRuleRun:
    """Give and take the tag so that it is on whom the rule fits."""
    rule = TagRule.objects.select_for_update().get(pk=rule.pk)
    found = plan(rule)
    tags.close_expired(Q(key=rule.key))
    _end(Q(pk__in=found.taken))
    last = localdate() + timedelta(days=rule.keep_days) if rule.keep_days else None
    for some in _chunks(found.renewed):
        CustomerTag.objects.filter(pk__in=some).update(expires_on=last, ended_at=None, ended_because="")
    for some in _chunks(found.given):
        CustomerTag.objects.bulk_create(_rows(rule, some, last), ignore_conflicts=True)
    made = TagRuleRun.objects.create(
        rule=rule, n=found.n, given=len(found.given), taken=len(found.taken), kept=found.kept
    )
    if made.given or made.taken:
        record(TagRuleRan(rule=rule.pk, name=rule.name, given=made.given, taken=made.taken))
    kept = rule.runs.order_by("-pk").values("pk")[:RUNS_KEPT]
    rule.runs.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    return made


def run_all() -> int:
    """Every rule in force, one transaction each; returns how many tags changed."""
    rules = list(TagRule.objects.filter(state=State.ACTIVE, archived_at=None))
    n = sum(made.given + made.taken for made in map(run, rules))
    # After the rules: what one of them still holds for has a new last day.
    return n + tags.expire()


def queue() -> bool:
    """Not wait for the night; one that waits already is that one."""
    return queue_once(TASK, queue=QUEUE, lock="risk")


def digest(rule: TagRule) -> str:
    told = json.dumps([rule.key, rule.conditions, rule.keep_days], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def is_tried(rule: TagRule) -> bool:
    return bool(rule.tried.get("digest") == digest(rule))


def samples(rule: TagRule, user: User) -> dict[str, list[Customer]]:
    """The examples of the newest dry run that the user may see."""
    told = rule.tried.get("samples", {}) if is_tried(rule) else {}
    visible = Customer.objects.visible_to(user).select_related("unit")
    kinds = ("given", "taken")
    return {kind: list(visible.filter(pk__in=told.get(kind, [])).order_by("pk")) for kind in kinds}


def _chunks(keys: list[int]) -> Iterator[list[int]]:
    yield from (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))


def _rows(rule: TagRule, customers: list[int], last: date | None) -> Iterator[CustomerTag]:
    """Of those who are still there; nobody is erased while we write."""
    still = Customer.objects.select_for_update(no_key=True).filter(pk__in=customers).order_by("pk")
    for pk in still.values_list("pk", flat=True):
        yield CustomerTag(customer_id=pk, name=rule.name, key=rule.key, rule=rule, expires_on=last)


def _end(which: Q) -> int:
    rows = CustomerTag.objects.filter(which, ended_at=None)
    return rows.update(ended_at=now(), ended_because=CustomerTag.Ended.BY_RULE)


def _switch(rule: TagRule, state: State, by: User, said: str = "") -> TagRule:
    if rule.state != state or said:
        rule.state = state
        rule.save(update_fields=["state"])
        record(TagRuleSwitched(rule=rule.pk, name=rule.name, state=said or state.value), by=by, unit=by.unit)
    return rule
