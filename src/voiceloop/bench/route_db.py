"""The time of a decision through the database: a hundred agents, 50,000 open cases, PostgreSQL of its own."""

from __future__ import annotations

import json
import random
import sys
from time import perf_counter
from typing import Any

import numpy as np

AGENTS, CASES, DECISIONS = 100, 50_000, 1_000
SEED, N_TIMED = 20261122, 500
# What a case needs beside its moments: empty words for every text column that has no default in the database.
FILL = """
insert into act_case (unit_id, kind, severity, playbook, summary, priority, priority_reason, emotion, level,
    opened_at, first_contact_due_at, due_at, owner_id, {names}, xid, created_xid)
select %(unit)s, 'request', 'slight', 'hand', 'x', 1 + (random() * 3)::int, '{{}}', '', 0,
    now() - random() * interval '10 hours', now() + (random() - 0.2) * interval '5 hours',
    now() + (random() - 0.2) * interval '5 hours',
    case when random() < %(owned)s then (select min(id) from core_user) + floor(random() * {agents})::int end,
    {values}, pg_current_xact_id(), pg_current_xact_id()
from generate_series(1, %(n)s)
"""
CHANNELS = "(array['phone', 'chat', 'wechat', ''])[1 + floor(random() * 4)::int]"
LANGUAGES = "(array['zh', 'zh', 'zh', 'en'])[1 + floor(random() * 4)::int]"


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
    """Open cases, so many of them somebody's already."""
    from django.db import connection

    from voiceloop.server.act.cases import clocks
    from voiceloop.server.act.models import Case
    from voiceloop.server.core.moment import DIMENSIONS

    with connection.cursor() as cursor:
        cursor.execute("truncate act_case cascade")
        cursor.execute("select setseed(0.5)")
        names = list(DIMENSIONS)
        asked = {"channel": CHANNELS, "language": LANGUAGES}
        values = ", ".join(asked.get(name, "''") for name in names)
        words = FILL.format(names=", ".join(names), values=values, agents=AGENTS)
        cursor.execute(words, {"unit": unit.pk, "n": CASES, "owned": owned})
    for case in Case.objects.order_by("pk")[:N_TIMED]:
        clocks.wind(case)
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze act_case")


def _timed(n: int) -> dict[str, float]:
    from voiceloop.server.act import routing
    from voiceloop.server.act.models import Case
    from voiceloop.server.config import memory

    keys = list(Case.objects.order_by("pk").values_list("pk", flat=True)[:N_TIMED])
    memory.settle()  # as in the processes that choose
    took = []
    for pk in random.choices(keys, k=n + 50):
        case = Case.objects.select_related("unit", "customer").get(pk=pk)
        begun = perf_counter()
        routing.choose(case)
        took.append(1000 * (perf_counter() - begun))
    # The first ones fill caches and make the connection; a worker that has run for a while has both.
    took = took[50:]
    return {f"p{share}": round(float(np.percentile(took, share)), 2) for share in (50, 95, 99)}


if __name__ == "__main__":
    print(json.dumps(main(float(sys.argv[1]))))
