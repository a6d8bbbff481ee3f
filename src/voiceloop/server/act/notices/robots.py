"""Robots in a team's group chat: set up, tried, and told what to say within the hour's measure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from voiceloop.server.act.models import Notice, Robot, RobotPost
from voiceloop.server.act.notices import choices, outgoing
from voiceloop.server.act.notices.events import RobotArchived, RobotRestored, RobotSaved, RobotTried
from voiceloop.server.act.notices.flavours import FLAVOURS, Words, clock
from voiceloop.server.core.events import record, verb
from voiceloop.server.core.models import Event, User
from voiceloop.server.core.queueing import queue_once

TASK, QUEUE = "act.say_by_robot", "messages"


@verb
def save(robot: Robot, *, by: User) -> Robot:
    robot.by = robot.by or by
    robot.save()
    record(RobotSaved(robot=robot.pk, name=robot.name), by=by, unit=robot.unit)
    return robot


@verb
def archive(robot: Robot, *, by: User) -> Robot:
    """It says nothing more, and what it had not said yet is not said later."""
    if Robot.objects.filter(pk=robot.pk, archived_at=None).update(archived_at=now()):
        robot.posts.filter(said_at=None, failed_at=None).delete()
        record(RobotArchived(robot=robot.pk, name=robot.name), by=by, unit=robot.unit)
    return robot


@verb
def restore(robot: Robot, *, by: User) -> Robot:
    if Robot.objects.filter(pk=robot.pk).exclude(archived_at=None).update(archived_at=None):
        record(RobotRestored(robot=robot.pk, name=robot.name), by=by, unit=robot.unit)
    return robot


def try_out(robot: Robot, *, by: User) -> str:
    """Let it say hello; "" when the other side took it, else what it answered."""
    with translation.override(robot.language):
        hello = Words(_("Voiceloop"), ((_("%(by)s is trying this robot: it works.") % {"by": by}, ""),))
    try:
        say(robot, hello)
    except (outgoing.Refused, outgoing.NotNow) as error:
        return str(error)
    record(RobotTried(robot=robot.pk, name=robot.name), by=by, unit=robot.unit)
    return ""


def say(robot: Robot, words: Words) -> None:
    """One message; raises Refused or NotNow."""
    flavour, at = FLAVOURS[robot.flavour], clock()
    secret = robot.secret or ""
    address = flavour.address(robot.address, secret, at)
    flavour.judge(outgoing.post(address, flavour.payload(words, secret, at)))


@verb
def hear(event: Event, *, kind: str, of: list[User]) -> None:
    """Keep what the robots concerned shall say: those of the people who want it so, and of whole teams."""
    wanted: dict[int, list[User]] = {pk: [] for pk in _of_teams(event, kind)}
    for user in of:
        if robot := _nearest(user, event):
            wanted.setdefault(robot, []).append(user)
    for pk, people in wanted.items():
        values: dict[str, Any] = {"kind": kind, "names": [str(user) for user in people]}
        values["at"] = min((choices.reachable_at(user) for user in people), default=now())
        _, is_new = RobotPost.objects.get_or_create(robot_id=pk, event=event, defaults=values)
        if is_new:
            queue(pk)


def queue(robot: int) -> None:
    """One job at a time for each robot, so that its hour is counted by one."""
    queue_once(TASK, once=f"robot:{robot}", queue=QUEUE, lock=f"robot:{robot}", robot=robot)


def queue_due() -> int:
    """Those that have something left: what failed, what came after hours, what was too much for one hour."""
    due = RobotPost.objects.filter(said_at=None, failed_at=None, at__lte=now(), robot__archived_at=None)
    robots = list(due.values_list("robot", flat=True).distinct())
    for robot in robots:
        queue(robot)
    return len(robots)


def _of_teams(event: Event, kind: str) -> list[int]:
    if event.unit is None:
        return []
    above = event.unit.ancestors_and_self()
    rows = Robot.objects.working().filter(unit__in=above, kinds__contains=[kind])
    return list(rows.values_list("pk", flat=True))


def _nearest(user: User, event: Event) -> int | None:
    """The robot of the person's own team, else of the team above, that may know of the event."""
    if user.unit is None or event.unit is None:
        return None
    rows = Robot.objects.working().filter(unit__in=user.unit.ancestors_and_self())
    nearest = rows.select_related("unit").order_by("-unit__path", "pk")
    here = event.unit.path or ""
    return next((robot.pk for robot in nearest if here.startswith(robot.unit.path)), None)


def rows(user: User) -> list[Any]:
    """The robots of a person's teams, with how they do."""
    lately = Q(posts__said_at__gt=now() - timedelta(hours=1))
    waiting = Q(posts__said_at=None, posts__failed_at=None, posts__isnull=False)
    visible: Any = Robot.objects.visible_to(user).working().select_related("unit")
    found = list(
        visible.annotate(
            n_lately=Count("posts__said_at", filter=lately, distinct=True),
            n_waiting=Count("posts", filter=waiting, distinct=True),
        )
    )
    for robot in found:
        robot.kind_names = [str(Notice.Kind(kind).label) for kind in robot.kinds]
        robot.trouble = _trouble(robot)
    return found


def _trouble(robot: Robot) -> RobotPost | None:
    """The last thing that it could not say, unless it has been heard since."""
    last = robot.posts.order_by("-pk").exclude(n_tries=0).first()
    return last if last and last.error and last.said_at is None else None
