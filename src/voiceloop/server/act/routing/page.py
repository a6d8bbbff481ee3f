"""Who is there, what everybody holds and can do: the page of a team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.timezone import now

from voiceloop.server.act.models import AgentProfile, Case, GreenCase
from voiceloop.server.act.routing import explain, facts, queue, skills
from voiceloop.server.core.models import User


@dataclass
class Row:
    """One person as the team page shows them."""

    user: User
    profile: AgentProfile
    n_open: int
    n_new: int
    load: float
    is_on_shift: bool

    @property
    def percent(self) -> float:
        return min(100 * self.load / self.profile.capacity, 100) if self.profile.capacity else 100.0

    @property
    def is_full(self) -> bool:
        return self.load + 1 > self.profile.capacity

    @property
    def is_free(self) -> bool:
        return self.profile.status == "available" and self.is_on_shift and not self.is_full

    @property
    def tone(self) -> str:
        """The colour of the status chip."""
        tones = {"available": "pos", "busy": "warn", "away": "info"}
        return tones.get(self.profile.status, "") if self.is_on_shift else ""

    @property
    def can(self) -> list[str]:
        """Languages, then seats, then what they are good at."""
        known = [skills.language_name(code) for code in self.profile.languages]
        order = sorted(self.profile.skills.items(), key=lambda one: (not one[0].startswith("seat:"), -one[1]))
        return known + [f"{skills.name_of(code)} {level}" for code, level in order]


def team(user: User, *, only: str = "") -> list[Row]:
    """Those of the reader's unit and below who take cases; the free first."""
    people = takers(user)
    profiles = {one.user_id: one for one in AgentProfile.objects.filter(user__in=people)}
    agents = {one.key: one for one in facts.agents_at({one.unit_id for one in people if one.unit_id})}
    new = _new(people)
    rows = [_row(one, profiles.get(one.pk), agents.get(one.pk), new.get(one.pk, 0)) for one in people]
    rows = [row for row in rows if _matches(row, only)]
    return sorted(rows, key=lambda row: (_RANK[row.profile.status], row.load, str(row.user)))


def takers(user: User) -> QuerySet[User]:
    """Agents and leads whom the reader may see."""
    found: QuerySet[User] = User.objects.visible_to(user).who_take_cases().select_related("unit")
    return found


def tiles(rows: list[Row]) -> dict[str, int]:
    return {
        "free": sum(row.is_free for row in rows),
        "busy": sum(row.profile.status == "busy" for row in rows),
        "away": sum(row.profile.status in ("away", "off") or not row.is_on_shift for row in rows),
        "full": sum(row.is_full for row in rows),
    }


def queued(user: User) -> QuerySet[Case]:
    """What waits for somebody in the reader's branch."""
    assert user.unit is not None
    return queue.waiting(user.unit).select_related("unit", "customer")


def why(case: Case) -> dict[str, Any]:
    """How the case came to who has it: each step's sentence, and at the newest everybody else."""
    steps = list(case.assignments.select_related("to", "by").order_by("-pk")[:10])
    newest = next((one for one in steps if one.reason.get("others")), None)
    return {
        "steps": [{"step": one, "sentence": explain.sentence(one.reason)} for one in steps],
        "others": explain.others(newest.reason) if newest else [],
        "newest": newest,
    }


def green_of(case: Case) -> str | None:
    """Why it goes through the green channel."""
    made = GreenCase.objects.filter(case=case).first()
    return explain.green(made.reason) if made else None


def _new(people: QuerySet[User]) -> dict[int, int]:
    """Cases of each that nobody has spoken about yet."""
    rows = Case.objects.uncontacted().filter(owner__in=people).values("owner").annotate(n=Count("pk"))
    return {row["owner"]: row["n"] for row in rows}


def _row(user: User, profile: AgentProfile | None, agent: Any, n_new: int) -> Row:
    return Row(
        user=user,
        profile=profile or AgentProfile(user=user, status_at=now()),
        n_open=agent.n_open if agent else 0,
        n_new=n_new,
        load=agent.load if agent else 0.0,
        is_on_shift=agent.is_on_shift if agent else True,
    )


def _matches(row: Row, only: str) -> bool:
    if only == "free":
        return row.is_free
    return not only or only in row.profile.skills or only in [f"language:{x}" for x in row.profile.languages]


_RANK = {"available": 0, "busy": 1, "away": 2, "off": 3}
