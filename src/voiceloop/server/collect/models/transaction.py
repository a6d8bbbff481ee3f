"""What customers bought and how long it took: the operational facts beside their feedback."""

from __future__ import annotations

from django.db import models

from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.moment import Moment, Synced


class Transaction(Scoped, Moment, Synced):
    number = models.CharField(max_length=80, unique=True)
    customer = models.ForeignKey("collect.Customer", models.CASCADE, null=True, related_name="transactions")
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=32)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    wait_minutes = models.FloatField(null=True, blank=True)
    promised_minutes = models.FloatField(null=True, blank=True)
    attributes = models.JSONField(default=dict, blank=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.number
