"""The company that is measured: made in the product's own way, by its verbs, in a process with its settings.

Each word is a command: it takes arguments and prints JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SURVEY = "service"
MANY = 2_000  # customers invited in one transaction


def ask(
    word: str, *arguments: object, data: Path, database: str, environment: Mapping[str, str] = os.environ
) -> Any:
    """Run one command of this module over an installation."""
    command = [sys.executable, "-W", "ignore", "-m", "voiceloop.bench.company", word, *map(str, arguments)]
    there = {**environment, "VOICELOOP_DATA": str(data), "DATABASE_URL": database}
    done = subprocess.run(command, env=there, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{word}: {done.stderr}")
    return json.loads(done.stdout)


def invite(n: str) -> list[tuple[int, str]]:
    """Ask so many new customers; the id of each invitation, and the path of its personal page."""
    from voiceloop.server.collect import invitations, letters

    survey = _survey()
    customers = _customers(int(n), survey.unit)
    asked = []
    for at in range(0, len(customers), MANY):
        some = customers[at : at + MANY]
        asked += invitations.send(survey=survey, customers=some, channel="link", by=None)
    return [(each.pk, urlsplit(letters.personal_link(each)).path) for each in asked]


def import_file(path: str) -> int:
    """Queue the import of a file, its columns as the product guesses them."""
    from voiceloop.server.collect import imports
    from voiceloop.server.collect.importing.preview import Sample, first_mapping

    unit, file = _survey().unit, Path(path).resolve()
    received = imports.receive(name=file.name, path=file, unit=unit, by=None, new_programme=file.stem)
    mapping = first_mapping(received, Sample.of(received))
    return int(imports.start(import_=received, mapping=mapping, by=None).pk)


def relabel() -> int:
    """Queue the job that labels every comment anew."""
    from voiceloop.server.understand import relabelling

    return int(relabelling.start(by=None, why="asked", everything=True).pk)


def sit_down(n: str, leads_in: str) -> list[dict[str, Any]]:
    """So many people at open workbenches, spread over the stores, each with a session and a case."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from voiceloop.server.act.cases import cases
    from voiceloop.server.core.models import Unit, User

    places = list(Unit.objects.filter(children=None).order_by("path"))
    customers = _customers(int(n), places[0])
    seated = []
    for i in range(int(n)):
        unit = places[i % len(places)]
        role = "lead" if i % int(leads_in) == 0 else "agent"
        named = {"role": role, "unit": unit, "name": f"座席{i}", "is_active": True}
        user, _ = User.objects.get_or_create(username=f"bench-{i}", defaults=named)
        if role == "agent":
            cases.open(customers[i], by=user, summary="等了一个小时", unit=unit)
        session = SessionStore()
        session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session.create()
        seated.append({"user": user.pk, "session": session.session_key, "role": role})
    return seated


def hand_out(n: str, every: str, users: str) -> list[tuple[int, int, float]]:
    """So many cases assigned, each to another of these people; who, which and when it was committed."""
    import random
    import time

    from voiceloop.server.act.cases import cases
    from voiceloop.server.act.models import Case
    from voiceloop.server.core.models import User

    admin = User.objects.filter(role="admin").first()
    agents = list(User.objects.filter(pk__in=json.loads(users), role="agent").select_related("unit"))
    random.Random(7).shuffle(agents)
    done = []
    for i in range(int(n)):
        to = agents[i % len(agents)]
        case = Case.objects.create(unit=to.unit, summary="汤洒了", channel="manual", priority=1)
        cases.assign(case, to=to, by=admin)
        done.append((to.pk, case.pk, time.time()))
        time.sleep(float(every))
    return done


def _survey() -> Any:
    from voiceloop.server.collect.models import Survey
    from voiceloop.server.collect.starter import starter
    from voiceloop.server.core.models import Unit

    root = Unit.objects.filter(parent=None).first() or Unit.objects.create(code="root", name="总部")
    starter(root)
    return Survey.objects.get(code=SURVEY)


def _customers(n: int, unit: Any) -> list[Any]:
    from voiceloop.server.collect.models import Customer

    known = Customer.objects.count()
    return Customer.objects.bulk_create(
        Customer(unit=unit, number=f"B{known + i:07}", phone=f"139{known + i:08}", language="zh")
        for i in range(n)
    )


COMMANDS: dict[str, Callable[..., Any]] = {
    "invite": invite,
    "import": import_file,
    "relabel": relabel,
    "sit_down": sit_down,
    "hand_out": hand_out,
}

if __name__ == "__main__":
    from voiceloop.server.config import processes

    processes.django()
    json.dump(COMMANDS[sys.argv[1]](*sys.argv[2:]), sys.stdout)
