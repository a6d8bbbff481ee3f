"""Customers of the demo company who are asked just now, each with a personal link in hand."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.stack import ROOT, Stack, environment

PHONE = "1381234{:04}"


@dataclass(frozen=True)
class Guest:
    """Who answers: the customer's name and phone, and the path of the personal page."""

    customer: int
    name: str
    phone: str
    path: str

    @property
    def masked_phone(self) -> str:
        return f"{self.phone[:3]}****{self.phone[-4:]}"


def ask(live: Stack, n: int, language: str) -> list[Guest]:
    """Ask new customers of a store of the demo's agent, in a process with the product's settings."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.journeys.guests", str(n), language]
    words = {"VOICELOOP_DATA": str(live.data), "DATABASE_URL": live.database_url}
    done = subprocess.run(command, env=environment(**words), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [Guest(**row) for row in json.loads(done.stdout)]


def invited(n: int, language: str) -> list[dict[str, object]]:
    from voiceloop.server.collect import invitations, letters
    from voiceloop.server.collect.models import Customer, Survey
    from voiceloop.server.core.models import Unit, User

    agent = User.objects.get(username="agent")
    store = Unit.objects.visible_to(agent).filter(children=None).order_by("pk").first()
    known = Customer.objects.filter(number__startswith="J-").count()
    names = [("林一诺" if language == "zh" else "Nora Lin") + f" {known + i}" for i in range(n)]
    customers = [
        Customer(
            unit=store, number=f"J-{known + i}", name=name, language=language, phone=PHONE.format(known + i)
        )
        for i, name in enumerate(names)
    ]
    Customer.objects.bulk_create(customers)
    survey = Survey.objects.get(code="service")
    asked = invitations.send(survey=survey, customers=customers, channel="link", by=None)
    return [
        {
            "customer": customer.pk,
            "name": customer.name,
            "phone": customer.phone,
            "path": urlsplit(letters.personal_link(invitation)).path,
        }
        for customer, invitation in zip(customers, asked, strict=True)
    ]


if __name__ == "__main__":
    from voiceloop.server.config import processes

    processes.django()
    json.dump(invited(int(sys.argv[1]), sys.argv[2]), sys.stdout)
