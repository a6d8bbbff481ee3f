"""What customers are marked with, the rules that mark them, and the tiers they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import localdate, now
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from voiceloop.server.collect.models import Customer

if TYPE_CHECKING:
    from voiceloop.server.core.models import User

LONGEST_NAME = 40


class TagRule(models.Model):
    """Who gets a tag by themselves. One for all branches: it names nobody."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", pgettext_lazy("rule", "In force")
        PAUSED = "paused", pgettext_lazy("rule", "Paused")

    name = models.CharField(max_length=LONGEST_NAME)
    key = models.CharField(max_length=2 * LONGEST_NAME)
    # [{field, is, value, more}, …]: all of them must hold.
    conditions = models.JSONField(default=list)
    # How long the tag stays after the rule held last; 0: it goes at once.
    keep_days = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    # What the newest dry run counted, and for which conditions.
    tried = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=now)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(archived_at=None), name="one_rule_a_tag"),
        ]

    def __str__(self) -> str:
        return self.name


class TagRuleRun(models.Model):
    """One run of a rule: how many got the tag, lost it and keep it."""

    rule = models.ForeignKey(TagRule, models.CASCADE, related_name="runs")
    at = models.DateTimeField(default=now)
    n = models.PositiveIntegerField(default=0)
    given = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.rule} {self.at:%Y-%m-%d}"


class CustomerTagQuerySet(models.QuerySet["CustomerTag"]):
    def visible_to(self, user: User) -> Self:
        """Those whose customer the user may see."""
        return self.filter(customer__in=Customer.objects.visible_to(user).values("pk"))

    def live(self) -> Self:
        """Neither taken away nor past its last day, whether or not the nightly job has come by."""
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=localdate()), ended_at=None)


class CustomerTag(models.Model):
    """A word on a customer, from a person or a rule; it stays as history when it has ended."""

    class Ended(models.TextChoices):
        BY_HAND = "by_hand", _("taken away by hand")
        EXPIRED = "expired", pgettext_lazy("tag", "expired")
        BY_RULE = "by_rule", _("the rule no longer holds")

    customer = models.ForeignKey("collect.Customer", models.CASCADE, related_name="tags", db_index=False)
    name = models.CharField(max_length=LONGEST_NAME)
    # The name as it is compared: of one width, without case.
    key = models.CharField(max_length=2 * LONGEST_NAME)
    rule = models.ForeignKey(TagRule, models.SET_NULL, null=True, blank=True, related_name="tags")
    by = models.ForeignKey("core.User", models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateTimeField(default=now)
    # The last day on which it holds.
    expires_on = models.DateField(null=True, blank=True)
    why = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=8, choices=Ended.choices, blank=True)

    objects = CustomerTagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "key"], condition=Q(ended_at=None), name="one_tag_once_a_customer"
            ),
        ]
        indexes = [
            models.Index(fields=["customer"], name="tag_customer"),
            models.Index(fields=["key"], name="tag_live", condition=Q(ended_at=None)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        return self.ended_at is None and (self.expires_on is None or self.expires_on >= localdate())


class TierScheme(models.Model):
    """The company's tiers, highest first, and what they are measured by. There is one."""

    class Measure(models.TextChoices):
        YEAR = "year", _("Value of the last 365 days")
        HISTORIC = "historic", _("Value so far")
        EXPECTED = "expected", _("Expected value")
        ORDERS = "orders", _("Orders of the last 365 days")

    measure = models.CharField(max_length=12, choices=Measure.choices, default=Measure.YEAR)
    # [{code, name, name_en, by: "amount" | "top", at, benefits}, …]
    steps = models.JSONField(default=list)
    # Off until somebody says so: a tier that was imported is not written over unasked.
    is_active = models.BooleanField(default=False)
    changed_at = models.DateTimeField(default=now)
    checked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.get_measure_display())

    @property
    def names(self) -> dict[str, str]:
        """What each tier is called in the reader's language."""
        english = (get_language() or "zh").startswith("en")
        return {step["code"]: (step.get("name_en") if english else "") or step["name"] for step in self.steps}


class TierApplication(models.Model):
    """One time at which the scheme changed customers' tiers; the newest can be undone."""

    at = models.DateTimeField(default=now)
    up = models.PositiveIntegerField(default=0)
    down = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class TierChange(models.Model):
    """What an application did to one customer, kept until the next one."""

    application = models.ForeignKey(TierApplication, models.CASCADE, related_name="changes")
    customer = models.ForeignKey("collect.Customer", models.CASCADE, related_name="+")
    before = models.CharField(max_length=64, blank=True)
    after = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.before or '—'} → {self.after or '—'}"


class TierHoldQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        return self.filter(customer__in=Customer.objects.visible_to(user).values("pk"))

    def live(self) -> Self:
        return self.filter(until__gte=localdate())


class TierHold(models.Model):
    """A person keeps a customer in a tier, whatever the scheme says, until the end of a day."""

    customer = models.OneToOneField("collect.Customer", models.CASCADE, related_name="tier_hold")
    tier = models.CharField(max_length=64, blank=True)
    until = models.DateField()
    why = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=now)

    objects = TierHoldQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.customer_id} {self.tier} – {self.until}"
