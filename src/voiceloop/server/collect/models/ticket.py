"""Tickets of another system and what happened to them: facts to measure, never work in our own queue."""

from __future__ import annotations

from django.db import models

from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.moment import Moment, Synced


class ImportedTicket(Scoped, Moment, Synced):
    """A ticket as the other system tells it, by its clocks; what it does not tell is NULL or ""."""

    key = models.CharField(max_length=120)
    number = models.CharField(max_length=120)
    customer = models.ForeignKey(
        "collect.Customer", models.CASCADE, null=True, blank=True, related_name="imported_tickets"
    )
    batch = models.ForeignKey("collect.Import", models.CASCADE, related_name="tickets")
    kind = models.CharField(max_length=32, blank=True)
    severity = models.CharField(max_length=64, blank=True)
    priority = models.CharField(max_length=64, blank=True)
    root_cause = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField()
    first_contact_due_at = models.DateTimeField(null=True, blank=True)
    first_contact_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    sla_met = models.BooleanField(null=True, blank=True)
    n_contacts = models.IntegerField(null=True, blank=True)
    n_reassigned = models.IntegerField(null=True, blank=True)
    n_reopened = models.IntegerField(null=True, blank=True)
    attributes = models.JSONField(default=dict, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="one_ticket_a_key")]

    def __str__(self) -> str:
        return self.number


class ImportedActivity(Scoped, Moment, Synced):
    """One line of another system's event log: this was done to that ticket then."""

    key = models.CharField(max_length=120)
    ticket = models.ForeignKey(ImportedTicket, models.CASCADE, related_name="activities")
    batch = models.ForeignKey("collect.Import", models.CASCADE, related_name="activities")
    activity = models.CharField(max_length=120)
    actor = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key"], name="one_activity_a_key")]

    def __str__(self) -> str:
        return self.activity
