"""Files that were imported, and what is remembered of their columns."""

from __future__ import annotations

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

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
    class State(models.TextChoices):
        MAPPING = "mapping", _("Waiting for its columns")
        QUEUED = "queued", _("Waiting to start")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")

    name = models.CharField(max_length=255)
    path = models.CharField(max_length=500)
    size = models.BigIntegerField(default=0)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    mapping = models.JSONField(default=dict)
    programme = models.ForeignKey("collect.Programme", models.PROTECT, null=True, related_name="+")
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

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
