"""Files that were imported, and what is remembered of their columns."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.fields import EncryptedTextField
from voiceloop.server.core.models import Scoped, ScopedQuerySet


class ImportSource(Scoped):
    """A kind of file that comes again: its columns as a person confirmed them."""

    name = models.CharField(max_length=120)
    # A digest of the header, by which the next file of the same shape is recognised.
    header = models.CharField(max_length=64, db_index=True)
    mapping = models.JSONField()
    updated_at = models.DateTimeField(default=now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "header"], name="one_source_a_header")]

    def __str__(self) -> str:
        return self.name


class Import(Scoped):
    class Kind(models.TextChoices):
        """What a file is; but for surveys these are the names of the readers in `voiceloop.analytics`."""

        SURVEY = "survey", _("Survey answers or reviews")
        CALLS = "calls", _("Call log")
        TICKETS = "tickets", _("Tickets")
        LOG = "log", _("Event log")
        ORDERS = "orders", _("Orders")

    class State(models.TextChoices):
        MAPPING = "mapping", _("Waiting for its columns")
        QUEUED = "queued", _("Waiting to start")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")
        REMOVING = "removing", _("Being removed")
        REMOVED = "removed", _("Removed")

    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.SURVEY)
    path = models.CharField(max_length=500)
    size = models.BigIntegerField(default=0)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    mapping = models.JSONField(default=dict)
    programme = models.ForeignKey("collect.Programme", models.PROTECT, null=True, related_name="+")
    # The programme that a survey makes when it is started; other kinds of file belong to none.
    new_programme = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.MAPPING)
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Progress, committed with each batch: a restarted import goes on behind the last committed row.
    n_read = models.BigIntegerField(default=0)
    n_new = models.BigIntegerField(default=0)
    n_known = models.BigIntegerField(default=0)
    n_bad = models.BigIntegerField(default=0)
    bytes_read = models.BigIntegerField(default=0)
    error = models.TextField(blank=True)
    # How the file was read, where something had to be decided: [{"en": …, "zh": …}].
    notes = models.JSONField(default=list)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def is_moving(self) -> bool:
        return self.state in {self.State.QUEUED, self.State.RUNNING, self.State.REMOVING}

    @property
    def is_removable(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED} and self.n_new > 0


class RejectedRow(models.Model):
    """A row of a file that could not be taken, with the reason, for the person to mend and send again."""

    batch = models.ForeignKey(Import, models.CASCADE, related_name="rejected")
    number = models.BigIntegerField()
    # The reason's name in `importing.faults`, so that each reader sees it in their own language.
    fault = models.CharField(max_length=32)
    column = models.CharField(max_length=255, blank=True)
    value = EncryptedTextField(null=True)
    # The cells as JSON; sealed, because a refused row holds personal data like any other.
    cells = EncryptedTextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_rejection_a_row")]

    def __str__(self) -> str:
        return f"row {self.number}"
