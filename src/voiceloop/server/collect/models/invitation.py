"""Who was asked, who was not and why, and the links with which people answer."""

from __future__ import annotations

import secrets
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.moment import Moment, Synced


def _slug() -> str:
    return secrets.token_urlsafe(6)


class InvitationQuerySet(ScopedQuerySet):
    def answerable(self) -> Self:
        return self.filter(revoked_at=None, suppressed_by="", expires_at__gt=now())

    def recent_for(self, customer_id: int, since: object) -> Self:
        asked = Q(suppressed_by="", created_at__gte=since)
        return self.filter(asked, customer_id=customer_id)


class Invitation(Scoped, Moment, Synced):
    """One person asked once, or the reason why not."""

    class Suppressed(models.TextChoices):
        RESTED = "rested", _("asked too recently")
        OPTED_OUT = "opted_out", _("does not want to be asked")
        NO_ADDRESS = "no_address", _("no address for this channel")
        BY_AGENT = "by_agent", _("left out by the agent")
        NOT_SAMPLED = "not_sampled", _("not in the sample")

    survey_version = models.ForeignKey(
        "collect.SurveyVersion", models.PROTECT, null=True, related_name="+", db_index=False
    )
    plan = models.ForeignKey("collect.Plan", models.PROTECT, null=True, related_name="+", db_index=False)
    customer = models.ForeignKey("collect.Customer", models.CASCADE, null=True, related_name="invitations")
    # Why it was sent: "" for the programme's own cycle, or "case:12" for a re-survey.
    about = models.CharField(max_length=48, blank=True, db_index=True)
    suppressed_by = models.CharField(max_length=16, blank=True, choices=Suppressed.choices)
    created_at = models.DateTimeField(default=now, db_index=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["customer", "created_at"], name="invitation_recent")]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def state(self) -> str:
        """One word for lists; the times say when."""
        if self.suppressed_by:
            return "suppressed"
        times = (("revoked", self.revoked_at), ("answered", self.answered_at), ("failed", self.failed_at))
        ended = next((word for word, at in times if at), "")
        if ended or self.is_answerable:
            return ended or ("started" if self.started_at else "sent" if self.sent_at else "queued")
        return "expired"

    @property
    def is_answerable(self) -> bool:
        alive = self.expires_at is None or self.expires_at > now()
        return alive and self.revoked_at is None and not self.suppressed_by


class PublicLink(Scoped):
    """A link for anyone: printed as a QR code, put on a receipt or a page."""

    slug = models.CharField(max_length=24, unique=True, default=_slug)
    survey = models.ForeignKey("collect.Survey", models.CASCADE, related_name="links")
    touchpoint = models.CharField(max_length=64, blank=True)
    channel = models.CharField(max_length=64, default="link")
    name = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name or self.slug
