"""What a customer likes and must not have, and how to speak with them: encrypted, with their consent."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.timezone import localdate, now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from voiceloop.server.collect.models.customer import Customer
from voiceloop.server.core.fields import EncryptedTextField
from voiceloop.server.core.models.unit import Reader

LONGEST = 200


class PreferenceQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Reader) -> Self:
        """Those of the customers whom the reader may see."""
        return self.filter(customer__in=Customer.objects.visible_to(user).values("pk"))

    def live(self) -> Self:
        """Neither withdrawn nor past their day."""
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=localdate()), withdrawn_at=None)

    def most_important_first(self) -> Self:
        """What must not be, then how to speak with them, then the rest; the newest of each first."""
        ranks = [When(kind=kind, then=Value(n)) for n, kind in enumerate(Preference.Kind.values)]
        return self.order_by(Case(*ranks, default=Value(len(ranks))), "-at", "-pk")


class Preference(models.Model):
    """One thing that is known of one customer, who said so, and whether they agreed to its being kept."""

    # In the order in which they are shown.
    class Kind(models.TextChoices):
        MUST_NOT = "must_not", _("Allergy or must not")
        ADDRESS = "address", _("How to address them")
        LIKES = "likes", _("Likes")
        DISLIKES = "dislikes", _("Dislikes")
        REACH = "reach", _("How to reach them")
        WHEN = "when", _("When to reach them")
        OTHER = "other", pgettext_lazy("preference", "Other")

    class Source(models.TextChoices):
        SAID = "said", _("said by the customer")
        SEEN = "seen", _("observed by staff")
        BROUGHT = "brought", _("from an import")

    class Consent(models.TextChoices):
        NONE = "", _("observed, not consented")
        SPOKEN = "spoken", _("agreed in person")
        PHONE = "phone", _("agreed by phone")
        WRITTEN = "written", _("agreed in writing")

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # Often about somebody's health.
    words = EncryptedTextField()
    source = models.CharField(max_length=8, choices=Source.choices)
    consent = models.CharField(max_length=8, choices=Consent.choices, blank=True)
    consent_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    expires_on = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("core.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="must_not") | ~Q(consent=""), name="health_is_kept_with_consent"
            )
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_vital(self) -> bool:
        return self.kind == self.Kind.MUST_NOT
