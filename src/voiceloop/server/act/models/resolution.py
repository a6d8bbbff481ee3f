"""How a case ended, and what the customer said of it afterwards."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class RootCause(models.Model):
    """A cause of failures: of the problem itself, the process or the people."""

    class Group(models.TextChoices):
        PROBLEM = "problem", _("Problem")
        PROCESS = "process", _("Process")
        PEOPLE = "people", _("People")

    code = models.SlugField(max_length=64, unique=True)
    group = models.CharField(max_length=16, choices=Group.choices)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["group", "code"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


class Resolution(models.Model):
    """How a case ended, by whom and why. A case without one is open."""

    case = models.OneToOneField("act.Case", models.CASCADE, related_name="resolution")
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    root_cause = models.ForeignKey(RootCause, models.PROTECT, related_name="resolutions")
    at = models.DateTimeField(default=now, db_index=True)
    note = models.TextField(blank=True)


class Outcome(models.Model):
    """What the re-survey said: only the customer can call a case recovered."""

    class Code(models.TextChoices):
        RECOVERED = "recovered", _("Recovered")
        NOT_RECOVERED = "not_recovered", _("Not recovered")
        NO_ANSWER = "no_answer", _("No answer")

    case = models.OneToOneField("act.Case", models.CASCADE, related_name="outcome")
    code = models.CharField(max_length=16, choices=Code.choices)
    response = models.ForeignKey("collect.Response", models.SET_NULL, null=True, related_name="+")
    score = models.FloatField(null=True)
    at = models.DateTimeField(default=now)
