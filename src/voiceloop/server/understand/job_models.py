"""Work over all comments that takes a while: labelling history anew, fitting a model."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting to start")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")
    REPLACED = "replaced", _("Replaced by a newer one")
    FAILED = "failed", _("Stopped")


MOVING = (State.QUEUED, State.RUNNING)


class Job(models.Model):
    """Progress that is committed with each step, so that a restart goes on where the last one stood."""

    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def is_moving(self) -> bool:
        return self.state in MOVING


class Relabelling(Job):
    """Labels all comments again, in the order of their ids, batch by batch."""

    class Why(models.TextChoices):
        REASONS = "reasons", _("The list of reasons changed")
        MODEL = "model", _("Another model is in use")
        ASKED = "asked", _("Somebody asked for it")

    why = models.CharField(max_length=12, choices=Why.choices)
    # Writes every label again, or only those of comments about which the labels now say something else.
    everything = models.BooleanField(default=False)
    # The id of the last comment whose labels are committed.
    cursor = models.BigIntegerField(default=0)
    n_total = models.BigIntegerField(default=0)
    n_done = models.BigIntegerField(default=0)
    # Comments whose labels were written.
    n_changed = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], name="one_relabelling_runs", condition=Q(state="running")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.why} {self.n_done}/{self.n_total}"


class Fitting(Job):
    """Learns from the company's own comments; leads to a model, or to the reason why there is none."""

    kind = models.CharField(max_length=12)
    # The step it is at, of how many.
    step = models.PositiveSmallIntegerField(default=0)
    n_steps = models.PositiveSmallIntegerField(default=0)
    model = models.ForeignKey("understand.TextModel", models.SET_NULL, null=True, related_name="fittings")

    def __str__(self) -> str:
        return f"{self.kind} {self.step}/{self.n_steps}"
