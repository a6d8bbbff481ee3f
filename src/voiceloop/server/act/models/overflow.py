"""From how many waiting customers on we point to self-service, where that is, and what became of it."""

from __future__ import annotations

from django.core.validators import URLValidator
from django.db import models
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from voiceloop.server.act.models.case import Case
from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.models.unit import SharedQuerySet

WEB_ADDRESS = URLValidator(schemes=["http", "https"])


class OverflowRule(Scoped):
    """What holds for one channel at a unit and below it, until one of these says otherwise."""

    class Channel(models.TextChoices):
        CHAT = "chat", _("Web chat")
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")

    channel = models.CharField(max_length=16, choices=Channel.choices)
    is_on = models.BooleanField(default=False)
    # More waiting than this is a busy queue.
    threshold = models.PositiveIntegerField(default=10)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "channel"], name="one_overflow_a_channel")]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_channel_display()}"


class SelfServicePage(Scoped):
    """Where customers of a unit and of those below it can help themselves."""

    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80, blank=True)
    address = models.CharField(max_length=300, validators=[WEB_ADDRESS])
    address_en = models.CharField(max_length=300, blank=True, validators=[WEB_ADDRESS])
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = SharedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title_en if self.title_en and get_language() == "en" else self.title

    @property
    def here(self) -> str:
        """The address in the language that is active."""
        return self.address_en if self.address_en and get_language() == "en" else self.address


class Diversion(Scoped):
    """One customer who was pointed to self-service: at what queue, with which expectation."""

    class How(models.TextChoices):
        AUTO = "auto", _("By the acknowledgment")
        AGENT = "agent", _("Sent by a person")

    key = models.CharField(max_length=120, unique=True)
    how = models.CharField(max_length=8, choices=How.choices)
    channel = models.CharField(max_length=16, choices=OverflowRule.Channel.choices)
    case = models.ForeignKey(Case, models.CASCADE, related_name="diversions")
    thread = models.ForeignKey("act.Thread", models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=now)
    n_waiting = models.PositiveIntegerField(default=0)
    # The expectation that was said, if there was one.
    minutes = models.PositiveIntegerField(null=True, blank=True)
    pages = models.JSONField(default=list, blank=True)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, blank=True, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["unit", "-at"], name="diversion_newest")]

    def __str__(self) -> str:
        return f"{self.case} · {self.get_how_display()}"
