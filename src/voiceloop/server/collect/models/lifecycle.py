"""Where in their life with the company each customer is, by which rules, and where they were before."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import now

from voiceloop.server.collect.models.customer import Customer
from voiceloop.server.core.models.unit import Reader


class StageRules(models.Model):
    """One version of what the company calls at risk, lapsed and regular; the newest holds."""

    # Null: as measured from the pauses after which customers came back.
    at_risk_days = models.PositiveIntegerField(null=True, blank=True)
    lapsed_days = models.PositiveIntegerField(null=True, blank=True)
    regular_orders = models.PositiveIntegerField(default=4)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(at_risk_days=None, lapsed_days=None) | Q(lapsed_days__gt=F("at_risk_days")),
                name="lapsed_comes_after_at_risk",
            )
        ]

    def __str__(self) -> str:
        return f"{self.at_risk_days or '—'} / {self.lapsed_days or '—'} / {self.regular_orders}"

    @property
    def is_measured(self) -> bool:
        return self.at_risk_days is None


class StageRun(models.Model):
    """One night: the limits by which everybody was judged, and how many of them there were."""

    at = models.DateTimeField(default=now)
    as_of = models.DateField()
    rules = models.ForeignKey(StageRules, models.PROTECT, null=True, related_name="runs")
    at_risk_days = models.PositiveIntegerField()
    lapsed_days = models.PositiveIntegerField()
    regular_orders = models.PositiveIntegerField()
    n = models.PositiveIntegerField(default=0)
    n_moved = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.as_of}"


class CustomerLifeQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Reader) -> Self:
        """Those of the customers whom the reader may see."""
        return self.filter(customer__in=Customer.objects.visible_to(user).values("pk"))


class CustomerLife(models.Model):
    """The stage of one customer as the last night saw it, and at each mark before."""

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="life")
    as_of = models.DateField()
    stage = models.CharField(max_length=12, db_index=True)
    # The last day on which the nights saw them enter it; null while they were never seen to move.
    since = models.DateField(null=True, blank=True)
    # A digit a mark, the newest first: a position in the stages of analytics, "-" before the first purchase.
    course = models.CharField(max_length=16, blank=True)

    objects = CustomerLifeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.customer_id} {self.stage}"
