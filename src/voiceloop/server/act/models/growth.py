"""What we do for those who did not complain: care for passives, a way to share for promoters."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import Scoped, ScopedQuerySet


def _code() -> str:
    return secrets.token_urlsafe(6)


class CareTask(Scoped):
    """What would have made this passive a promoter? Someone asks, or offers."""

    class Offer(models.TextChoices):
        TRIAL = "trial", _("A trial")
        VOUCHER = "voucher", _("A voucher for what they like")
        PRIORITY = "priority", _("No waiting the next time")
        LISTEN = "listen", _("A talk about what was missing")

    class Result(models.TextChoices):
        CARED = "cared", _("Cared for")
        DECLINED = "declined", _("Did not want it")
        NOT_REACHED = "not_reached", _("Not reached")

    response = models.OneToOneField("collect.Response", models.CASCADE, related_name="care_task")
    customer = models.ForeignKey("collect.Customer", models.CASCADE, null=True, related_name="care_tasks")
    owner = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="care_tasks")
    opened_at = models.DateTimeField(default=now, db_index=True)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    result = models.CharField(max_length=16, blank=True, choices=Result.choices)
    note = models.TextField(blank=True)
    # What we propose to them, why just that, and when it was offered and taken.
    offer = models.CharField(max_length=16, blank=True, choices=Offer.choices)
    because = models.CharField(max_length=64, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"care {self.pk}"


class ShareLink(Scoped):
    """A promoter's own link: who comes by it says so with a button, never by opening it."""

    code = models.CharField(max_length=24, unique=True, default=_code)
    response = models.OneToOneField("collect.Response", models.CASCADE, related_name="share_link")
    customer = models.ForeignKey("collect.Customer", models.CASCADE, null=True, related_name="share_links")
    created_at = models.DateTimeField(default=now)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code


class Recommendation(models.Model):
    """Somebody who came by a share link."""

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="recommendations")
    at = models.DateTimeField(default=now)
    # Of the browser, so that one person counts once.
    visitor = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["link", "visitor"], name="a_visitor_counts_once")]


class Ambassador(Scoped):
    """A customer who agreed to speak for us; nobody is on this list unasked."""

    class How(models.TextChoices):
        LINK = "link", _("Pressed the button of their own page")
        PHONE = "phone", _("Said so on the phone")
        WRITING = "writing", _("Said so in writing")

    customer = models.OneToOneField("collect.Customer", models.CASCADE, related_name="ambassador")
    how = models.CharField(max_length=8, choices=How.choices)
    consented_at = models.DateTimeField(default=now)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.customer)


class WordOfMouth(Scoped):
    """What somebody was heard to say about us to others."""

    class Side(models.TextChoices):
        GOOD = "good", _("Good word")
        BAD = "bad", _("Bad word")

    class Place(models.TextChoices):
        TALK = "talk", _("In a talk")
        SOCIAL = "social", _("On a social platform")
        REVIEW = "review", _("On a review site")
        FORUM = "forum", _("In a forum or group")
        MEDIA = "media", _("In the media")

    side = models.CharField(max_length=4, choices=Side.choices)
    place = models.CharField(max_length=8, choices=Place.choices)
    words = models.TextField(blank=True)
    link = models.URLField(max_length=500, blank=True)
    # How many could hear or read it, where somebody knows.
    reach = models.PositiveIntegerField(null=True, blank=True)
    customer = models.ForeignKey("collect.Customer", models.CASCADE, null=True, related_name="words_of_mouth")
    said_on = models.DateField(db_index=True)
    # What another system calls it, so that what is brought twice is kept once.
    key = models.CharField(max_length=120, null=True, unique=True)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=now)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.said_on}"
