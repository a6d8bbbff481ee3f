"""Every event may be delivered twice: the second time changes nothing."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest

from tests.house import scene
from tests.house import world as worlds
from voiceloop.server.core.events import TYPES, EventType, record
from voiceloop.server.core.models import Event
from voiceloop.server.core.reactor import REACTIONS, Reaction, reactions

reactions()
PAIRS = [(reaction, TYPES[name]) for reaction in REACTIONS.values() for name in sorted(reaction.types)]
# Some reactions look for a colleague's name in what was written.
NOTE = f"@{worlds.MARK}-0"
# What an event may say where its reactions look at it.
WORDS: dict[str, tuple[Any, ...]] = {
    "score_class": ("detractor", "passive", "promoter", ""),
    "score": (1.0,),
    "result": ("solved", "not_solved", "no_reply"),
    "training": ("something to learn", ""),
    "case": (None, worlds.FIRST + 1),
    "reasons": ([["recency_days", "90"]],),
    "people": ([worlds.FIRST],),
    "leads": ([worlds.FIRST],),
    "remedy": (worlds.FIRST,),
    "receiver": (f"{worlds.MARK}-0",),
    "role": ("agent", "lead"),
    "verbatims": ([worlds.FIRST],),
}
# Numbers that name somebody or some place of the world.
KEYS = {"to", "owner", "unit"}


@pytest.fixture
def world(world: worlds.World) -> worlds.World:
    scene.arrange()
    return world


def variants(kind: type[EventType]) -> Iterator[EventType]:
    """Events of this type about the world's objects, in every combination of what they may say."""
    hints = get_type_hints(kind)
    names = [one.name for one in dataclasses.fields(kind)]
    for values in itertools.product(*(_values(kind, name, hints[name]) for name in names)):
        yield kind(**dict(zip(names, values, strict=True)))


def _values(kind: type[EventType], name: str, hint: Any) -> tuple[Any, ...]:
    if name in WORDS and not (name == "case" and hint is int):
        return WORDS[name]
    if hint is bool:
        return (True, False)
    if name in KEYS and "int" in str(hint):
        return (worlds.FIRST,)
    if "int" in str(hint) and name in kind.about:
        return (
            (worlds.FIRST, worlds.FIRST + (1 if name == "case" else 3))
            if hint is int
            else (worlds.FIRST + 1,)
        )
    return ("something",) if hint is str else (1,) if "int" in str(hint) or "float" in str(hint) else (None,)


def handle(reaction: Reaction, event: EventType, world: worlds.World) -> list[tuple[str, str]]:
    """The rows that the second delivery changed."""
    happened = Event.objects.get(pk=record(event, unit=world.east, note=NOTE).pk)
    reaction.handle(happened)
    once = worlds.snapshot()
    reaction.handle(Event.objects.get(pk=happened.pk))
    return worlds.changes(once)


@pytest.mark.parametrize(("reaction", "kind"), PAIRS, ids=lambda one: getattr(one, "name", "") or one.type)
def test_the_second_time_changes_nothing(
    reaction: Reaction, kind: type[EventType], world: worlds.World
) -> None:
    for event in variants(kind):
        assert handle(reaction, event, world) == [], f"{reaction.name} did {event} twice"


@pytest.mark.parametrize("reaction", REACTIONS.values(), ids=lambda reaction: reaction.name)
def test_the_first_time_does_something(reaction: Reaction, world: worlds.World) -> None:
    """Else the test above proves nothing: give the world what this reaction waits for."""
    before = {**worlds.snapshot(), **jobs()}
    for name in reaction.types:
        for event in variants(TYPES[name]):
            reaction.handle(record(event, unit=world.east, note=NOTE))
    changed = {table for table, _ in worlds.changes({k: v for k, v in before.items() if k[0] != "job"})}
    assert changed - {"core_event"} or jobs().keys() - before.keys()


def jobs() -> dict[tuple[str, str], str]:
    from procrastinate.contrib.django.models import ProcrastinateJob

    return {("job", str(job.pk)): job.task_name for job in ProcrastinateJob.objects.all()}
