"""Improvements from plan to standard."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import Scoped, ScopedQuerySet


class Initiative(Scoped):
    """A change somebody wants to make, the number it should move, and by when."""

    title = models.CharField(max_length=200)
    root_cause = models.ForeignKey("act.RootCause", models.PROTECT, null=True, related_name="initiatives")
    goal = models.TextField(blank=True)
    metric = models.CharField(max_length=64, blank=True)
    # {dimension: [codes]} in which the metric is read.
    scope = models.JSONField(default=dict, blank=True)
    baseline = models.JSONField(null=True, blank=True)
    target = models.FloatField(null=True, blank=True)
    owner = models.ForeignKey("core.User", models.PROTECT, related_name="initiatives")
    due_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title

    @property
    def newest_step(self) -> Step | None:
        """Read from what was prefetched, so that a board asks once."""
        return max(self.steps.all(), key=lambda step: step.pk, default=None)

    @property
    def stage(self) -> str:
        newest = self.newest_step
        return newest.stage if newest else Step.Stage.PLAN

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Step(models.Model):
    """One move of an initiative through plan, start, check, standardise, with its evidence."""

    class Stage(models.TextChoices):
        PLAN = "plan", _("Plan")
        START = "start", _("Start")
        CHECK = "check", _("Check")
        STANDARDISE = "standardise", _("Standardise")

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="steps")
    stage = models.CharField(max_length=16, choices=Stage.choices)
    at = models.DateTimeField(default=now)
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    # The metric as measured when the step was taken: value, interval, n, period.
    evidence = models.JSONField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.initiative} → {self.stage}"
