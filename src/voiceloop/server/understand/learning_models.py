"""Text models that were learned from the company itself, and how well each did."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class TextModel(models.Model):
    """One fitted model. The live one of a kind labels; without a live one the shipped model does."""

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("Not in use")
        LIVE = "live", _("In use")
        RETIRED = "retired", _("Was in use")

    class Kind(models.TextChoices):
        SENTIMENT = "sentiment", _("Feeling")
        REASONS = "reasons", _("Reasons")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    version = models.CharField(max_length=40)
    state = models.CharField(max_length=12, choices=State.choices, default=State.CANDIDATE)
    trained_at = models.DateTimeField(default=now)
    # Comments it learned from, and how many of them a person had labelled.
    n = models.PositiveIntegerField(default=0)
    n_corrected = models.PositiveIntegerField(default=0)
    # The newest comment it learned from: what is newer, it has not seen.
    last_seen = models.BigIntegerField(default=0)
    # Of the candidates of the fit, the one that won.
    chosen = models.CharField(max_length=20, blank=True)
    # {candidates, versus, curve, reliability, coverage}; see `learning.figures`.
    figures = models.JSONField(default=dict, blank=True)
    # In the data folder, so that a backup of it holds the models too.
    path = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    live_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind"], name="one_live_model_a_kind", condition=Q(state="live")),
        ]

    def __str__(self) -> str:
        return self.version
