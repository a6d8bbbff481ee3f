"""Makes the demo company in an empty installation."""

from __future__ import annotations

import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from voiceloop.server.web.demo.load import is_empty, steps


class Command(BaseCommand):
    help = "Make the demo company: a restaurant chain with 36 months of history."

    def add_arguments(self, parser: CommandParser) -> None:
        # Tests walk through a smaller company, which is made in a tenth of the time.
        usual = int(os.environ.get("VOICELOOP_DEMO_CUSTOMERS", "60000"))
        parser.add_argument("--customers", type=int, default=usual)
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_empty():
            raise CommandError(
                _("There are people or customers here already; the demo needs an empty place.")
            )
        words = {
            "company": _("Inventing a restaurant chain with %(n)s customers") % {"n": options["customers"]},
            "database": _("Loading it into the database"),
            "texts": _("Reading its comments"),
            "lake": _("Filling the lake"),
            "improvements": _("Telling what it improved"),
        }
        work = list(steps(customers=options["customers"], seed=options["seed"]))
        for number, (name, step) in enumerate(work, 1):
            self._say(f"[{'█' * number}{'·' * (len(work) - number)}] {words[name]} …")
            started = time.monotonic()
            step()
            self._say(f" {time.monotonic() - started:.1f} s\n")

    def _say(self, text: str) -> None:
        self.stdout.write(text, ending="")
        self.stdout.flush()
