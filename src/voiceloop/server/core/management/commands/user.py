"""`voiceloop user NAME`: make or change a person who signs in."""

from __future__ import annotations

import os
import secrets
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from voiceloop.server.core.models import Unit, User
from voiceloop.server.core.models.user import Role


class Command(BaseCommand):
    help = "Make a person who signs in, or change their role, unit or password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", choices=Role.values)
        parser.add_argument("--unit", help="the unit's code; the root of the organisation when left out")
        parser.add_argument("--name", default="")
        parser.add_argument(
            "--new-password",
            action="store_true",
            help="taken from VOICELOOP_PASSWORD, else made and printed once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        is_new = user is None
        user = user or User(username=options["username"])
        user.role = options["role"] or user.role
        user.name = options["name"] or user.name
        user.unit = _unit(options["unit"]) if options["unit"] or is_new else user.unit
        if is_new or options["new_password"]:
            self._give_password(user)
        user.save()

    def _give_password(self, user: User) -> None:
        password = os.environ.get("VOICELOOP_PASSWORD") or secrets.token_urlsafe(9)
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        user.set_password(password)
        if "VOICELOOP_PASSWORD" not in os.environ:
            self.stdout.write(f"{user.username} / {password}")


def _unit(code: str | None) -> Unit:
    unit = Unit.objects.filter(code=code).first() if code else Unit.objects.filter(parent=None).first()
    if unit is None and code is None:
        return Unit.objects.create(code="root", name=_("Head office"))
    if unit is None:
        raise CommandError(_("There is no unit %(code)s.") % {"code": code})
    return unit
