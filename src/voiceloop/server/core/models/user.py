"""People who sign in, their role and their place in the organisation."""

from __future__ import annotations

from typing import Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core import rights


class Role(models.TextChoices):
    AGENT = "agent", _("Agent")
    LEAD = "lead", _("Lead")
    ANALYST = "analyst", _("Analyst")
    MANAGER = "manager", _("Manager")
    ADMIN = "admin", _("Admin")

    @classmethod
    def name_of(cls, code: str) -> str:
        """In the reader's language; the code itself where the role is gone."""
        return str(dict(cls.choices).get(code, code))


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, user: User) -> Self:
        """People at or below the user's unit."""
        return self.filter(unit__path__startswith=user.unit.path) if user.unit else self.none()

    def who_take_cases(self) -> Self:
        return self.filter(role__in=[Role.AGENT, Role.LEAD], is_active=True)


class People(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


class User(AbstractUser):
    unit = models.ForeignKey("core.Unit", models.PROTECT, null=True, related_name="people")
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.AGENT)
    code = models.CharField(max_length=64, unique=True, null=True, blank=True)
    name = models.CharField(max_length=80, blank=True)
    name_en = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=10, blank=True)

    objects = People()  # type: ignore[misc]  # the stubs call it a class variable of AbstractUser

    def __str__(self) -> str:
        return (self.name_en if get_language() == "en" else "") or self.name or self.username

    @property
    def is_of_the_company(self) -> bool:
        """Whether the whole tree is theirs, and with it what all branches share."""
        return self.unit is not None and self.unit.parent_id is None

    def may(self, right: str) -> bool:
        here = self.is_of_the_company or right not in rights.OF_THE_COMPANY
        return rights.may(self.role, right) and self.is_active and here
