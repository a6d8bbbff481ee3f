"""What the front line must learn: given by an initiative, ticked by each person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.timezone import now

from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Role, Unit, User
from voiceloop.server.verify.events_training import TrainingArchived, TrainingGiven, TrainingLearned
from voiceloop.server.verify.models import Initiative, TrainingDone, TrainingItem

LEARNERS = (Role.AGENT, Role.LEAD)


@dataclass(frozen=True)
class Progress:
    """How many of those whom it is for have learned it, and who has not yet."""

    n: int
    of: int
    missing: list[User]


@verb
def give(
    *,
    by: User,
    title: str,
    text: str,
    initiative: Initiative | None = None,
    unit: Unit | None = None,
    due_on: date | None = None,
) -> TrainingItem:
    place = unit or (initiative.unit if initiative else None) or by.unit
    assert place is not None, "a person without a unit sees no initiative"
    item: TrainingItem = TrainingItem.objects.create(
        initiative=initiative, unit=place, title=title[:200], text=text, by=by, due_on=due_on
    )
    _say(TrainingGiven, item, by)
    return item


@verb
def learn(item: TrainingItem, *, by: User) -> TrainingItem:
    """Once each, however often it is said."""
    _done, is_new = TrainingDone.objects.get_or_create(item=item, user=by)
    if is_new:
        _say(TrainingLearned, item, by)
    return item


@verb
def archive(item: TrainingItem, *, by: User) -> TrainingItem:
    if item.archived_at is None:
        item.archived_at = now()
        item.save(update_fields=["archived_at"])
        _say(TrainingArchived, item, by)
    return item


def progress(item: TrainingItem) -> Progress:
    """Among agents and leads of the unit and below it."""
    people = User.objects.filter(role__in=LEARNERS, is_active=True, unit__path__startswith=item.unit.path)
    known = set(TrainingDone.objects.filter(item=item).values_list("user_id", flat=True))
    several = list(people.order_by("name", "pk"))
    missing = [one for one in several if one.pk not in known]
    return Progress(len(several) - len(missing), len(several), missing)


def for_me(user: User) -> list[dict[str, Any]]:
    """The items in use, with whether I have learned each and, for leads, how far the others are."""
    mine = set(TrainingDone.objects.filter(user=user).values_list("item_id", flat=True))
    items = TrainingItem.objects.visible_to(user).open().select_related("unit", "by", "initiative")[:100]
    leads = user.may("team.see")
    return [
        {"item": one, "is_done": one.pk in mine, "progress": progress(one) if leads else None}
        for one in items
    ]


def _say(event: Any, item: TrainingItem, by: User) -> None:
    about = {"training": item.pk, "initiative": item.initiative_id, "title": item.title}
    record(event(**about), by=by, unit=item.unit)
