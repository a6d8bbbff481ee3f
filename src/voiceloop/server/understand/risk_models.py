"""Who is likely to leave and what they are worth, as the last night saw it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.collect.models import Customer

if TYPE_CHECKING:
    from voiceloop.server.core.models import User


class RiskModel(models.Model):
    """One fitted model of who will not come back; the newest scores."""

    version = models.CharField(max_length=40)
    fitted_at = models.DateTimeField(default=now)
    as_of = models.DateField()
    horizon_days = models.PositiveIntegerField()
    n = models.PositiveIntegerField()
    # What `ChurnModel.report` says: auc, brier, calibration, later …
    report = models.JSONField(default=dict)
    # The file that `ChurnModel.save` writes: some tens of kilobytes, in every backup.
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.version


class RiskRun(models.Model):
    """One night: how many customers were scored, and how far their columns had moved."""

    at = models.DateTimeField(default=now)
    as_of = models.DateField()
    model = models.ForeignKey(RiskModel, models.CASCADE, null=True, related_name="runs")
    n = models.PositiveIntegerField(default=0)
    bands = models.JSONField(default=dict)
    # [{column, psi, missing, verdict}, …], furthest first.
    drift = models.JSONField(default=list)
    # What `Lifetime.total` says, with days, discount_percent and confidence; empty where too few came back.
    value = models.JSONField(default=dict)
    # In both languages: why there is no model, or no value.
    why_not = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.as_of}"


class RiskQuerySet(models.QuerySet["CustomerRisk"]):
    def visible_to(self, user: User) -> Self:
        """Those whose customer the user may see."""
        return self.filter(customer__in=Customer.objects.visible_to(user).values("pk"))

    def awake(self) -> Self:
        return self.exclude(snoozed_until__gte=localdate())


class CustomerRisk(models.Model):
    """The newest risk and value of one customer."""

    class Band(models.TextChoices):
        HIGH = "high", _("High")
        MEDIUM = "medium", _("Medium")
        LOW = "low", _("Low")
        LEFT = "left", _("Already left")
        UNKNOWN = "unknown", _("Not known")

    customer = models.OneToOneField("collect.Customer", models.CASCADE, related_name="risk")
    model = models.ForeignKey(RiskModel, models.SET_NULL, null=True, related_name="+")
    as_of = models.DateField()
    band = models.CharField(max_length=8, choices=Band.choices, default=Band.UNKNOWN)
    probability = models.FloatField(null=True)
    # [{column, value, effect, odds}, …], strongest first.
    reasons = models.JSONField(default=list)
    # [[day, probability], …] of the last nights on which it was another.
    history = models.JSONField(default=list)
    kind = models.CharField(max_length=12)
    rfm = models.CharField(max_length=3)
    stage = models.CharField(max_length=12)
    recency_days = models.IntegerField(default=0)
    purchases = models.IntegerField(default=0)
    historic = models.FloatField(default=0)
    expected = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    # Whether the expected value is among the highest fifth.
    is_dear = models.BooleanField(default=False)
    snoozed_until = models.DateField(null=True, blank=True)
    snoozed_by = models.ForeignKey("core.User", models.SET_NULL, null=True, related_name="+")
    raised_at = models.DateTimeField(null=True, blank=True)

    objects = RiskQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["band", "-expected"], name="risk_by_band"),
            models.Index(fields=["-expected"], name="risk_by_value"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.band}"

    @property
    def is_asleep(self) -> bool:
        return self.snoozed_until is not None and self.snoozed_until >= localdate()

    @property
    def change(self) -> float | None:
        """By how many percentage points the risk has moved since it was last another."""
        if self.probability is None or not self.history:
            return None
        return 100 * (float(self.probability) - float(self.history[-1][1]))
