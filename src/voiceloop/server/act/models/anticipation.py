"""Anticipation: what happened to a customer from which we expect to hear of them, and what was made of it."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from voiceloop.server.core.models import Scoped, ScopedQuerySet
from voiceloop.server.core.models.unit import SharedQuerySet


class AnticipationRuleQuerySet(SharedQuerySet):
    def live(self) -> Self:
        return self.filter(archived_at=None)

    def on(self) -> Self:
        return self.live().filter(is_on=True)


class AnticipationRule(Scoped):
    """After what a customer is spoken with unasked. Holds for the customers of its unit and of all below."""

    class Kind(models.TextChoices):
        LATE_ORDER = "late_order", _("An order took much longer than promised")
        BAD_AGAIN = "bad_again", _("Again a late order or a return")
        BROKEN_PROMISE = "broken_promise", _("A promise of ours broke without a word")
        UNHEARD = "unheard", _("A low answer that nobody answered")
        SAME_TOPIC = "same_topic", _("They contacted us about the same topic again")
        RISK_SILENT = "risk_silent", _("Likely to leave, and silent after a problem")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80, blank=True)
    # {"minutes": 20, …}: what `anticipation.kinds` names for the kind; what is missing is as shipped.
    parameters = models.JSONField(default=dict, blank=True)
    # A proposal that nobody decides on ends by itself after so many days.
    keep_days = models.PositiveSmallIntegerField(default=3)
    # The worst first; a list longer than a team can call is no list.
    most_a_day = models.PositiveSmallIntegerField(default=20)
    is_on = models.BooleanField(default=False)
    # What happened before is history, not news.
    switched_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = AnticipationRuleQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "pk"]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name


class AnticipationTrial(models.Model):
    """What a rule would have named in the past, and whether those customers then contacted us."""

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting to start")
        RUNNING = "running", _("Counting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    rule = models.ForeignKey(AnticipationRule, models.CASCADE, related_name="trials")
    days = models.PositiveSmallIntegerField(default=90)
    by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=now)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Of what decides who is named: a trial of another digest is an old one.
    digest = models.CharField(max_length=64, blank=True)
    result = models.JSONField(default=dict, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["rule", "-id"], name="anticipation_trial_newest")]

    def __str__(self) -> str:
        return f"{self.rule} {self.days} d"


class OutreachProposalQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        """To be decided, whether or not the job that ends them has come by."""
        return self.filter(state="open", expires_at__gt=now())


class OutreachProposal(Scoped):
    """Speak with this customer before they write: once a customer and happening."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("proposal", "To be decided")
        ACCEPTED = "accepted", pgettext_lazy("proposal", "Accepted")
        DISMISSED = "dismissed", pgettext_lazy("proposal", "Dismissed")
        EXPIRED = "expired", pgettext_lazy("proposal", "Expired")
        OVERTAKEN = "overtaken", pgettext_lazy("proposal", "Overtaken")

    class Reason(models.TextChoices):
        NOT_NEEDED = "not_needed", _("No talk is needed")
        ALREADY_DONE = "already_done", _("Somebody has spoken with them already")
        WRONG_FACTS = "wrong_facts", _("It did not happen like this")
        NOT_WANTED = "not_wanted", _("They do not want to be called")
        NO_TIME = "no_time", _("Nobody has the time")
        OTHER = "other", pgettext_lazy("proposal", "Another reason")

    rule = models.ForeignKey(AnticipationRule, models.CASCADE, related_name="proposals")
    customer = models.ForeignKey(
        "collect.Customer", models.CASCADE, related_name="outreach_proposals", db_index=False
    )
    # What happened, as "order:12": two rules that see the same thing propose once.
    happening = models.CharField(max_length=64)
    happened_at = models.DateTimeField()
    facts = models.JSONField(default=dict, blank=True)
    proposed_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("core.User", models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True)
    note = models.CharField(max_length=300, blank=True)
    case = models.OneToOneField(
        "act.Case", models.SET_NULL, null=True, blank=True, related_name="outreach_proposal"
    )

    objects = OutreachProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "happening"], name="proposed_once_a_happening"),
            models.UniqueConstraint(
                fields=["customer"], condition=Q(state="open"), name="one_open_proposal_a_customer"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "-proposed_at"], name="proposal_open", condition=Q(state="open")),
            models.Index(fields=["state", "decided_at"], name="proposal_decided"),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def sentence(self) -> str:
        """Why, in one sentence of the reader's language."""
        from voiceloop.server.act.anticipation import kinds

        return kinds.of(self.rule.kind).said(self.facts)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN and self.expires_at > now()

    @property
    def is_restorable(self) -> bool:
        """Whether its dismissal can still be taken back."""
        return self.state == self.State.DISMISSED and self.expires_at > now()

    @property
    def shown_state(self) -> Any:
        """Expired from the moment on, not from the job's next round."""
        is_over = self.state == self.State.OPEN and not self.is_open
        return self.State.EXPIRED.label if is_over else self.get_state_display()
