"""What was done of a case's playbook, and what was given to the customer."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import ScopedQuerySet


class DoneStep(models.Model):
    """Somebody did this step of the playbook, or ticked it off."""

    case = models.ForeignKey("act.Case", models.CASCADE, related_name="done_steps")
    step = models.CharField(max_length=32)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    params = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "step"], name="a_step_is_done_once")]

    def __str__(self) -> str:
        return self.step


class RemedyQuerySet(ScopedQuerySet):
    @staticmethod
    def scope(user: object) -> Q:
        unit = getattr(user, "unit", None)
        return Q(case__unit__path__startswith=unit.path) if unit else Q(pk__in=[])

    def waiting(self) -> Self:
        return self.filter(approved_at=None, declined_at=None)


class Remedy(models.Model):
    """What we give to make it good. Above an agent's limit it waits for a lead."""

    class Kind(models.TextChoices):
        REFUND = "refund", _("Refund")
        VOUCHER = "voucher", _("Voucher")
        REDO = "redo", _("Do it again")
        GIFT = "gift", _("Gift")

    case = models.ForeignKey("act.Case", models.CASCADE, related_name="remedies")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    amount = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    by = models.ForeignKey("core.User", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    note = models.TextField(blank=True)
    approved_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    objects = RemedyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ¥{self.amount}"

    @property
    def is_waiting(self) -> bool:
        return self.approved_at is None and self.declined_at is None
