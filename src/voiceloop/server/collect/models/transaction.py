"""What customers bought and how long it took: the operational facts beside their feedback."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.moment import Moment, Synced


class Transaction(Scoped, Moment, Synced):
    # Ours alone is unique: two shops whose orders are imported may number theirs alike, and `key` parts them.
    number = models.CharField(max_length=120, blank=True)
    # Of an imported one: a digest of its number at its source, else of its content.
    key = models.CharField(max_length=120, null=True, blank=True)
    customer = models.ForeignKey("collect.Customer", models.CASCADE, null=True, related_name="transactions")
    batch = models.ForeignKey(
        "collect.Import", models.CASCADE, null=True, blank=True, related_name="transactions"
    )
    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=32)
    # Four places: a line is a quantity times a price that may have three.
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    wait_minutes = models.FloatField(null=True, blank=True)
    promised_minutes = models.FloatField(null=True, blank=True)
    attributes = models.JSONField(default=dict, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number"], name="one_order_a_number", condition=Q(batch__isnull=True)
            ),
            models.UniqueConstraint(fields=["key"], name="one_order_a_key"),
        ]

    def __str__(self) -> str:
        return self.number or f"order {self.pk}"
