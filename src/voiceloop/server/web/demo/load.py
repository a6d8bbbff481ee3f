"""Loads the demo company step by step, saying what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction

from voiceloop.analytics.synth import Company, company
from voiceloop.server.act.starter import starter as start_acting
from voiceloop.server.collect.models import Customer, Programme, Survey
from voiceloop.server.collect.starter import starter as start_collecting
from voiceloop.server.core.bulk import plan_anew
from voiceloop.server.core.models import ReactionMark, Unit, User
from voiceloop.server.core.reactor import reactions
from voiceloop.server.store import sync
from voiceloop.server.understand.customers import tag_rules, tag_starter
from voiceloop.server.understand.labelling import label_waiting
from voiceloop.server.understand.risk.tasks import queue as score_customers
from voiceloop.server.web.demo import feedback, loop, people
from voiceloop.server.web.demo.anticipation import load_anticipation
from voiceloop.server.web.demo.boards import load_boards
from voiceloop.server.web.demo.desk import load_conversations
from voiceloop.server.web.demo.improvements import load_improvements
from voiceloop.server.web.demo.skills import load_skills
from voiceloop.server.web.demo.standing import load_standing
from voiceloop.server.web.demo.talks import load_talks
from voiceloop.server.web.demo.wishes import load_wishes

Step = tuple[str, Callable[[], object]]


def is_empty() -> bool:
    return not User.objects.exists() and not Customer.objects.exists()


def steps(**arguments: Any) -> Iterator[Step]:
    """Each step with its name; the database part is one transaction, so a broken load leaves nothing."""
    made: dict[str, Company] = {}
    yield "company", lambda: made.update(it=company(**arguments))
    yield "database", lambda: _load(made["it"])
    yield "texts", _label_all
    yield "lake", sync.catch_up
    yield "improvements", lambda: _improve(made["it"])


@transaction.atomic
def _load(made: Company) -> None:
    units = people.load_units(made)
    ids = {code: unit.pk for code, unit in units.items()}
    persons = people.load_people(made, units)
    root = next(unit for unit in units.values() if unit.parent_id is None)
    load_skills(persons)
    people.load_names(made, root)
    people.set_target(root, next(person for person in persons.values() if person.role == "manager"))
    plans = _programmes(made, root)
    customers = feedback.numbered(made.customers, "customer")
    feedback.load_customers(made, ids)
    feedback.load_orders(made, ids, customers)
    feedback.load_invitations(made, ids, customers, plans)
    feedback.load_responses(made, ids, customers, plans)
    load_conversations(made, ids)
    start_acting()
    loop.load_cases(made, ids, customers, persons, loop.load_causes(made))
    loop.load_growth(made, ids, customers, persons)
    load_talks(root)
    load_standing()
    load_wishes()
    _history_is_past()
    plan_anew()


def _programmes(made: Company, root: Unit) -> dict[str, tuple[int, int]]:
    """Plan and survey version of each programme; the starter's own serves as the pattern."""
    start_collecting(root)
    names = {row["code"]: row for row in made.labels.to_pylist() if row["dimension"] == "programme"}
    return {code: _programme(code, row, root) for code, row in names.items()}


def _programme(code: str, row: dict[str, Any], root: Unit) -> tuple[int, int]:
    pattern = Survey.objects.exclude(programme__code="recovery").order_by("pk").first()
    assert pattern is not None
    newest = pattern.live
    assert newest is not None
    names = {"name": row["name_zh"], "name_en": row["name_en"], "unit": root}
    programme, _ = Programme.objects.get_or_create(code=code, defaults=names)
    plan = programme.plan or programme.plans.create(number=1, population=row["name_zh"])
    survey, _ = Survey.objects.get_or_create(code=code, defaults={**names, "programme": programme})
    version = survey.live or survey.versions.create(
        number=1, content=newest.content, published_at=newest.published_at
    )
    return plan.pk, version.pk


def _history_is_past() -> None:
    """What happened before the company came to us is told, not reacted to."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_xact_id()")
        behind = int(cursor.fetchone()[0]) + 1
    for reaction in reactions():
        ReactionMark.objects.update_or_create(reaction=reaction.name, defaults={"xid": behind})


@transaction.atomic
def _improve(made: Company) -> None:
    load_improvements(made)
    load_boards()
    # A minute's work for the first worker that starts: nobody waits for it here.
    score_customers()
    # Three rules that tag whom the scores describe, and tiers that nobody has switched on.
    tag_starter.rules(active=True)
    tag_starter.scheme()
    tag_rules.queue()
    load_anticipation()
    _history_is_past()


def _label_all() -> None:
    while label_waiting():
        pass
