"""People as takers of cases: what they can do, whether they are there; and which cases may not wait."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import ScopedQuerySet


def chinese() -> list[str]:
    """What somebody speaks of whom nothing is known: the language of the product's home."""
    return ["zh"]


class ProfileQuerySet(ScopedQuerySet):
    @staticmethod
    def scope(user: Any) -> Q:
        unit = getattr(user, "unit", None)
        return Q(user__unit__path__startswith=unit.path) if unit else Q(pk__in=[])


class AgentProfile(models.Model):
    """Who takes cases, and which. Somebody without one is there, speaks Chinese and has the usual room."""

    class Status(models.TextChoices):
        AVAILABLE = "available", _("Available")
        BUSY = "busy", _("Busy")
        AWAY = "away", _("Away")
        OFF = "off", _("Off work")

    CAPACITY = 20

    user = models.OneToOneField("core.User", models.CASCADE, related_name="profile")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.AVAILABLE)
    status_at = models.DateTimeField(default=now)
    # Cases of normal priority that nobody has spoken about yet; one that waits for others counts a quarter.
    capacity = models.PositiveSmallIntegerField(default=CAPACITY)
    is_senior = models.BooleanField(default=False)
    languages = models.JSONField(default=chinese, blank=True)
    # {"seat:phone": 1..3, "kind:complaint": …, "reason:refund": …}: read whole at every choice.
    skills = models.JSONField(default=dict, blank=True)
    calendar = models.ForeignKey(
        "act.BusinessCalendar", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Their own meeting room elsewhere, for the video seat.
    video_url = models.URLField(max_length=300, blank=True)

    objects = ProfileQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.user)


class GreenRule(models.Model):
    """Which cases go to senior agents at once, and how soon the customer hears from us. The newest holds."""

    tiers = models.JSONField(default=list, blank=True)
    severities = models.JSONField(default=list, blank=True)
    # A case that was reopened so often is complex, whatever else it is.
    reopenings = models.PositiveSmallIntegerField(default=2)
    minutes = models.PositiveIntegerField(default=30)
    at = models.DateTimeField(default=now)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.minutes} min"


class GreenCase(models.Model):
    """The case goes through the green channel, and why."""

    case = models.OneToOneField("act.Case", models.CASCADE, related_name="green")
    reason = models.JSONField(default=dict)
    at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return str(self.case)
