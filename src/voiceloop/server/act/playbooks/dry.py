"""Dry runs: a draft is counted on the answers and cases of the last days before anybody lives by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import zip_longest
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate, now
from procrastinate.contrib.django import app

from voiceloop.analytics.scales import SCALES
from voiceloop.server.act.cases import outreach
from voiceloop.server.act.models import Case, CrisisCase, DryRun, PlaybookVersion
from voiceloop.server.act.playbooks import book, rules, situations
from voiceloop.server.act.playbooks.situations import Situation
from voiceloop.server.collect.models import Answer, Customer, Response
from voiceloop.server.core.events import verb
from voiceloop.server.core.models import Event, User
from voiceloop.server.understand.customers.lifecycle_events import StageEntered

TASK, QUEUE = "act.dry_run", "default"
CHUNK = 500
N_SAMPLES = 12
DAYS = (30, 90, 180, 365)
Trigger = PlaybookVersion.Trigger


@verb
def start(version: PlaybookVersion, *, by: User, days: int = 90) -> DryRun:
    """Queue the count; one that is under way for the same conditions is that one."""
    digest = book.digest(version)
    moving = DryRun.objects.filter(version=version, digest=digest, days=days, state__in=("queued", "running"))
    found = moving.first()
    if found:
        return found
    run = DryRun.objects.create(version=version, by=by, days=days, digest=digest)
    app.configure_task(TASK, queue=QUEUE).defer(dry_run=run.pk)
    return run


def count(run: DryRun) -> DryRun:
    """Read history chunk by chunk; it only reads, so that a killed count simply begins again."""
    since = now() - timedelta(days=run.days)
    run.state, run.n_total = DryRun.State.RUNNING, _size(run.version.trigger, since)
    run.save(update_fields=["state", "n_total"])
    tally = Tally(run.version)
    for chunk in history(run.version.trigger, since):
        for situation in chunk:
            tally.see(situation)
        run.n_done += len(chunk)
        DryRun.objects.filter(pk=run.pk).update(n_done=run.n_done)
    run.result, run.state, run.ended_at = tally.result(run.days), DryRun.State.DONE, now()
    run.n_total = run.n_done
    run.save()
    return run


class Tally:
    """Who is caught, when, by which condition, and what the other playbooks say of the same people."""

    def __init__(self, version: PlaybookVersion) -> None:
        self.version, self.tree = version, version.conditions
        others = [one for one in book.in_use() if one.playbook_id != version.playbook_id]
        self.others = [one for one in others if one.trigger == version.trigger]
        position = (version.playbook.position, version.playbook_id)
        self.before = {one.pk for one in self.others if (one.playbook.position, one.playbook_id) < position}
        self.leaves = list(rules.leaves(self.tree))
        self.n_seen = self.n_caught = self.n_lost = 0
        self.days: Counter[str] = Counter()
        self.true: Counter[str] = Counter()
        self.alone: Counter[str] = Counter()
        self.overlap: Counter[int] = Counter()
        self.samples: list[dict[str, Any]] = []

    def see(self, one: Situation) -> None:
        self.n_seen += 1
        caught = rules.holds(self.tree, one.facts)
        for path, rule in self.leaves:
            self.true[path] += rules.holds_one(rule, one.facts)
            # Kept out by this rule alone: without it, it would be caught.
            self.alone[path] += not caught and rules.holds(rules.without(self.tree, path), one.facts)
        if caught:
            self._catch(one)

    def _catch(self, one: Situation) -> None:
        self.n_caught += 1
        self.days[localdate(one.at).isoformat()] += 1
        also = [other for other in self.others if rules.holds(other.conditions, one.facts)]
        self.overlap.update(other.pk for other in also)
        self.n_lost += any(other.pk in self.before for other in also)
        at = one.at.isoformat()
        about = {"response": one.response, "case": one.case, "customer": one.customer}
        self.samples.append(about | {"at": at})
        self.samples = self.samples[-N_SAMPLES:]

    def result(self, days: int) -> dict[str, Any]:
        first = localdate() - timedelta(days=days - 1)
        every = [(first + timedelta(days=n)).isoformat() for n in range(days)]
        return {
            "n_seen": self.n_seen,
            "n_caught": self.n_caught,
            # Caught by its conditions, but another playbook stands before it.
            "n_lost": self.n_lost,
            "days": [[day, self.days[day]] for day in every],
            "rules": [
                {"rule": dict(rule), "n": self.true[path], "alone": self.alone[path]}
                for path, rule in self.leaves
            ],
            "overlap": [
                {"playbook": one.playbook_id, "name": one.name, "name_en": one.name_en,
                 "n": self.overlap[one.pk], "before": one.pk in self.before}
                for one in self.others if self.overlap[one.pk]
            ],
            "samples": self.samples[::-1],
        }  # fmt: skip


def history(trigger: str, since: Any) -> Iterator[list[Situation]]:
    """What this event brought in that time, oldest first, in chunks."""
    if trigger in (Trigger.DETRACTOR, Trigger.PASSIVE, Trigger.PROMOTER):
        yield from _answers(trigger, since)
    elif trigger == Trigger.STAGE:
        yield from _moves(since)
    else:
        for pks in _chunks(_cases(trigger, since).order_by("pk")):
            rows = Case.objects.filter(pk__in=pks).select_related(
                "unit", "customer__risk", "customer__life", "response"
            )
            yield situations.of_cases(list(rows.order_by("opened_at", "pk")))


def _answers(trigger: str, since: Any) -> Iterator[list[Situation]]:
    for pks in _chunks(_responses(trigger, since).order_by("pk")):
        rows = Response.objects.filter(pk__in=pks).select_related("unit", "customer__risk", "customer__life")
        said = rows.prefetch_related("answers", "verbatims").order_by("at", "pk")
        yield situations.of_responses([one for one in said if book.trigger_of_answer(one) == trigger])


def _moves(since: Any) -> Iterator[list[Situation]]:
    """Whoever the nights saw enter a stage; a case there is only where a playbook took it up."""
    for pks in _chunks(_entered(since).order_by("pk")):
        events = list(Event.objects.filter(pk__in=pks).order_by("at", "pk"))
        keys = {event.typed.customer for event in events}
        known = Customer.objects.select_related("unit", "risk", "life").in_bulk(keys)
        moves = [(known[e.typed.customer], e.typed, e.at) for e in events if e.typed.customer in known]
        yield situations.of_moves(moves)


def _entered(since: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = Event.objects.filter(type=StageEntered.type, at__gte=since)
    return rows


def _responses(trigger: str, since: Any) -> QuerySet[Any]:
    """Complete answers of this class, by the class's scores on each scale; re-surveys are no first word."""
    rows = Response.objects.filter(state="complete", at__gte=since, about="")
    of_class = Answer.objects.filter(_scores_of(trigger))
    return rows.filter(pk__in=of_class.values("response"))


def _scores_of(trigger: str) -> Q:
    """The ranges of each scale whose class begins this; a class ends where the next one begins."""
    found = Q(pk__in=[])
    for one in SCALES.values():
        ends = [low for low, _ in one.classes.bounds[1:]]
        for (low, name), end in zip_longest(one.classes.bounds, ends):
            if book.OF_CLASS.get(name) == trigger:
                part = Q(scale=one.id, score__gte=low)
                found |= part if end is None else part & Q(score__lt=end)
    return found


def _cases(trigger: str, since: Any) -> QuerySet[Any]:
    rows = Case.objects.filter(opened_at__gte=since)
    if trigger == Trigger.CRISIS:
        return rows.filter(pk__in=CrisisCase.objects.values("case"))
    rows = rows.filter(response=None)
    at_risk = rows.filter(channel__in=(outreach.CHANNEL, outreach.OF_A_HAPPENING))
    return at_risk if trigger == Trigger.AT_RISK else rows.exclude(channel__in=outreach.UNASKED)


def _size(trigger: str, since: Any) -> int:
    if trigger in book.OF_CLASS.values():
        return _responses(trigger, since).count()
    if trigger == Trigger.STAGE:
        return _entered(since).count()
    return _cases(trigger, since).count()


def _chunks(rows: QuerySet[Any]) -> Iterator[list[int]]:
    """Keys in chunks, read from where the last one ended."""
    last = 0
    while pks := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
        yield pks
        last = pks[-1]
