"""Targets that somebody promised, and the names that a company gives its codes."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.timezone import now
from django.utils.translation import get_language

from voiceloop.server.core.models import Scoped
from voiceloop.server.core.models.unit import SharedQuerySet
from voiceloop.server.measure.benchmarks_models import Benchmark, OwnCircumstances, SeriesPoint, Sheet
from voiceloop.server.measure.evaluation_models import Evaluation, EvaluationVersion, IndicatorReview
from voiceloop.server.measure.guard_models import GuardReview
from voiceloop.server.measure.saved_models import MailRun, Receiver, SavedView, Schedule

__all__ = [
    "Benchmark",
    "Evaluation",
    "EvaluationVersion",
    "GuardReview",
    "IndicatorReview",
    "Label",
    "MailRun",
    "OwnCircumstances",
    "Receiver",
    "SavedView",
    "Schedule",
    "SeriesPoint",
    "Sheet",
    "Target",
]


class TargetQuerySet(SharedQuerySet):
    def open(self) -> Self:
        return self.filter(withdrawn_at=None)

    def of_everything(self) -> Self:
        """Those of a unit as a whole, not of one touchpoint or channel in it."""
        return self.filter(scope_key="")


class Target(Scoped):
    """A value that somebody answers for: of which metric, where, by when."""

    metric = models.CharField(max_length=64)
    value = models.FloatField()
    # A value that is an alarm; between it and the target the figure is on its way.
    threshold = models.FloatField(null=True, blank=True)
    # {dimension: [codes]} in which the metric is read, and the same as text, so that it can be unique.
    scope = models.JSONField(default=dict, blank=True)
    scope_key = models.CharField(max_length=200, blank=True, default="")
    # How many days back the figure looks.
    days = models.PositiveSmallIntegerField(default=90)
    due_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=now)
    note = models.TextField(blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # The due date about whose passing the owner was told, and since when the figure is beyond its threshold.
    told_of = models.DateField(null=True, blank=True)
    alarmed_at = models.DateTimeField(null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "metric", "scope_key"],
                condition=models.Q(withdrawn_at=None),
                name="one_open_target_a_scope",
            )
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.value}"


class Label(models.Model):
    """What people call a code of a dimension: `segment` `office` is 上班族, Office workers."""

    dimension = models.CharField(max_length=64)
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dimension", "code"], name="one_label_a_code")]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name
