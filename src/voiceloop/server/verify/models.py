"""Improvements from plan to standard."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.models.unit import SharedQuerySet


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
    # What it came from: "crisis:3"; "" when somebody thought of it, or the root cause says it.
    origin = models.CharField(max_length=48, blank=True)

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


class InitiativeCase(models.Model):
    """A case for whose sake an initiative was begun."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, related_name="links")
    case = models.ForeignKey("act.Case", models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["initiative", "case"], name="one_initiative_link_a_case")
        ]


class TrainingQuerySet(SharedQuerySet):
    def open(self) -> Self:
        return self.filter(archived_at=None)


class TrainingItem(Scoped):
    """What the front line must learn: of an initiative, for a unit and all below it."""

    initiative = models.ForeignKey(Initiative, models.CASCADE, null=True, related_name="training")
    title = models.CharField(max_length=200)
    text = models.TextField()
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    due_on = models.DateField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title


class TrainingDone(models.Model):
    """Somebody says that they have learned it."""

    item = models.ForeignKey(TrainingItem, models.CASCADE, related_name="done")
    user = models.ForeignKey("core.User", models.CASCADE, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="one_training_done_each")]
