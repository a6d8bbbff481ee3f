"""Evaluation systems: indicators in dimensions, with weights that are versioned and reviewed."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import Scoped
from voiceloop.server.core.models.unit import SharedQuerySet


class Evaluation(Scoped):
    """One system; what it holds is in its versions."""

    class Kind(models.TextChoices):
        FIVE = "five", _("Five dimensions")
        LOYALTY = "loyalty", _("Loyalty")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=now)

    objects = SharedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name

    @property
    def newest(self) -> EvaluationVersion | None:
        return self.versions.order_by("-number").first()


class EvaluationVersion(models.Model):
    """The indicators, their ends and weights as published; never changed afterwards."""

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    # A list of indicators, see `evaluation.Entry`.
    content = models.JSONField(default=list)
    at = models.DateTimeField(default=now)
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "number"], name="one_evaluation_a_number"),
        ]

    def __str__(self) -> str:
        return f"v{self.number}"


class IndicatorReview(models.Model):
    """The date by which somebody asks whether an indicator still serves; once done, what was decided."""

    class Decision(models.TextChoices):
        KEEP = "keep", _("Keep it")
        CHANGE = "change", _("Change it")
        DROP = "drop", _("Drop it")

    evaluation = models.ForeignKey(Evaluation, models.CASCADE, related_name="reviews")
    metric = models.CharField(max_length=64)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=8, blank=True, choices=Decision.choices)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "metric"],
                condition=models.Q(done_at=None),
                name="one_open_review_an_indicator",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.due_on}"
