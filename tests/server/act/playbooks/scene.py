"""Cases that follow a playbook of six steps that run by themselves; prints the runs."""

from __future__ import annotations

import json

import django
from django.db import transaction

django.setup()

from voiceloop.server.act.cases import cases  # noqa: E402
from voiceloop.server.act.models import Playbook, PlaybookVersion  # noqa: E402
from voiceloop.server.act.playbooks import editing, runs  # noqa: E402
from voiceloop.server.collect.models import Customer  # noqa: E402
from voiceloop.server.core.models import Unit, User  # noqa: E402

STEPS = [
    {"key": "sorry", "action": "apologise"},
    {"key": "note", "action": "leave_note", "params": {"text": "第一条"}},
    {"key": "own", "action": "write_to", "params": {"text": "我们正在查。"}},
    {"key": "up", "action": "hand_up"},
    {"key": "thank", "action": "thank"},
    {"key": "last", "action": "leave_note", "params": {"text": "最后一条"}},
]


def main() -> None:
    root = Unit.objects.filter(parent=None).first() or Unit.objects.create(code="root", name="总部")
    store = Unit.objects.create(code="killed-store", name="门店", parent=root)
    agent = User.objects.create_user("killed-agent", role="agent", unit=store)
    User.objects.create_user("killed-lead", role="lead", unit=store)
    book = Playbook.objects.create(code="killed")
    steps = [step | {"mode": "auto", "after": "previous" if n else "start"} for n, step in enumerate(STEPS)]
    version = PlaybookVersion.objects.create(playbook=book, name="六步", trigger="crisis", steps=steps)
    assert editing.faults(version) == []
    begun = []
    for number, _step in enumerate(STEPS):
        customer = Customer.objects.create(unit=store, name=f"客户{number}", phone=f"1380000000{number}")
        with transaction.atomic():  # before the product chooses one of its own for the new case
            case = cases.open(customer, by=agent, summary="等了一个小时", unit=store)
            begun.append([runs.follow(version, case=case).pk, case.pk])
    print(json.dumps(begun))


if __name__ == "__main__":
    main()
