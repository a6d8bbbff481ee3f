"""A drill: invented customers complain all at once, over the real way, to practise a crisis."""

from __future__ import annotations

from itertools import cycle
from typing import Any
from uuid import uuid4

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from voiceloop.server.collect import invitations, responses
from voiceloop.server.collect.models import Customer, Invitation, Survey
from voiceloop.server.core.models import Unit

WORDS = (
    ("刚吃完就拉肚子，孩子一直呕吐，怀疑食物中毒", "zh"),
    ("同桌三个人都上吐下泻，现在在医院急诊", "zh"),
    ("吃了你们的凉菜拉肚子一整晚，太可怕了", "zh"),
    ("菜里有异味，吃完胃疼拉肚子，要一个说法", "zh"),
    ("My daughter has been sick since lunch, this is food poisoning", "en"),
    ("两个孩子吃完呕吐，打电话没人接，很失望", "zh"),
)


class Command(BaseCommand):
    help = "DEMO AND DRILL ONLY: make invented customers complain now, to practise a crisis."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--unit", default="", help="code of the store; else the first one")
        parser.add_argument("--touchpoint", default="", help="code of the touchpoint they speak of")
        parser.add_argument("--n", type=int, default=12, help="how many complain")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        unit = _store(options["unit"])
        if not options["yes"] and not self._agreed(unit, options["n"]):
            return
        n = _complain(unit, options["n"], options["touchpoint"])
        said = _("%(n)s invented complaints about %(unit)s were answered over the survey.")
        self.stdout.write(said % {"n": n, "unit": unit})

    def _agreed(self, unit: Unit, n: int) -> bool:
        self.stdout.write(_("This writes %(n)s invented complaints into %(unit)s.") % {"n": n, "unit": unit})
        return input(_("Go on? [y/N] ")).strip().lower() in ("y", "yes", "是")


def _store(code: str) -> Unit:
    stores = Unit.objects.filter(children=None).order_by("path")
    found = stores.filter(code=code).first() if code else stores.first()
    if found is None:
        raise CommandError(_("There is no such unit."))
    return found


def _complain(unit: Unit, n: int, touchpoint: str) -> int:
    """Asked and answered like everybody: what follows from it, follows by itself."""
    survey = Survey.objects.filter(versions__published_at__isnull=False).exclude(programme__code="recovery")
    chosen = survey.order_by("pk").first()
    if chosen is None:
        raise CommandError(_("There is no published survey to answer."))
    people = _people(unit, n)
    asked = invitations.send(survey=chosen, customers=people, channel="link", touchpoint=touchpoint, by=None)
    for i, (invitation, (words, language)) in enumerate(zip(asked, cycle(WORDS), strict=False)):
        _answer(invitation, words, language, i % 3)
        if i % 7 == 6 and invitation.customer:
            invitations.opt_out(customer=invitation.customer)
    return len(asked)


def _answer(invitation: Invitation, words: str, language: str, above: int) -> None:
    """The lowest scores, and the words in the first open question."""
    asked = responses.occasion_of(invitation, None, "").questionnaire
    text = next((one.id for one in asked.rest if one.kind == "text"), None)
    given: dict[str, Any] = {asked.lead.id: asked.scale.low + above}
    responses.complete(
        answers=given | ({text: words} if text else {}), invitation=invitation, language=language
    )


def _people(unit: Unit, n: int) -> list[Customer]:
    """Every fifth has left no address, every seventh wants no messages: nobody can be written to blindly."""
    run = uuid4().hex[:6]
    made = Customer.objects.bulk_create(
        Customer(
            unit=unit,
            number=f"DRILL-{run}-{i}",
            name=_("Drill customer %(n)s") % {"n": i + 1},
            language="en" if WORDS[i % len(WORDS)][1] == "en" else "zh",
            phone="" if i % 5 == 4 else f"139{int(run, 16) % 10_000:04}{i:04}",
            email="" if i % 5 == 4 else f"drill-{run}-{i}@example.com",
        )
        for i in range(n)
    )
    return list(made)
