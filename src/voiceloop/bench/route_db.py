"""The time of a decision through the database: a hundred agents, 50,000 open cases, PostgreSQL of its own."""

from __future__ import annotations

import json
import random
import sys
from datetime import timedelta
from time import perf_counter
from typing import Any

import numpy as np

AGENTS, CASES, DECISIONS = 100, 50_000, 1_000
SEED = 20261122


def main(scale: float) -> dict[str, Any]:
    from voiceloop.server.config import processes

    processes.django()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    random.seed(SEED)
    unit = _people()
    found = {}
    for name, owned in (("most_wait_for_an_owner", 0.03), ("everybody_is_full", 1.0)):
        _cases(unit, owned)
        found[name] = _timed(max(int(DECISIONS * scale), 200))
    return {"agents": AGENTS, "open_cases": CASES, "decision_ms": found}


def _people() -> Any:
    from voiceloop.server.act.models import AgentProfile
    from voiceloop.server.core.models import Unit, User

    root = Unit.objects.create(code="root", name="总部", kind="company")
    unit = Unit.objects.create(code="store", name="门店", kind="store", parent=root)
    for n in range(AGENTS):
        user = User.objects.create(username=f"a{n}", name=f"坐席 {n}", role="agent", unit=root)
        skills = {f"seat:{seat}": 2 for seat in random.sample(("phone", "online", "micro"), 2)}
        languages = ["zh", "en"] if n % 7 == 0 else ["zh"]
        AgentProfile.objects.create(user=user, skills=skills, languages=languages, is_senior=n % 9 == 0)
    return unit


def _cases(unit: Any, owned: float) -> None:
    """Open cases, so many of them somebody's already; the history of those resolved beside them."""
    from django.db import connection
    from django.utils.timezone import now

    from voiceloop.server.act.cases import clocks
    from voiceloop.server.act.models import Case, Clock
    from voiceloop.server.core.models import User

    Clock.objects.all().delete()
    Case.objects.all().delete()
    people, at = list(User.objects.values_list("pk", flat=True)), now()
    Case.objects.bulk_create(
        Case(
            unit=unit, channel=random.choice(("phone", "chat", "wechat", "")), summary="x",
            language=random.choice(("zh", "zh", "zh", "en")), priority=random.randint(1, 4),
            owner_id=random.choice(people) if random.random() < owned else None,
            opened_at=at - timedelta(minutes=random.randint(0, 600)),
            first_contact_due_at=at + timedelta(minutes=random.randint(-60, 300)),
            due_at=at + timedelta(minutes=random.randint(-60, 300)),
        )
        for _ in range(CASES)
    )  # fmt: skip
    for case in Case.objects.filter(owner=None)[:200]:
        clocks.wind(case)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze act_case")


def _timed(n: int) -> dict[str, float]:
    from voiceloop.server.act import routing
    from voiceloop.server.act.models import Case

    keys = list(Case.objects.order_by("owner_id", "pk").values_list("pk", flat=True)[: 2 * CASES])
    took = []
    for pk in random.sample(keys, n + 50):
        case = Case.objects.select_related("unit", "customer").get(pk=pk)
        begun = perf_counter()
        routing.choose(case)
        took.append(1000 * (perf_counter() - begun))
    # The first ones fill caches and make the connection; a worker that has run for a while has both.
    took = took[50:]
    return {f"p{share}": round(float(np.percentile(took, share)), 2) for share in (50, 95, 99)}


if __name__ == "__main__":
    print(json.dumps(main(float(sys.argv[1]))))
