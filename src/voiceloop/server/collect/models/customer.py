"""Customers, their personal data encrypted, their history known by a pseudonymous key only."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from voiceloop.server.core.fields import BlindIndexField, EncryptedTextField
from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.models.unit import Reader


def _digits(phone: str) -> str:
    digits = "".join(c for c in phone if c.isdigit())
    return digits[2:] if digits.startswith("86") and len(digits) == 13 else digits


def _mailbox(mail: str) -> str:
    return mail.strip().lower()


class CustomerQuerySet(ScopedQuerySet):
    def visible_to(self, user: Reader) -> Self:
        """Customers of the user's units, and those who spoke with one of them."""
        return self.filter(self.scope(user) | Q(pk__in=_spoke_below(user)))

    def found_by(self, words: str) -> Self:
        words = words.strip()
        known = Q(number=words) | Q(name=words) | Q(phone=words) | Q(email=words)
        return (
            self.filter(known | Q(pk=int(words)))
            if words.isdigit() and len(words) < 10
            else self.filter(known)
        )


def _spoke_below(user: Reader) -> models.QuerySet[Any]:
    from voiceloop.server.collect.models.response import Response

    rows: models.QuerySet[Any] = Response.objects.visible_to(user)
    return rows.filter(customer__isnull=False).values("customer")


class Customer(Scoped):
    number = models.CharField(max_length=80, null=True, blank=True, unique=True)
    name = EncryptedTextField(null=True, blank=True, index="name_index")
    name_index = BlindIndexField()
    phone = EncryptedTextField(null=True, blank=True, index="phone_index", normalize=_digits)
    phone_index = BlindIndexField()
    email = EncryptedTextField(null=True, blank=True, index="email_index", normalize=_mailbox)
    email_index = BlindIndexField()
    language = models.CharField(max_length=16, blank=True)
    segment = models.CharField(max_length=64, blank=True)
    tier = models.CharField(max_length=64, blank=True)
    birthday = models.DateField(null=True, blank=True)
    joined_on = models.DateField(null=True, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    opted_out_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    objects = CustomerQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name or self.number or _("Customer %(key)s") % {"key": self.pk}

    @property
    def masked_phone(self) -> str:
        return f"{self.phone[:3]}****{self.phone[-4:]}" if self.phone and len(self.phone) >= 8 else ""
